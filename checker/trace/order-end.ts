import {
  type Interpreter,
  processName,
  type Site,
  type State,
  type Trap,
} from '../../spec/index.js'
import { sourcePlace } from './place.js'
import type { SourcePlace } from './trace.js'

/** The kind that several runs make together: a single one shows one of its lock orders. */
export const orderKind = 'lock-inversion'

/** A lock order that a state shows: who, where, and in words. */
interface ShownOrder {
  readonly process: number
  readonly site: Site
  readonly text: string
}

/**
 * The report of a run that shows one order of a circle: a process comes to wait for a lock under another, or holds one
 * where a handler may come. Null when the state shows none at `at`; with `at` null, the order of the process that
 * moved last, without whose step there would be none.
 */
export function orderTrap(
  interpreter: Interpreter,
  state: State,
  at: SourcePlace | null,
  last: number | null,
): Trap | null {
  const found = ordersIn(interpreter, state).find(({ process, site }) => {
    if (at === null) return process === last
    const place = sourcePlace(interpreter.system, site.span)
    return place.file === at.file && place.line === at.line && place.column === at.column
  })
  if (found === undefined) return null
  const { process, site, text } = found
  const message = `${text}: one order of several that cannot all be kept`
  return { kind: orderKind, message, at: site.span, site: null, process, operands: [] }
}

function ordersIn(interpreter: Interpreter, state: State): readonly ShownOrder[] {
  const { system } = interpreter
  const taking = system.processes.flatMap((instance, process): readonly ShownOrder[] => {
    const order = interpreter.acquisition(state, process)
    // A handler's first lock comes after what it interrupts.
    if (order === null || (order.held.length === 0 && instance.on === null)) return []
    const under = order.held.map((lock) => lock.name).join(', ')
    const text = `${processName(process, system)} takes ${order.wanted.name}${under === '' ? '' : ` under ${under}`}`
    return [{ process, site: order.site, text }]
  })
  const exposed = interpreter.exposures(state).flatMap((exposure): readonly ShownOrder[] => {
    const { process, handler, lock } = exposure
    const code = system.codes[system.processes[process]?.code ?? -1]
    const site = code?.instructions[state.processes[process]?.at ?? -1]?.site
    const holder = processName(process, system)
    const text = `${holder} holds ${lock.name} where ${processName(handler, system)} may interrupt it`
    return site === undefined ? [] : [{ process, site, text }]
  })
  return [...taking, ...exposed]
}
