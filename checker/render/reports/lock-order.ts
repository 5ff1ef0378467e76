import {
  type HeldLock,
  type Involved,
  lockPlaces,
  type Threat,
  type TransitionSystem,
} from '../../../spec/index.js'
import { processName } from '../../trace/changes.js'
import { holdings } from '../../trace/holdings.js'
import type { Trace } from '../../trace/trace.js'
import { WIDTH, wrap } from '../wrap.js'
import { heldLines, lockText, scenario, sinceText, siteText, stackLines, whoText } from './words.js'

/** One order of a circle: under `held`, `taker` comes to take `wanted`; in a handler what is held is the interrupted one's. */
interface Edge {
  readonly holder: Involved
  readonly held: HeldLock
  readonly taker: Involved
  readonly wanted: HeldLock
}

/** lockdep's reports of lock orders (kernel/locking/lockdep.c), and whether the deadlock they warn of is reachable. */
export function lockOrderReport(trace: Trace): string[] | null {
  const edges = edgesOf(trace.trap.involved ?? [])
  const { threat } = trace.trap
  const shown = edges.findIndex((edge) => isShown(trace, edge))
  const [first] = edges
  if (first === undefined || threat === undefined || shown < 0) return null
  if (edges.length === 1) return [...inconsistent(trace, first), '', ...threatLines(threat)]
  // The run ends in the last of the orders: that is the one lockdep would complain about.
  const circle = [...edges.slice(shown), ...edges.slice(0, shown)]
  return [...circular(trace, circle), '', ...threatLines(threat)]
}

function edgesOf(involved: readonly Involved[]): Edge[] {
  const edges: Edge[] = []
  let holder: Involved | null = null
  for (const each of involved) {
    if (each.wanted === undefined) {
      holder = each
      continue
    }
    const from: Involved = holder ?? each
    if (from.held !== undefined) {
      edges.push({ holder: from, held: from.held, taker: each, wanted: each.wanted })
    }
    holder = null
  }
  return edges
}

const isInterrupted = ({ holder, taker }: Edge): boolean => holder !== taker

/** The order that the last state of the run shows. */
function isShown({ trap }: Trace, { holder, taker }: Edge): boolean {
  return [holder, taker].some(
    ({ process, site }) =>
      process === trap.process &&
      site.span.file === trap.at.file &&
      site.span.from === trap.at.from,
  )
}

/** print_circular_bug */
function circular(trace: Trace, circle: readonly Edge[]): string[] {
  const { system } = trace
  const [shown, ...others] = circle
  if (shown === undefined) return []
  const { holder, taker } = shown
  const name = processName(system, taker.process)
  const interrupts = isInterrupted(shown)
    ? `, interrupting ${processName(system, holder.process)},`
    : ''
  const depth = circle.length - 1
  return [
    'WARNING: possible circular locking dependency detected',
    `${name}${interrupts} is trying to acquire lock:`,
    ...wrap(
      ` ${textOf(system, shown.wanted)}, at: ${siteText(system, taker.site, taker.process)}`,
      WIDTH,
      3,
    ),
    '',
    'but task is already holding lock:',
    ...wrap(` ${textOf(system, shown.held)}, at: ${heldAt(trace, shown)}`, WIDTH, 3),
    '',
    'which lock already depends on the new lock.',
    '',
    'the existing dependency chain (in reverse order) is:',
    ...[...others]
      .reverse()
      .flatMap((edge, index) => ['', ...chainLines(trace, edge, depth - index)]),
    '',
    ...chainLines(trace, shown, 0),
    '',
    'other info that might help us debug this:',
    '',
    'Chain exists of:',
    ...wrap(
      `  ${[shown.wanted, ...others.map((edge) => edge.wanted)].map(nameOf).join(' --> ')}`,
      WIDTH,
      4,
    ),
    '',
    ' Possible unsafe locking scenario:',
    '',
    ...scenario(rowsOf(system, circle)),
  ]
}

function chainLines({ system }: Trace, edge: Edge, number: number): string[] {
  const { holder, taker, held, wanted } = edge
  const who = whoText(system, taker.process)
  const under = isInterrupted(edge)
    ? `interrupting ${processName(system, holder.process)}, who holds ${nameOf(held)}`
    : `holding ${nameOf(held)}`
  return [
    `-> #${number} ${textOf(system, wanted)}:`,
    ...stackLines(system, taker.site, taker.process),
    ...wrap(` ${who}, ${under}`, WIDTH, 3),
  ]
}

/** Everybody takes the first lock of his order, then wants the second one; CPU0 is the one the run shows. */
function rowsOf(system: TransitionSystem, circle: readonly Edge[]): (readonly [number, string])[] {
  const first = circle.map(({ held }, cpu) => [cpu, takes(system, held)] as const)
  const then = circle.flatMap((edge, cpu) => {
    const wants = takes(system, edge.wanted)
    const rows = isInterrupted(edge) ? ['<Interrupt>', `  ${wants}`] : [wants]
    return rows.map((text) => [cpu, text] as const)
  })
  return [...first, ...then.filter(([cpu]) => cpu > 0), ...then.filter(([cpu]) => cpu === 0)]
}

/** `lock(a);`, `rlock(sem);`, `sync(srcu);` for a grace period. */
function takes(system: TransitionSystem, lock: HeldLock): string {
  const which = whichOf(system, lock)
  if (which === 'RCU' || which === 'srcu') {
    return `${lock.mode === 'write' ? 'sync' : 'rlock'}(${nameOf(lock)});`
  }
  return `${lock.mode === 'read' ? 'rlock' : 'lock'}(${nameOf(lock)});`
}

/** print_usage_bug: a lock that a handler takes is held where the handler may come. */
function inconsistent(trace: Trace, edge: Edge): string[] {
  const { system } = trace
  const { holder, taker, held, wanted } = edge
  const context = system.processes[taker.process]?.context === 'softirq' ? 'SOFTIRQ' : 'HARDIRQ'
  const letter = (lock: HeldLock) => (lock.mode === 'read' ? 'R' : 'W')
  const on = `{${context}-ON-${letter(held)}}`
  const name = processName(system, taker.process)
  const isHolderShown = trace.trap.process === holder.process
  return [
    'WARNING: inconsistent lock state',
    `inconsistent ${on} -> {IN-${context}-${letter(wanted)}} usage.`,
    `${name} takes:`,
    ...wrap(
      ` ${textOf(system, wanted)}, at: ${siteText(system, taker.site, taker.process)}`,
      WIDTH,
      3,
    ),
    ...stackLines(system, taker.site, taker.process),
    `${on} state was registered at:`,
    ...stackLines(system, holder.site, holder.process),
    ...wrap(
      ` ${whoText(system, holder.process)}, holding ${nameOf(held)} where ${name} may come`,
      WIDTH,
      3,
    ),
    '',
    'other info that might help us debug this:',
    ' Possible unsafe locking scenario:',
    '',
    ...scenario([
      [0, takes(system, held)],
      [0, '<Interrupt>'],
      [0, `  ${takes(system, wanted)}`],
    ]),
    ...(isHolderShown ? ['', ...heldLines(trace, holder.process)] : []),
  ]
}

/** Where the shown run took the lock it holds; of an interrupted process, where it stands. */
function heldAt(trace: Trace, { holder, held }: Edge): string {
  const { system } = trace
  const found = holdings(trace, holder.process).find((each) => each.place === held.name)
  if (found !== undefined) return sinceText(system, found.since)
  return siteText(system, holder.site, holder.process)
}

const WORDS: Readonly<Record<Threat['deadlock'], (depth: number | null) => string>> = {
  reachable: (depth) => `Deadlock reachable in this model: yes, in ${depth} steps.`,
  impossible: () =>
    'Deadlock reachable in this model: no, every interleaving was explored. An order violation only.',
  unseen: () =>
    'Deadlock reachable in this model: not met; runs ended in other violations before they came there.',
  unknown: () => 'Deadlock reachable in this model: not met so far; not everything was explored.',
}

/** What lockdep cannot know. */
function threatLines({ deadlock, depth }: Threat): string[] {
  const stars = deadlock === 'reachable' ? [' *** DEADLOCK ***', ''] : []
  return [...stars, ...wrap(WORDS[deadlock](depth), WIDTH)]
}

/** lockdep's name for an RCU read section is that of the primitive. */
const nameOf = ({ name }: HeldLock): string => (name === 'RCU' ? 'rcu_read_lock' : name)

const whichOf = (system: TransitionSystem, { name }: HeldLock) =>
  lockPlaces(system).find((place) => place.name === name)?.which ?? 'RCU'

const textOf = (system: TransitionSystem, lock: HeldLock): string =>
  lockText({ name: nameOf(lock), which: whichOf(system, lock), mode: lock.mode })
