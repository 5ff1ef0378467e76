import { differences, lookUp, processName, valueText } from '../trace/changes.js'
import { sourcePlace, sourceText } from '../trace/place.js'
import type { Trace } from '../trace/trace.js'
import { type Naming, shortPlace } from './change-text.js'

/** At most this many values say what was wrong; more would hide it. */
const VALUES_MAX = 6

/** What stands behind `***`: the values the violating step read, counts of the same object with them. */
export function starText(trace: Trace, naming: Naming): string {
  const shown = new Map<string, string>()
  const scalar = trace.operands.filter(
    (operand) => !operand.value.startsWith('{') && operand.path.at(-1) !== 'alive',
  )
  // Numbers say more than the flags that were looked at on the way.
  const numbers = scalar.filter((operand) => isNumber(operand.value))
  for (const operand of numbers.length > 0 ? numbers : scalar) {
    shown.set(shortPlace(operand, naming), operand.value)
  }
  for (const { object, name, value } of relatedCounts(trace)) {
    const place = shortPlace({ object, name }, naming)
    if (!shown.has(place)) shown.set(place, value)
  }
  for (const { name, value } of localsSaid(trace)) if (!shown.has(name)) shown.set(name, value)
  if (shown.size === 0) return [trace.trap.message, ...endsOfLife(trace)].join(' ')
  const values = [...shown].slice(0, VALUES_MAX).map(([place, value]) => `${place} ${value}`)
  return [...ownWords(trace), ...values].join(', ')
}

/** What the semantics says of this very step, where the headline of its kind says something else. */
function ownWords({ trap, headline }: Trace): string[] {
  const said = trap.message === headline || trap.message.startsWith(headline)
  return said || !trap.message.startsWith('refcount_t') ? [] : [trap.message]
}

/** Who freed what the step has used, or allocated it anew. */
function endsOfLife(trace: Trace): string[] {
  return trace.operands
    .filter((operand) => operand.path.at(-1) === 'alive')
    .map(({ name, value }) => {
      const freed = trace.steps.findLast((step) =>
        step.changes.some((change) => change.name === name && change.after === 'free'),
      )
      if (freed === undefined) return `(${name} is ${value})`
      const { line } = sourcePlace(trace.system, freed.site.span)
      const who = processName(trace.system, freed.process)
      return `(freed by ${who}, line ${line})`
    })
}

/** Locals that the failing condition names: what `choose` or an earlier read has put there. */
function localsSaid({
  system,
  trap,
  end,
}: Trace): { readonly name: string; readonly value: string }[] {
  const { site, process } = trap
  if (site === null || process === null) return []
  const text = sourceText(system, site.statement)
  if (!/^(?:assert|BUG_ON|WARN_ON)\b/.test(text)) return []
  const here = end.processes[process]
  const code = system.codes[system.processes[process]?.code ?? 0]
  const words = new Set(text.match(/(?<![\w.>])[A-Za-z_]\w*/g) ?? [])
  return (code?.kept[here?.at ?? 0] ?? [])
    .filter((slot) => words.has(slot.name) && !slot.temporary)
    .map((slot) => ({
      name: slot.name,
      value: valueText(system, slot.type, here?.locals[slot.index] ?? null),
    }))
}

const isNumber = (text: string): boolean => /^-?\d+$/.test(text)

/** Numbers of the objects the step read that the run has changed: the reference count beside the mapcount. */
function relatedCounts(
  trace: Trace,
): { readonly object: string | null; readonly name: string; readonly value: string }[] {
  const objects = new Set(trace.operands.map((operand) => operand.object))
  objects.delete(null)
  const all = [...trace.steps.flatMap((step) => step.changes)]
  const changed = [...differences(trace.system, trace.initial.state, trace.end), ...all]
  const found = new Map<string, { object: string | null; name: string; value: string }>()
  for (const change of changed) {
    if (change.kind !== 'value' || !objects.has(change.object)) continue
    const now = lookUp(trace.system, trace.end, change.path)
    if (now !== null && isNumber(now.value)) found.set(`${now.object} ${now.name}`, now)
  }
  return [...found.values()]
}
