import type { Interpreter, Site } from '../../../spec/index.js'
import { processName } from '../../trace/changes.js'
import { holdings } from '../../trace/holdings.js'
import type { Trace } from '../../trace/trace.js'
import { isLostRest } from '../headline.js'
import { ownerCycle } from '../reports/blocked.js'
import { edgesOf, isInterrupted } from '../reports/edges.js'
import { placeOf } from '../reports/words.js'
import { ALARM, edge, node, PALE } from './dot-text.js'

/** One lock taken, or wanted, under another. */
interface Order {
  readonly held: string
  readonly wanted: string
  readonly process: number
  readonly site: Site
  /** Whom the taker interrupts, who holds; null where they are one process. */
  readonly holder: number | null
  readonly inCircle: boolean
}

/**
 * Which lock is taken under which: the circle that a report of lock orders is about, or that a deadlock has closed, in
 * red; the other orders that the states of the run show beside it. Empty where no circle is what is wrong.
 */
export function lockOrderGraph(interpreter: Interpreter, trace: Trace): string[] {
  const circle = trace.kind === 'lock-inversion' ? reported(trace) : closed(trace)
  if (circle.length === 0) return []
  const { system } = trace
  const orders = new Map<string, Order>()
  for (const order of [...circle, ...shown(interpreter, trace)]) {
    const { held, wanted, process, site } = order
    const key = [held, wanted, process, site.span.file, site.span.from].join('\0')
    if (!orders.has(key)) orders.set(key, order)
  }
  const lines: string[] = []
  const locks = new Set([...orders.values()].flatMap(({ held, wanted }) => [held, wanted]))
  for (const lock of locks) lines.push(node(`l ${lock}`, { label: lock, shape: 'ellipse' }))
  for (const { held, wanted, process, site, holder, inCircle } of orders.values()) {
    const over = holder === null ? '' : `\ninterrupting ${processName(system, holder)}`
    const label = `${processName(system, process)}, ${placeOf(system, site.span)}${over}`
    const color = inCircle ? ALARM : PALE
    lines.push(edge(`l ${held}`, `l ${wanted}`, { label, color, fontcolor: color }))
  }
  return lines
}

function reported({ trap }: Trace): Order[] {
  return edgesOf(trap.involved ?? []).map((each) => {
    const { holder, taker, held, wanted } = each
    const { process, site } = taker
    const over = isInterrupted(each) ? holder.process : null
    return { held: held.name, wanted: wanted.name, process, site, holder: over, inCircle: true }
  })
}

/** The orders of those that wait for one another at the end: each holds what the one before it wants. */
function closed(trace: Trace): Order[] {
  if (!isLostRest(trace)) return []
  const circle = ownerCycle(trace.waits)
  const waits = circle.map((process) => trace.waits.find((wait) => wait.process === process))
  return circle.flatMap((process, at): Order[] => {
    const wait = waits[at]
    const held = waits.at(at - 1)?.place
    // A queued writer is waited for, and holds nothing.
    const holds = holdings(trace, process).some(({ place }) => place === held)
    if (wait === undefined || held === undefined || !holds) return []
    const { place: wanted, site } = wait
    return [{ held, wanted, process, site, holder: null, inCircle: true }]
  })
}

/** All orders that the states of the run show. */
const shown = (interpreter: Interpreter, { initial, steps }: Trace): Order[] =>
  [initial.state, ...steps.map((step) => step.after)].flatMap((state) =>
    ordersIn(interpreter, state),
  )

function ordersIn(interpreter: Interpreter, state: Trace['end']): Order[] {
  return [...interpreter.system.processes.keys()].flatMap((process) => {
    const found = interpreter.acquisition(state, process)
    if (found === null) return []
    const { wanted, site } = found
    return found.held.map(({ name }) => {
      return { held: name, wanted: wanted.name, process, site, holder: null, inCircle: false }
    })
  })
}
