import { fullPlace } from '../../trace/format.js'
import type { Trace } from '../../trace/trace.js'
import { COUNTS, named, type TraceEvent } from './perfetto-event.js'

/** A counter for each number that the run changes, from its first value on. */
export function counts(trace: Trace): TraceEvent[] {
  const found = new Map<string, TraceEvent[]>()
  for (const step of [...trace.steps, ...trace.loop]) {
    for (const change of step.changes) {
      if (change.kind !== 'value' || !isNumber(change.before) || !isNumber(change.after)) continue
      const name = fullPlace(change)
      const counter = found.get(name) ?? [count(name, 0, change.before)]
      counter.push(count(name, step.index, change.after))
      found.set(name, counter)
    }
  }
  if (found.size === 0) return []
  return [...named('process_name', COUNTS, 0, 'counts'), ...[...found.values()].flat()]
}

const isNumber = (text: string): boolean => /^-?\d+$/.test(text)

const count = (name: string, ts: number, value: string): TraceEvent => ({
  ...{ ph: 'C', name, pid: COUNTS, tid: 0, ts },
  args: { value: Number(value) },
})
