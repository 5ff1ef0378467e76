import { processName } from '../../trace/changes.js'
import type { Trace } from '../../trace/trace.js'
import { WIDTH, wrap } from '../wrap.js'
import { type Edge, heldAt, isInterrupted, standsLines, takes, textOf } from './edges.js'
import { scenario, siteText, stackLines } from './words.js'

/**
 * A lock that a handler takes, the safe one, comes before one that is held with interrupts on: the interrupt of its
 * holder closes the circle. Null for other circles.
 */
export function irqOrder(trace: Trace, circle: readonly Edge[]): string[] | null {
  const [shown, other, ...more] = circle
  if (shown === undefined || other === undefined || more.length > 0) return null
  if (isInterrupted(shown) === isInterrupted(other)) return null
  const [order, interrupt] = isInterrupted(shown) ? [other, shown] : [shown, other]
  const { system } = trace
  const isSoft = system.processes[interrupt.taker.process]?.context === 'softirq'
  const context = isSoft ? 'SOFTIRQ' : 'HARDIRQ'
  const told =
    shown === order
      ? badOrder(trace, order, interrupt, context)
      : inversion(trace, order, interrupt, context)
  return [
    ...told,
    '',
    'other info that might help us debug this:',
    '',
    ` Possible interrupt ${shown === order ? 'unsafe ' : ''}locking scenario:`,
    '',
    ...scenario([
      [0, takes(system, order.wanted)],
      [1, isSoft ? 'local_bh_disable();' : 'local_irq_disable();'],
      [1, takes(system, order.held)],
      [1, takes(system, order.wanted)],
      [0, '<Interrupt>'],
      [0, `  ${takes(system, order.held)}`],
    ]),
  ]
}

/** print_bad_irq_dependency: the order is what is new. */
function badOrder(trace: Trace, order: Edge, interrupt: Edge, context: string): string[] {
  const { system } = trace
  const { held, wanted, taker } = order
  const name = processName(system, taker.process)
  return [
    `WARNING: ${context}-safe -> ${context}-unsafe lock order detected`,
    `${name} is trying to acquire:`,
    ...wrap(
      ` ${textOf(system, wanted)}, at: ${siteText(system, taker.site, taker.process)}`,
      WIDTH,
      3,
    ),
    '',
    'and this task is already holding:',
    ...wrap(` ${textOf(system, held)}, at: ${heldAt(trace, order)}`, WIDTH, 3),
    'which would create a new lock dependency:',
    ...wrap(` ${textOf(system, held)} -> ${textOf(system, wanted)}`, WIDTH, 3),
    '',
    `but this new dependency connects a ${context}-irq-safe lock:`,
    ` ${textOf(system, interrupt.wanted)}`,
    `... which became ${context}-irq-safe at:`,
    ...stackLines(system, interrupt.taker.site, interrupt.taker.process),
    '',
    `to a ${context}-irq-unsafe lock:`,
    ` ${textOf(system, interrupt.held)}`,
    ...unsafeLines(trace, interrupt, context),
  ]
}

/** print_irq_inversion_bug: the interrupt is what is new. */
function inversion(trace: Trace, order: Edge, interrupt: Edge, context: string): string[] {
  const { system } = trace
  const { taker, wanted, held } = interrupt
  return [
    'WARNING: possible irq lock inversion dependency detected',
    `${processName(system, taker.process)} just changed the state of lock:`,
    ...wrap(
      ` ${textOf(system, wanted)}, at: ${siteText(system, taker.site, taker.process)}`,
      WIDTH,
      3,
    ),
    `but this lock took another, ${context}-unsafe lock in the past:`,
    ` ${textOf(system, held)}, at:`,
    ...stackLines(system, order.taker.site, order.taker.process),
    ...unsafeLines(trace, interrupt, context),
    '',
    'and interrupts could create inverse lock ordering between them.',
  ]
}

/** Where the unsafe lock is held and the handler may come. */
function unsafeLines({ system }: Trace, { holder, held }: Edge, context: string): string[] {
  return [
    `... which became ${context}-irq-unsafe at:`,
    ...standsLines(system, holder, held, context),
  ]
}
