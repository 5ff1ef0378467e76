import type { Instruction, Location } from '../system/system.js'
import { evaluate } from './evaluate.js'
import { leftSection } from './leave.js'
import { readsIt } from './locks.js'
import { mightSleep } from './might-sleep.js'
import { printPlace, resolve } from './place.js'
import { put } from './put.js'
import { headAt, rcuReaders, setHead, waitsFor } from './rcu.js'
import type { Run } from './run.js'
import { atomicContext } from './sections.js'
import { BlockedSignal, TrapSignal } from './signal.js'
import type { HeadValue, LockValue } from './state.js'

type Of<K extends Instruction['kind']> = Instruction & { kind: K }

/** Contexts, RCU and SRCU (rules 6 and 7); kernel/rcu/tree.c, srcutree.c, update.c. */

const sectionLimit = 7

export function performContext(run: Run, i: Of<'context'>): Location {
  const depths = run.memory.processes[run.frame.process]?.sections
  // In init nobody else runs, so that sections mean nothing.
  if (!depths) return i.next
  const depth = depths[i.which] + i.by
  if (depth < 0) {
    const kind = i.which === 'rcu' ? 'rcu-unbalanced' : 'unbalanced'
    throw new TrapSignal(kind, `${i.name} without its counterpart`)
  }
  if (depth > sectionLimit) throw new TrapSignal('count-overflow', `${i.name} nests too deep`)
  depths[i.which] = depth
  leftSection(run)
  return i.next
}

/** An RCU read section alone does not turn preemption off. */
export function performPreemptible(run: Run, i: Of<'preemptible'>): Location {
  const { process } = run.frame
  const { system, locks } = run.facts
  const why = process < 0 ? null : atomicContext(system, locks, run.memory, process, ['rcu'])
  put(run.frame, i.slot, why === null ? 1 : 0)
  return i.next
}

export function performGrace(run: Run, i: Of<'grace'>): Location | null {
  const state = run.memory.processes[run.frame.process]
  if (!state) return i.next
  if (state.awaits !== null) return finish(run, state, i.next)
  const { system, locks } = run.facts
  const { process } = run.frame
  if (i.domain === null) {
    if (state.sections.rcu > 0) {
      throw new TrapSignal('rcu-wait-in-reader', `${i.name} inside an RCU read section`)
    }
    mightSleep(run, i.name)
    state.awaits = rcuReaders(system, locks, run.memory, process)
    return null
  }
  const cell = resolve(i.domain, run.frame, run.memory, false)
  run.operands.push(cell.path)
  const domain = cell.container[cell.key] as LockValue
  if (readsIt(domain, process)) {
    const name = printPlace(i.domain, run.frame)
    throw new TrapSignal('rcu-wait-in-reader', `${i.name} inside a read section of ${name}`, [
      cell.path,
    ])
  }
  mightSleep(run, i.name)
  state.awaits = [...new Set(domain.readers)]
  return null
}

/** The second half of a wait: enabled when nobody is left to wait for. */
function finish(run: Run, state: { awaits: readonly number[] | null }, next: Location): Location {
  if (state.awaits !== null && state.awaits.length > 0) throw new BlockedSignal(run)
  state.awaits = null
  return next
}

export function performCallRcu(run: Run, i: Of<'call-rcu'>): Location {
  const { system, locks } = run.facts
  const cell = resolve(i.place, run.frame, run.memory, false)
  const head = cell.container[cell.key] as unknown as HeadValue
  if (head.callback >= 0) {
    const name = printPlace(i.place, run.frame)
    throw new TrapSignal('callback-pending', `${name} is queued again while it is queued`, [
      cell.path,
    ])
  }
  const readers = rcuReaders(system, locks, run.memory, -1)
  cell.container[cell.key] = { callback: i.callback, readers } as never
  return i.next
}

export function performBarrier(run: Run, i: Of<'rcu-barrier'>): Location | null {
  const state = run.memory.processes[run.frame.process]
  if (!state) return i.next
  if (state.awaits !== null) return finish(run, state, i.next)
  if (state.sections.rcu > 0) {
    throw new TrapSignal('rcu-wait-in-reader', 'rcu_barrier inside an RCU read section')
  }
  mightSleep(run, 'rcu_barrier')
  const running = runningHead(run)
  state.awaits = run.facts.heads.flatMap((place, number) =>
    headAt(run.memory, place).callback >= 0 || number === running ? [number] : [],
  )
  return null
}

/** The head whose callback executes now, or -1. */
function runningHead(run: Run): number {
  const { system } = run.facts
  const process = system.processes.findIndex((instance) => instance.callbacks)
  const code = system.codes[system.processes[process]?.code ?? -1]
  const state = run.memory.processes[process]
  if (!code || !state || code.idle.has(state.at)) return -1
  const begin = code.instructions.find((each) => each.kind === 'callback-begin')
  const head = begin?.kind === 'callback-begin' ? state.locals[begin.head.index] : null
  return typeof head === 'number' ? head : -1
}

/** Any head whose readers have all left may be next. */
export function performCallbackBegin(run: Run, i: Of<'callback-begin'>): Location {
  const { heads } = run.facts
  const ready = heads.flatMap((place, number) => {
    const head = headAt(run.memory, place)
    return head.callback >= 0 && head.readers.length === 0 ? [number] : []
  })
  if (ready.length === 0) throw new BlockedSignal(run)
  const number = ready[run.pick(ready.length)] ?? 0
  const place = heads[number]
  if (!place) throw new Error(`no head ${number}`)
  const { callback } = headAt(run.memory, place)
  setHead(run.memory, place, { callback: -1, readers: [] })
  put(run.frame, i.head, number)
  put(run.frame, i.callback, callback)
  for (const [at, slot] of i.objects.entries()) {
    run.frame.locals[slot.index] = at === callback ? place.object : 0
  }
  return i.next
}

export function performCallbackEnd(run: Run, i: Of<'callback-end'>): Location {
  const head = evaluate(i.head, run.frame)
  for (const [process, state] of run.memory.processes.entries()) {
    if (waitsFor(run.facts.system, process, state.at) !== 'heads') continue
    if (state.awaits) state.awaits = state.awaits.filter((each) => each !== head)
  }
  return i.next
}
