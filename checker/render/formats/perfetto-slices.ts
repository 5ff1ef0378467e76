import { fullPlace } from '../../trace/format.js'
import { placeText, sourcePlace } from '../../trace/place.js'
import type { Trace, TraceStep } from '../../trace/trace.js'
import { type CallInstance, callTree } from '../call-tree.js'
import { isInterruption } from '../headline.js'
import { endOf, RUNS, type TraceEvent } from './perfetto-event.js'
import { stepName } from './step-name.js'

const track = (process: number) => ({ pid: RUNS, tid: process + 1 })

/** Each execution of an op, from the beginning of its first step to the end of its last one. */
export function opSlices(trace: Trace, process: number): TraceEvent[] {
  const root = callTree(trace, process)
  return root === null ? [] : callsIn(root).flatMap((call) => opSlice(call, process))
}

const callsIn = (instance: CallInstance): CallInstance[] =>
  instance.statements
    .flatMap((statement) => statement.calls)
    .flatMap((call) => [call, ...callsIn(call)])

function opSlice({ call, statements }: CallInstance, process: number): TraceEvent[] {
  const times = statements.flatMap(({ events }) =>
    events.filter(({ step }) => step !== null).map(({ time }) => time),
  )
  if (times.length === 0) return []
  const from = Math.min(...times) - 1
  const dur = Math.max(...times) - from
  const args = call.annotation === null ? {} : { args: { function: call.annotation } }
  return [{ ph: 'X', cat: 'op', name: call.op ?? '', ...track(process), ts: from, dur, ...args }]
}

export function stepSlices(trace: Trace, process: number): TraceEvent[] {
  const { system } = trace
  return stepsOf(trace, process).map((step) => {
    const changes = step.changes.map((change) => [
      fullPlace(change),
      `${change.before} -> ${change.after}`,
    ])
    const at = placeText(sourcePlace(system, step.site.span))
    const args = { step: step.index, at, ...Object.fromEntries(changes) }
    const name = stepName(system, step.site)
    return { ph: 'X', cat: 'step', name, ...track(process), ts: step.index - 1, dur: 1, args }
  })
}

/** The times between a step after which a process waits and its next one; at the end of the run, for good. */
export function waitSlices(trace: Trace, process: number): TraceEvent[] {
  const steps = stepsOf(trace, process)
  const slices = steps.flatMap((step, at): TraceEvent[] => {
    const next = steps[at + 1]
    if (step.waits === null || isInterruption(step.waits) || next === undefined) return []
    return [waitSlice(process, waitText(step.waits), step.index, next.index - 1)]
  })
  const last = steps.at(-1)
  const wait = trace.waits.find((each) => each.process === process && !isInterruption(each))
  const spins = trace.loop.some((step) => step.process === process)
  if (last === undefined || wait === undefined || spins) return slices
  return [...slices, waitSlice(process, waitText(wait), last.index, endOf(trace))]
}

const waitText = ({ what, place }: { readonly what: string; readonly place: string }): string =>
  what === 'condition' ? `waits: ${place.replace(/;$/, '')}` : `waits: ${what} ${place}`.trim()

const waitSlice = (process: number, name: string, from: number, to: number): TraceEvent => ({
  ...{ ph: 'X', cat: 'wait', name, ...track(process), ts: from, dur: to - from },
})

const stepsOf = ({ steps, loop }: Trace, process: number): readonly TraceStep[] =>
  [...steps, ...loop].filter((step) => step.process === process)
