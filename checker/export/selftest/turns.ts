import type { Call, TransitionSystem } from '../../../spec/index.js'
import { executedIn } from '../../trace/inside.js'
import { sourceText } from '../../trace/place.js'
import type { Trace, TraceStep } from '../../trace/trace.js'
import type { ActionName } from './actions.js'
import { reachable } from './reachable.js'

/** One call from user space: the steps of a trace from a reachable kernel function up to the return from it. */
export interface Entry {
  readonly process: number
  readonly call: Call
  /** `virt/kvm/guest_memfd.c:kvm_gmem_fault`. */
  readonly annotation: string
  readonly action: ActionName
  /** The call as the model writes it. */
  readonly text: string
  readonly steps: readonly TraceStep[]
}

/** The calls from user space of a trace, in the order in which they begin. */
export function entriesOf(trace: Trace): readonly Entry[] {
  const { system } = trace
  const found: (Entry & { readonly steps: TraceStep[] })[] = []
  const last = new Map<number, { readonly entry: Call; readonly step: TraceStep }>()
  for (const step of trace.steps) {
    const call = entryCall(step.site.call)
    if (call === null) continue
    const { process } = step
    const before = last.get(process)
    last.set(process, { entry: call, step })
    const isNew = before?.entry !== call || entersAgain(system, before.step, call)
    const open = isNew ? undefined : found.findLast((entry) => entry.process === process)
    if (open !== undefined) {
      open.steps.push(step)
      continue
    }
    const annotation = call.annotation ?? ''
    const action = reachable[annotation]
    if (action === undefined) continue
    const text = sourceText(system, call.span)
    found.push({ process, call, annotation, action, text, steps: [step] })
  }
  return found
}

/** The outermost op around a step that user space can get into. */
function entryCall(call: Call): Call | null {
  const outer = call.parent === null ? null : entryCall(call.parent)
  if (outer !== null) return outer
  return call.annotation !== null && Object.hasOwn(reachable, call.annotation) ? call : null
}

/** Behind a step, what follows it at once has gone into the same call once more: a loop. */
const entersAgain = (system: TransitionSystem, step: TraceStep, call: Call): boolean =>
  executedIn(system, step).some((each) => each.kind === 'enter' && each.call === call)

const firstOf = ({ steps }: Entry): number => steps[0]?.index ?? 0
const lastOf = ({ steps }: Entry): number => steps.at(-1)?.index ?? 0

/** What the test waits for before it makes a call: numbers of entries of other processes. */
interface Gate {
  /** Over in the trace before this one begins: waited for until they return. */
  readonly ended: readonly number[]
  /** Under way then: once they have begun, the rest is a matter of time. */
  readonly begun: readonly number[]
}

export function gateOf(entries: readonly Entry[], entry: Entry): Gate {
  const others = entries
    .map((other, number) => ({ other, number }))
    .filter(({ other }) => other.process !== entry.process && firstOf(other) < firstOf(entry))
  const isOver = ({ other }: { readonly other: Entry }) => lastOf(other) < firstOf(entry)
  return {
    ended: others.filter(isOver).map(({ number }) => number),
    begun: others.filter((each) => !isOver(each)).map(({ number }) => number),
  }
}

/** The steps of a call after which another process moves, and the call goes on later: nothing in user space holds it there. */
export function windowsOf(trace: Trace, entry: Entry): readonly TraceStep[] {
  return entry.steps.filter((step) => {
    const next = trace.steps[step.index]
    return step.index < lastOf(entry) && next !== undefined && next.process !== entry.process
  })
}

/** `1-7, 10`. */
export function rangesText(indexes: readonly number[]): string {
  const ranges: { from: number; to: number }[] = []
  for (const index of indexes) {
    const range = ranges.at(-1)
    if (range?.to === index - 1) range.to = index
    else ranges.push({ from: index, to: index })
  }
  return ranges.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)).join(', ')
}
