import type { HeldLock, Threat, TransitionSystem } from '../../../spec/index.js'
import { processName } from '../../trace/changes.js'
import type { Trace } from '../../trace/trace.js'
import { WIDTH, wrap } from '../wrap.js'
import {
  type Edge,
  edgesOf,
  heldAt,
  isInterrupted,
  nameOf,
  standsLines,
  takes,
  textOf,
} from './edges.js'
import { irqOrder } from './irq-order.js'
import { heldLines, scenario, siteText, stackLines, whoText } from './words.js'

/** lockdep's reports of lock orders (kernel/locking/lockdep.c), and whether the deadlock they warn of is reachable. */
export function lockOrderReport(trace: Trace): string[] | null {
  const edges = edgesOf(trace.trap.involved ?? [])
  const { threat } = trace.trap
  const shown = edges.findIndex((edge) => isShown(trace, edge))
  const [first] = edges
  if (first === undefined || threat === undefined || shown < 0) return null
  // The run ends in the last of the orders: that is the one lockdep would complain about.
  const circle = [...edges.slice(shown), ...edges.slice(0, shown)]
  const told =
    edges.length === 1
      ? inconsistent(trace, first)
      : (irqOrder(trace, circle) ?? circular(trace, circle))
  const { process } = trace.trap
  const held = process === null ? [] : heldLines(trace, process)
  return [...told, '', ...starLines(threat), ...held, '', ...threatLines(threat)]
}

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
    ...chainOf([shown.wanted, ...others.map((edge) => edge.wanted)]),
    ' Possible unsafe locking scenario:',
    '',
    ...scenario(rowsOf(system, circle)),
  ]
}

/** print_circular_lock_scenario: between two locks there is nothing to add. */
function chainOf(locks: readonly HeldLock[]): string[] {
  if (locks.length === 2) return []
  return ['Chain exists of:', ...wrap(`  ${locks.map(nameOf).join(' --> ')}`, WIDTH, 4), '']
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

/** print_usage_bug: a lock that a handler takes is held where the handler may come. */
function inconsistent(trace: Trace, edge: Edge): string[] {
  const { system } = trace
  const { holder, taker, held, wanted } = edge
  const context = system.processes[taker.process]?.context === 'softirq' ? 'SOFTIRQ' : 'HARDIRQ'
  const letter = (lock: HeldLock) => (lock.mode === 'read' ? 'R' : 'W')
  const on = `{${context}-ON-${letter(held)}}`
  const name = processName(system, taker.process)
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
    ...standsLines(system, holder, held, context),
    '',
    'other info that might help us debug this:',
    ' Possible unsafe locking scenario:',
    '',
    ...scenario([
      [0, takes(system, held)],
      [0, '<Interrupt>'],
      [0, `  ${takes(system, wanted)}`],
    ]),
  ]
}

const WORDS: Readonly<Record<Threat['deadlock'], (depth: number | null) => string>> = {
  reachable: (depth) => `Deadlock reachable in this model: yes, in ${depth} steps.`,
  impossible: () =>
    'Deadlock reachable in this model: no, every interleaving was explored. An order violation only.',
  unseen: () =>
    'Deadlock reachable in this model: not met; runs ended in other violations before they came there.',
  unknown: () => 'Deadlock reachable in this model: not met so far; not everything was explored.',
}

const starLines = ({ deadlock }: Threat): string[] =>
  deadlock === 'reachable' ? [' *** DEADLOCK ***', ''] : []

/** What lockdep cannot know. */
const threatLines = ({ deadlock, depth }: Threat): string[] => wrap(WORDS[deadlock](depth), WIDTH)
