import type { Trace } from '../../trace/trace.js'
import { headline } from '../headline.js'
import { contextText } from '../part-text.js'
import type { Shown } from './finding.js'
import { counts } from './perfetto-counts.js'
import { named, RUNS, type TraceEvent } from './perfetto-event.js'
import { holds } from './perfetto-holds.js'
import { opSlices, stepSlices, waitSlices } from './perfetto-slices.js'

/**
 * The run on a time line, as Chrome trace events (JSON object format): step N lasts from N-1 to N microseconds. A track
 * for each process has its ops and steps, and the times it waits; one for each lock and holder says how long it was
 * held, one for each bit how long it was set; counters follow the numbers that change.
 */
export function perfetto({ run, row, file }: Shown): string {
  const { trace, token } = run
  const { system } = trace
  const movers = [...system.processes.keys()].filter((process) =>
    [...trace.steps, ...trace.loop].some((step) => step.process === process),
  )
  const events: TraceEvent[] = [
    ...named('process_name', RUNS, 0, system.name),
    ...movers.flatMap((process) =>
      named('thread_name', RUNS, process + 1, contextText(system, process)),
    ),
    ...movers.flatMap((process) => [
      ...opSlices(trace, process),
      ...stepSlices(trace, process),
      ...waitSlices(trace, process),
    ]),
    ...holds(trace),
    ...counts(trace),
    ...marks(trace),
  ]
  const about = {
    model: system.name,
    row,
    file,
    kind: trace.kind,
    message: trace.trap.message,
    token,
  }
  const rows = events.map((event) => `    ${JSON.stringify(event)}`).join(',\n')
  const head = JSON.stringify({ displayTimeUnit: 'ns', otherData: about }, null, 2).slice(0, -2)
  return `${head},\n  "traceEvents": [\n${rows}\n  ]\n}\n`
}

function marks(trace: Trace): TraceEvent[] {
  const at = trace.steps.length
  const mark = (name: string, args?: object): TraceEvent => {
    const { process } = trace.trap
    const tid = process === null ? 0 : process + 1
    return {
      ph: 'i',
      name,
      pid: RUNS,
      tid,
      ts: at,
      s: 'g',
      ...(args === undefined ? {} : { args }),
    }
  }
  const loop = trace.loop.length === 0 ? [] : [mark('from here on for ever')]
  return [mark(headline(trace), { message: trace.trap.message }), ...loop]
}
