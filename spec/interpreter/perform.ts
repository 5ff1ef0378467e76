import type { Instruction, Location } from '../system/system.js'
import { evaluate } from './evaluate.js'
import type { Mutable } from './frame.js'
import { mightSleep } from './might-sleep.js'
import { performBit } from './perform-bit.js'
import { performHeld, performLock } from './perform-lock.js'
import { performAlloc, performDestroy, performFree, performNextLive } from './perform-object.js'
import {
  performBarrier,
  performCallbackBegin,
  performCallbackEnd,
  performCallRcu,
  performContext,
  performGrace,
  performPreemptible,
} from './perform-rcu.js'
import { type Cell, cellName, checkRange, resolve, usable } from './place.js'
import { put } from './put.js'
import type { Run } from './run.js'
import { mayInterrupt } from './sections.js'
import { BlockedSignal, TrapSignal } from './signal.js'

/**
 * Executes one instruction: the semantics, case by case. Returns the location that follows, or null when the
 * process stays (it parked, or queued as a writer).
 */
export function perform(run: Run, i: Instruction): Location | null {
  const { frame } = run
  switch (i.kind) {
    case 'assign':
      put(run.frame, i.slot, evaluate(i.value, frame))
      return i.next
    case 'clear':
      for (const slot of i.slots) frame.locals[slot.index] = emptied(slot.type)
      return i.next
    case 'branch':
      return evaluate(i.test, frame) !== 0 ? i.then : i.otherwise
    case 'either':
      return i.targets[run.pick(i.targets.length)] ?? i.next
    case 'choose':
      return choose(run, i)
    case 'enter':
    case 'leave':
    case 'atomic':
      return i.next
    case 'require':
      if (evaluate(i.condition, frame) === 0) {
        throw new TrapSignal(i.violation, i.message, [...run.operands])
      }
      return i.next
    case 'fail':
      throw new TrapSignal(i.violation, i.message, [...run.operands])
    case 'guard':
      return guard(run, i)
    case 'load':
      return load(run, i)
    case 'store':
      return store(run, i)
    case 'update':
      return update(run, i)
    case 'lock':
      return performLock(run, i)
    case 'assert-held':
      return performHeld(run, i)
    case 'bit-wait':
    case 'bit-wake':
      return performBit(run, i)
    case 'alloc':
      return performAlloc(run, i)
    case 'free':
      return performFree(run, i)
    case 'destroy':
      return performDestroy(run, i)
    case 'touch': {
      const pointer = evaluate(i.pointer, frame)
      usable(frame, i.pools, pointer, run.memory, false)
      return i.next
    }
    case 'next-live':
      return performNextLive(run, i)
    case 'context':
      return performContext(run, i)
    case 'preemptible':
      return performPreemptible(run, i)
    case 'might-sleep':
      mightSleep(run, i.name)
      return i.next
    case 'grace':
      return performGrace(run, i)
    case 'call-rcu':
      return performCallRcu(run, i)
    case 'rcu-barrier':
      return performBarrier(run, i)
    case 'callback-begin':
      return performCallbackBegin(run, i)
    case 'callback-end':
      return performCallbackEnd(run, i)
    case 'interrupt':
      if (!mayInterrupt(frame.system, run.memory, frame.process)) throw new BlockedSignal(run)
      return i.next
    case 'end':
      throw new Error('the end of a body is not executed')
  }
}

type Of<K extends Instruction['kind']> = Instruction & { kind: K }

/** What a declaration without initialiser leaves: every scalar in it uninitialised. */
function emptied(type: Of<'assign'>['slot']['type']): Mutable {
  if (type.kind === 'array') return Array.from({ length: type.length }, () => emptied(type.of))
  if (type.kind !== 'struct') return null
  return Object.fromEntries(type.fields.map((field) => [field.name, emptied(field.type)]))
}

function choose(run: Run, i: Of<'choose'>): Location {
  const from = evaluate(i.from, run.frame)
  const to = evaluate(i.to, run.frame)
  if (from > to) throw new TrapSignal('bug-on', `nothing to choose in ${from}..${to}`)
  put(run.frame, i.slot, from + run.pick(to - from + 1))
  return i.next
}

function guard(run: Run, i: Of<'guard'>): Location {
  if (evaluate(i.condition, run.frame) !== 0) return i.next
  if (!run.alone) throw new BlockedSignal(run)
  throw new TrapSignal('deadlock', 'waits for a condition that nobody else is there to make true')
}

function read(run: Run, cell: Cell, name: string): number {
  const value = cell.container[cell.key]
  if (cell.path[0] !== 'processes') run.operands.push(cell.path)
  if (typeof value === 'number') return value
  throw new TrapSignal('uninitialised-read', `${name} is read before it was given a value`)
}

function load(run: Run, i: Of<'load'>): Location {
  const cell = resolve(i.place, run.frame, run.memory, i.marked)
  put(run.frame, i.slot, read(run, cell, cellName(cell, i.place)))
  return i.next
}

function store(run: Run, i: Of<'store'>): Location {
  const value = evaluate(i.value, run.frame)
  const cell = resolve(i.place, run.frame, run.memory, i.marked)
  if (cell.path[0] !== 'processes') run.operands.push(cell.path)
  checkRange(value, i.place.type, cellName(cell, i.place))
  cell.container[cell.key] = value
  return i.next
}

function update(run: Run, i: Of<'update'>): Location {
  const { frame } = run
  const cell = resolve(i.place, frame, run.memory, true)
  frame.locals[i.old.index] = read(run, cell, cellName(cell, i.place))
  for (const trap of i.traps) {
    if (evaluate(trap.when, frame) !== 0) throw new TrapSignal(trap.kind, trap.message, [cell.path])
  }
  if (evaluate(i.when, frame) !== 0) {
    const value = evaluate(i.value, frame)
    checkRange(value, i.place.type, cellName(cell, i.place))
    cell.container[cell.key] = value
  }
  return i.next
}
