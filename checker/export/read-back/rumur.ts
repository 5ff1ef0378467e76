import { REST } from '../murphi/murphi.js'
import type { Program } from '../program.js'
import type { ControlPoint, ReadBack } from './control-point.js'

/** A rule that fired, with its parameters as text. */
export interface Fired {
  readonly rule: string
  readonly parameters: ReadonlyMap<string, string>
}

/**
 * The rules of a trace as Rumur writes it, for machines or for people:
 *
 *     <transition>Rule &quot;vcpu 12&quot;<parameter name="self">0</parameter></transition>
 *     Rule "vcpu 12", self: 0 fired.
 *
 * Of a text with several traces it is the first; null where it has no start state and so is no trace.
 */
export function rulesOf(trace: string): readonly Fired[] | null {
  const [first = ''] = trace.split(/<\/error>|^End of the error trace/m)
  const lines = [...first.matchAll(/^(?:<transition>)?(Startstate|Rule) (.*)$/gm)]
  if (lines[0]?.[1] !== 'Startstate') return null
  return lines.slice(1).map(([, , rest = '']) => {
    const text = rest.replaceAll('&quot;', '"')
    const pairs = [...text.matchAll(/<parameter name="(\w+)">([^<]*)<|, (\w+): (-?\w+)/g)]
    return {
      rule: /^"([^"]*)"/.exec(text)?.[1] ?? text,
      parameters: new Map(
        pairs.map(([, tag, inTag, name, value]) => [tag ?? name ?? '', inTag ?? value ?? '']),
      ),
    }
  })
}

/** How many steps of the model a trace has. */
export const stepsOf = (rules: readonly Fired[]): number =>
  rules.filter(({ rule }) => rule !== REST).length

/** Who moved from where, in the trace of an exported text. */
export function readRumur(trace: string, program: Program): ReadBack {
  const rules = rulesOf(trace)
  if (rules === null) return refused('this is no trace of Rumur: it has no start state')
  const points: ControlPoint[] = []
  for (const [index, { rule, parameters }] of rules.entries()) {
    if (rule === REST) continue
    const head = `rule ${index + 1}:`
    const action = program.actions.find(({ name }) => name === rule)
    const code = action && program.codes[action.code]
    if (action === undefined || code === undefined) {
      return refused(`${head} the model has no step "${rule}"`)
    }
    const process = Number(parameters.get('self') ?? code.first)
    if (!(process >= code.first && process <= code.last)) {
      return refused(`${head} "${rule}" is not a step of process ${parameters.get('self')}`)
    }
    points.push({ process, at: action.location })
  }
  return { points, refusal: null }
}

const refused = (refusal: string): ReadBack => ({ points: null, refusal })
