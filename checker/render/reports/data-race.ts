import type { Involved } from '../../../spec/index.js'
import { processName } from '../../trace/changes.js'
import { holdings } from '../../trace/holdings.js'
import type { Trace } from '../../trace/trace.js'
import { heldLines, stackLines, whoText } from './words.js'

/** Two stacks, as kernel/kcsan/report.c prints them: the write first, and what it is about to change. */
export function dataRaceReport(trace: Trace): string[] {
  const { system, raced } = trace
  const involved = [...(trace.trap.involved ?? [])].sort(
    (one, other) => Number(isWrite(other)) - Number(isWrite(one)),
  )
  const [one, other] = involved.map(
    ({ site, process }) => site.call.op ?? processName(system, process),
  )
  // The order of the names does not depend on who came first: that is what a report is searched for by.
  const names = [one ?? '', other ?? ''].sort()
  const value = raced !== null && raced.before !== raced.after
  return [
    `BUG: data-race in ${names.join(' / ')}`,
    ...involved.flatMap((access) => ['', ...accessLines(trace, access)]),
    '',
    ...(value ? [`value changed: ${raced.before} -> ${raced.after}`] : []),
    commonText(trace, involved),
  ]
}

function accessLines(trace: Trace, { process, site, what }: Involved): string[] {
  const { system, raced } = trace
  const marked = what.startsWith('marked ')
  const kind = marked ? `${what.slice('marked '.length)} (marked)` : what
  return [
    `${kind} to ${raced?.place ?? '?'} by ${whoText(system, process)}:`,
    ...stackLines(system, site, process),
    ...heldLines(trace, process),
  ]
}

const isWrite = ({ what }: Involved): boolean => what.endsWith('write')

/** Why nothing kept them apart. */
function commonText(trace: Trace, involved: readonly Involved[]): string {
  const held = involved.map(({ process }) => holdings(trace, process))
  const [first = [], ...others] = held
  const common = first.filter(({ place }) =>
    others.every((other) => other.some((each) => each.place === place)),
  )
  if (common.length === 0) return 'no lock is held by both.'
  return `held by both, but for reading: ${common.map(({ name }) => name).join(', ')}.`
}
