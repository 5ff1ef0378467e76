import type { Slot, ValueType } from '../system/expression.js'
import { gfp } from '../system/gfp.js'
import type { Instruction, Location, PoolStorage } from '../system/system.js'
import { evaluate } from './evaluate.js'
import { type Mutable, poolAt } from './frame.js'
import { lockAt } from './locks.js'
import { mightSleep } from './might-sleep.js'
import { headAt } from './rcu.js'
import type { Run } from './run.js'
import { readsRcu } from './sections.js'
import { CutSignal, type Path, TrapSignal } from './signal.js'
import { objectOf, pointerTo } from './value.js'

/** Rule 4: any dead slot may be taken, each choice is explored; then, where it may happen, failure. */
export function performAlloc(run: Run, i: Instruction & { kind: 'alloc' }): Location {
  const pool = poolAt(run.facts.system, i.pool)
  const objects = run.memory.pools[pool.name] ?? []
  if (i.object !== null) return allocGiven(run, i, pool)
  const flags = i.flags === null ? gfp.kernel : evaluate(i.flags, run.frame)
  if (flags & gfp.directReclaim) mightSleep(run, 'alloc')
  const dead = objects.flatMap((object, at) => (object.alive === 1 ? [] : [at]))
  const mayFail = !run.alone && (flags & gfp.noFail) === 0
  const full = dead.length === 0
  const pick = run.pick(Math.max(dead.length, 1) + (mayFail ? 1 : 0))
  if (pick >= Math.max(dead.length, 1)) {
    run.frame.locals[i.slot.index] = 0
    return i.next
  }
  if (full) {
    const message = `pool ${pool.name}[${pool.size}] is empty`
    throw new CutSignal({ kind: 'pool', name: pool.name, message })
  }
  revive(run, pool, dead[pick] ?? 0, i.slot)
  return i.next
}

/** `alloc(&pool[i])` takes that one. */
function allocGiven(run: Run, i: Instruction & { kind: 'alloc' }, pool: PoolStorage): Location {
  const pointer = i.object === null ? 0 : evaluate(i.object, run.frame)
  const { index } = objectOf(run.facts.system, [i.pool], pointer)
  if (run.memory.pools[pool.name]?.[index]?.alive === 1) {
    const operand: Path = ['pools', pool.name, index, 'alive']
    throw new TrapSignal('bug-on', `alloc of ${pool.name}[${index}], which is in use`, [operand])
  }
  revive(run, pool, index, i.slot)
  return i.next
}

function revive(run: Run, pool: PoolStorage, index: number, slot: Slot): void {
  const object = run.memory.pools[pool.name]?.[index]
  if (!object) throw new Error(`no object ${pool.name}[${index}]`)
  object.alive = 1
  if (pool.safety === 'typesafe_by_rcu') {
    for (const name of pool.initialised)
      object.value[name] = structuredClone(pool.initial[name]) as Mutable
  } else object.value = structuredClone(pool.initial) as Record<string, Mutable>
  run.frame.locals[slot.index] = pointerTo(pool, index)
}

/** Makes every pointer to the object stale, wherever it is kept. */
export function performFree(run: Run, i: Instruction & { kind: 'free' }): Location {
  const { system } = run.facts
  const pointer = evaluate(i.pointer, run.frame)
  if (pointer === 0) throw new TrapSignal('null-dereference', 'free(null)')
  const { pool, index } = objectOf(system, i.pools, pointer)
  const name = `${pool.name}[${index}]`
  const object = run.memory.pools[pool.name]?.[index]
  if (!object) throw new Error(`no object ${name}`)
  const operand: Path = ['pools', pool.name, index, 'alive']
  run.operands.push(operand)
  if (pointer < 0 || object.alive === 0) {
    throw new TrapSignal('double-free', `${name} is freed, and was free already`, [operand])
  }
  checkUnlocked(run, pool, index)
  checkNotQueued(run, pool, index)
  object.alive = 0
  if (pool.safety === 'ordinary')
    object.value = structuredClone(pool.initial) as Record<string, Mutable>
  if (pool.safety !== 'typesafe') makeStale(run, pool, pointer, i)
  return i.next
}

function checkUnlocked(run: Run, pool: PoolStorage, index: number): void {
  for (const place of run.facts.locks) {
    if (place.path[0] !== 'pools' || place.path[1] !== pool.name || place.path[2] !== index)
      continue
    const lock = lockAt(run.memory, place.path)
    if (lock.owner === -1 && lock.readers.length === 0) continue
    throw new TrapSignal('freed-while-held', `${place.name} is held while its object is freed`, [
      place.path,
    ])
  }
}

/** An object may not go while one of its heads is queued. */
function checkNotQueued(run: Run, pool: PoolStorage, index: number): void {
  for (const place of run.facts.heads) {
    if (place.pool !== pool.name || place.index !== index) continue
    if (headAt(run.memory, place).callback < 0) continue
    const message = `${pool.name}[${index}] is freed while its ${place.field} is queued`
    throw new TrapSignal('callback-pending', message, [place.path])
  }
}

function makeStale(run: Run, pool: PoolStorage, pointer: number, i: Instruction): void {
  const { system, locks } = run.facts
  const struct = pool.type.name
  // SLAB_TYPESAFE_BY_RCU: a reader may take a reference to whatever object is there by then.
  const mayKeep = (process: number): boolean =>
    pool.safety === 'typesafe_by_rcu' && readsRcu(system, locks, run.memory, process)
  for (const { name, type } of system.shared) stale(run.memory.shared, name, type, struct, pointer)
  for (const other of system.pools) {
    for (const object of run.memory.pools[other.name] ?? []) {
      staleFields(object.value, other.type, struct, pointer)
    }
  }
  for (const [process, state] of run.memory.processes.entries()) {
    if (process === run.frame.process || mayKeep(process)) continue
    const instance = system.processes[process]
    const kept = instance && system.codes[instance.code]?.kept[state.at]
    for (const slot of kept ?? []) stale(state.locals, slot.index, slot.type, struct, pointer)
  }
  if (mayKeep(run.frame.process)) return
  for (const slot of run.code.kept[i.next] ?? []) {
    stale(run.frame.locals, slot.index, slot.type, struct, pointer)
  }
}

type Container = { [key: string | number]: Mutable }

function stale(
  container: unknown,
  key: string | number,
  type: ValueType,
  struct: string,
  pointer: number,
): void {
  const here = container as Container
  if (type.kind === 'pointer') {
    if (type.struct === struct && here[key] === pointer) here[key] = -pointer
  } else if (type.kind === 'array') {
    for (let at = 0; at < type.length; at++) stale(here[key], at, type.of, struct, pointer)
  } else if (type.kind === 'struct') {
    staleFields(here[key] as Container, type, struct, pointer)
  }
}

function staleFields(
  value: Container,
  type: ValueType & { kind: 'struct' },
  struct: string,
  pointer: number,
): void {
  for (const field of type.fields) stale(value, field.name, field.type, struct, pointer)
}

export function performDestroy(run: Run, i: Instruction & { kind: 'destroy' }): Location {
  const pool = poolAt(run.facts.system, i.pool)
  const objects = run.memory.pools[pool.name] ?? []
  const alive = objects.findIndex((object) => object.alive === 1)
  if (alive < 0) return i.next
  const operand: Path = ['pools', pool.name, alive, 'alive']
  const message = `${pool.name} is destroyed while ${pool.name}[${alive}] is in use`
  throw new TrapSignal('destroy-nonempty', message, [operand])
}

export function performNextLive(run: Run, i: Instruction & { kind: 'next-live' }): Location {
  const pool = poolAt(run.facts.system, i.pool)
  const objects = run.memory.pools[pool.name] ?? []
  const from = evaluate(i.from, run.frame)
  const at = objects.findIndex((object, index) => index >= from && object.alive === 1)
  run.frame.locals[i.slot.index] = at < 0 ? 0 : pointerTo(pool, at)
  return i.next
}
