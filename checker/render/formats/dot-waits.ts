import type { Wait } from '../../../spec/index.js'
import { processName } from '../../trace/changes.js'
import { holdings } from '../../trace/holdings.js'
import type { Trace } from '../../trace/trace.js'
import { isInterruption, isLostRest } from '../headline.js'
import { ownerCycle } from '../reports/blocked.js'
import { sinceText, stepText } from '../reports/words.js'
import { ALARM, edge, INK, node } from './dot-text.js'

/** Who waits for what at the end of a run that loses rest, and who holds it; the circle of owners in red. */
export function waitGraph(trace: Trace): string[] {
  if (!isLostRest(trace) || trace.waits.length === 0) return []
  const { system } = trace
  const circle = ownerCycle(trace.waits)
  const inkOf = (wait: Wait) => (circle.includes(wait.process) ? ALARM : INK)
  const processes = new Set(trace.waits.flatMap((wait) => [wait.process, ...wait.holders]))
  const lines = [...processes].map((process) => {
    const color = circle.includes(process) ? ALARM : INK
    return node(processId(process), { label: processName(system, process), shape: 'box', color })
  })
  const places = new Map<string, Wait>()
  for (const wait of trace.waits) if (!places.has(placeId(wait))) places.set(placeId(wait), wait)
  for (const [id, wait] of places)
    lines.push(node(id, { label: waitedFor(wait), shape: 'ellipse' }))
  for (const wait of trace.waits) {
    const color = inkOf(wait)
    const label = `waits in\n${stepText(system, wait.site)}`
    lines.push(edge(processId(wait.process), placeId(wait), { label, color, fontcolor: color }))
  }
  for (const [id, { place, holders }] of places) {
    for (const holder of holders) {
      const color = circle.includes(holder) ? ALARM : INK
      const holding = holdings(trace, holder).find((each) => each.place === place)
      const label =
        holding === undefined ? 'has to move' : `held since\n${sinceText(system, holding.since)}`
      lines.push(edge(id, processId(holder), { label, color, fontcolor: color }))
    }
  }
  return lines
}

const processId = (process: number): string => `p${process}`
const placeId = (wait: Wait): string => `w ${waitedFor(wait)}`

function waitedFor(wait: Wait): string {
  if (isInterruption(wait)) return `the end of ${wait.place}`
  return wait.what === 'condition' ? wait.place : `${wait.what} ${wait.place}`.trim()
}
