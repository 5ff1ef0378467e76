import { lockPlaces, type TransitionSystem, type Wait } from '../../../spec/index.js'
import { processName } from '../../trace/changes.js'
import { holdings } from '../../trace/holdings.js'
import type { Trace } from '../../trace/trace.js'
import { isInterruption, isLostRest } from '../headline.js'
import { ownerCycle } from '../reports/blocked.js'
import { sinceText } from '../reports/words.js'
import { ALARM, edge, INK, node } from './dot-text.js'
import { stepName } from './step-name.js'

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
    lines.push(node(id, { label: labelOf(system, wait), shape: 'ellipse' }))
  for (const wait of trace.waits) {
    const color = inkOf(wait)
    const label = `waits in\n${stepName(system, wait.site)}`
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
const placeId = ({ what, place }: Wait): string => `w ${what} ${place}`

/** `mutex b`, the condition of an `await`, the end of a handler. */
function labelOf(system: TransitionSystem, wait: Wait): string {
  const { what, place } = wait
  if (isInterruption(wait)) return `the end of ${place}`
  const which = lockPlaces(system).find(({ name }) => name === place)?.which
  if (which !== undefined) return `${which} ${place}`
  return what === 'condition' ? place.replace(/;$/, '') : `${what} ${place}`.trim()
}
