import { lockPlaces, type Wait } from '../../../spec/index.js'
import { processName } from '../../trace/changes.js'
import { fullPlace } from '../../trace/format.js'
import { holdings, isSpinning, openSections } from '../../trace/holdings.js'
import type { Trace, TraceStep } from '../../trace/trace.js'
import { isInterruption } from '../headline.js'
import { WIDTH, wrap } from '../wrap.js'
import { heldLines, placeOf, sinceText, stackLines, whoText } from './words.js'

/**
 * Who hangs, in the words of the hung task detector (kernel/hung_task.c:check_hung_task), and which locks are held
 * since which line (kernel/locking/lockdep.c:debug_show_all_locks). Processes that go round in a loop are not among them.
 */
export function blockedReport(trace: Trace): string[] {
  const { system } = trace
  const spinning = new Set(trace.loop.map((step) => step.process))
  const waits = hungWaits(trace).filter((wait) => !spinning.has(wait.process))
  const cycle = ownerCycle(trace.waits)
  const inCycle = (wait: Wait) => cycle.length === 0 || cycle.includes(wait.process)
  const lines = waits.filter(inCycle).flatMap((wait) => hungLines(trace, wait))
  for (const wait of waits.filter((each) => !inCycle(each))) {
    const who = whoText(system, wait.process)
    lines.push(...wrap(`INFO: ${who} is blocked too: ${waitText(trace, wait)}.`, WIDTH))
  }
  const holders = system.processes
    .map((_, process) => process)
    .filter((process) => holdings(trace, process).length > 0)
  if (holders.length > 0) {
    lines.push('', 'Showing all locks held in the system:')
    for (const process of holders) lines.push(...heldLines(trace, process))
  }
  if (cycle.length > 0) {
    const names = [...cycle, cycle[0] ?? 0].map((process) => processName(system, process))
    lines.push('', ...wrap(`wait-for cycle: ${names.join(' -> ')}`, WIDTH))
  }
  return lines
}

function hungLines(trace: Trace, wait: Wait): string[] {
  const { system } = trace
  return [
    ...wrap(titleOf(trace, wait), WIDTH, 3),
    ...stackLines(system, wait.site, wait.process),
    ...wrap(` ${waitText(trace, wait)}`, WIDTH, 3),
  ]
}

/** Only who sleeps is a hung task. Who spins is a lockup, a hard one where not even the timer's interrupt gets through. */
function titleOf(trace: Trace, wait: Wait): string {
  const { system } = trace
  const { process } = wait
  const who = whoText(system, process)
  if (isInterruption(wait)) return `INFO: ${who} is interrupted, and does not go on.`
  const which = lockPlaces(system).find((place) => place.name === wait.place)?.which
  if (which === undefined || !isSpinning(which)) {
    return `INFO: ${who} blocked for more than 120 seconds.`
  }
  const isHard =
    system.processes[process]?.context === 'hardirq' ||
    openSections(trace, process).some((section) => section.which === 'irqs')
  const cpu = processName(system, system.processes[process]?.on ?? process)
  return isHard
    ? `watchdog: Watchdog detected hard LOCKUP on cpu of ${cpu}`
    : `watchdog: BUG: soft lockup - CPU stuck for 26s! [${who}]`
}

/** Waits that should end. A daemon between two runs of its body waits for work, not for help. */
function hungWaits({ system, waits, end }: Trace): Wait[] {
  return waits.filter(({ process }) => {
    const instance = system.processes[process]
    const code = system.codes[instance?.code ?? -1]
    const at = end.processes[process]?.at ?? -1
    return instance?.daemon !== true || code?.idle.has(at) !== true
  })
}

/** `waits for mutex b, held by two since second, abba.gmem:5`. */
function waitText(trace: Trace, wait: Wait): string {
  const { system } = trace
  const condition = /^await\s*(\(.*\))\s*(?:else\b.*)?;?$/.exec(wait.place)?.[1]
  if (wait.what === 'condition') return `waits until ${condition ?? wait.place}`
  if (wait.what.startsWith('bit ')) return bitText(trace, wait)
  if (isInterruption(wait)) return `is interrupted by ${wait.place}`
  const names = wait.holders.map((holder) => processName(system, holder))
  if (wait.what === 'rcu_barrier')
    return `waits for callbacks that ${names.join(' and ')} has to run`
  const held = wait.holders.map((holder) => {
    const holding = holdings(trace, holder).find((each) => each.place === wait.place)
    const where = holding === undefined ? '' : sinceText(system, holding.since)
    return { holding, where, name: processName(system, holder) }
  })
  if (wait.what.startsWith('synchronize_')) {
    // Spinning locks and handlers read RCU as well, without a section of their own.
    const readers = held.map(
      ({ name, where }) => `${name}${where === '' ? '' : ` (since ${where})`}`,
    )
    return `waits for ${held.length > 1 ? 'readers' : 'reader'} ${readers.join(' and ')}`
  }
  const owners = held
    .map(({ name, where }) => `${name}${where === '' ? '' : ` since ${where}`}`)
    .join(' and ')
  const which = lockPlaces(system).find((place) => place.name === wait.place)?.which
  const lock = `waits for ${which ?? 'lock'} ${wait.place}`
  if (names.length === 0) return lock
  const isHeld = held.some(({ holding }) => holding !== undefined)
  return isHeld ? `${lock}, held by ${owners}` : `${lock}, behind the queued writer ${owners}`
}

/** A bit has no owner, but somebody set it, or cleared it without waking anybody. */
function bitText(trace: Trace, { what, place, names }: Wait): string {
  const bit = what.slice('bit '.length)
  const isBit = (name: string) => name === bit || name.endsWith(`.${bit}`)
  const turned = (after: string): TraceStep | undefined =>
    trace.steps.findLast((step) =>
      step.changes.some(
        (change) =>
          change.kind === 'bit' &&
          change.after === after &&
          isBit(change.name) &&
          fullPlace(change) === `${place}.${bit}`,
      ),
    )
  const isClear = names === 'lost-wakeup'
  const step = turned(isClear ? '0' : '1')
  const who = step === undefined ? '' : ` by ${processName(trace.system, step.process)}`
  const where = step === undefined ? '' : ` at ${placeOf(trace.system, step.site.span)}`
  if (isClear) return `waits for bit ${bit} of ${place}, cleared${who}${where} without a wakeup`
  return `waits for bit ${bit} of ${place}, set${who}${where}`
}

/** Processes each of which waits for the next, the last for the first; empty when there are none. */
export function ownerCycle(waits: readonly Wait[]): number[] {
  const holders = new Map(waits.map((wait) => [wait.process, wait.holders]))
  const search = (process: number, path: readonly number[]): number[] => {
    const seen = path.indexOf(process)
    if (seen >= 0) return path.slice(seen)
    for (const holder of holders.get(process) ?? []) {
      const found = search(holder, [...path, process])
      if (found.length > 0) return found
    }
    return []
  }
  for (const wait of waits) {
    const found = search(wait.process, [])
    if (found.length > 0) return found
  }
  return []
}
