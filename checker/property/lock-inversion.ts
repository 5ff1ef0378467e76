import {
  type Involved,
  processName,
  type Threat,
  type TransitionSystem,
  type Trap,
} from '../../spec/index.js'
import { linePlace } from './line-place.js'
import type { LockCycle } from './lock-cycles.js'
import { isLater, type LockEdge, type Witness, witness } from './lock-edge.js'

/** What a search knows about the deadlock that a circle of lock orders threatens with: lockdep can only guess. */
const threats: Readonly<Record<Threat['deadlock'], string>> = {
  reachable: 'the deadlock itself is reachable in this model',
  impossible: 'order violation only: no deadlock is reachable in this model',
  unseen: 'the deadlock was not met, but runs ended in other violations before',
  unknown: 'the deadlock was not met, but not everything was explored',
}

/** The names of a circle's locks, each once, from its first on. */
export const cycleLocks = (cycle: LockCycle): readonly string[] =>
  cycle.map((edge) => edge.from.name)

/** The last thing the search had to see: the state that the run of the report leads to shows it. */
export const lastWitness = (cycle: LockCycle): Witness =>
  cycle.map(witness).reduce((last, each) => (isLater(each, last) ? each : last))

/** `a -> b (t1, x.gmem:3), b -> a (t2, x.gmem:4); order violation only: …`. */
export function inversionTrap(system: TransitionSystem, cycle: LockCycle, threat: Threat): Trap {
  const shown = lastWitness(cycle)
  const [first] = cycle
  const chain =
    cycle.length === 1 && first !== undefined
      ? inconsistentText(system, first)
      : cycle.map((edge) => edgeText(system, edge)).join(', ')
  return {
    kind: 'lock-inversion',
    message: `${chain}; ${threats[threat.deadlock]}`,
    at: shown.site.span,
    // The run leads to the last of several states that are wrong together only.
    site: null,
    process: shown.process,
    operands: [],
    involved: cycle.flatMap((edge) => involvedIn(system, edge)),
    threat,
  }
}

function edgeText(system: TransitionSystem, { from, to, order, exposed }: LockEdge): string {
  const name = processName(order.process, system)
  const who = exposed ? `${name} interrupting ${processName(exposed.process, system)}` : name
  return `${from.name} -> ${to.name} (${who}, ${linePlace(system, order.site.span)})`
}

function inconsistentText(system: TransitionSystem, { to, order, exposed }: LockEdge): string {
  const handler = processName(order.process, system)
  const holder = processName(exposed?.process ?? -1, system)
  const place = linePlace(system, order.site.span)
  return `inconsistent lock state: ${holder} holds ${to.name} where ${handler} may interrupt it, and ${handler} takes it (${place})`
}

function involvedIn(system: TransitionSystem, edge: LockEdge): readonly Involved[] {
  const { from, to, order, exposed } = edge
  const mode = (lock: typeof to) => (lock.mode === 'read' ? ' for reading' : '')
  const takes = `takes ${to.name}${mode(to)}`
  const holds = `holds ${from.name}${mode(from)}`
  const { process, site } = order
  if (exposed === null)
    return [{ process, site, what: `${holds}, ${takes}`, held: from, wanted: to }]
  const handler = processName(process, system)
  return [
    {
      process: exposed.process,
      site: exposed.site,
      what: `${holds} where ${handler} may come`,
      held: from,
    },
    { process, site, what: takes, wanted: to },
  ]
}
