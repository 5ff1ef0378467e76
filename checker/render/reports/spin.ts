import { processName } from '../../trace/changes.js'
import type { Trace } from '../../trace/trace.js'
import { PLACES_AT, placed, placeOf, stepText } from './words.js'

/** At most this many places of a loop are listed; the columns have it whole. */
const PLACES_MAX = 8

/** Who goes round where, in the terminal loop of a run. */
export function spinReport(trace: Trace): string[] {
  const spinners = [...new Set(trace.loop.map((step) => step.process))].sort((a, b) => a - b)
  return spinners.flatMap((process) => spinLines(trace, process))
}

function spinLines(trace: Trace, process: number): string[] {
  const { system } = trace
  const places = new Set(
    trace.loop
      .filter((step) => step.process === process)
      .map(({ site }) => {
        const text = ` ${stepText(system, site)}`
        const op = site.call.op === null ? '' : ` in ${site.call.op}`
        // The place says it as well.
        const shown = text.length + op.length < PLACES_AT ? text + op : text
        return placed(shown, placeOf(system, site.span)).join('\n')
      }),
  )
  const shown = [...places].slice(0, PLACES_MAX).flatMap((each) => each.split('\n'))
  const more = places.size - PLACES_MAX
  return [
    `${processName(system, process)} goes round for ever:`,
    ...shown,
    ...(more > 0 ? [` and ${more} more`] : []),
  ]
}
