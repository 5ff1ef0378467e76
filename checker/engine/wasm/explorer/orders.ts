import { uses } from '../../../../spec/index.js'
import { PROCESS } from '../cells.js'
import {
  add,
  and,
  block,
  branch,
  branchIf,
  type Code,
  call,
  constant,
  equal,
  global,
  greaterOrEqual,
  isZero,
  load,
  loop,
  multiply,
  notEqual,
  or,
  result,
  shiftLeft,
  store,
  when,
  xor,
} from '../code.js'
import { Frame } from '../frame.js'
import type { Declared } from '../module.js'
import { KEYS_MAX } from './desk.js'
import { emitEvent } from './events.js'
import { desked, type ExplorerParts, noteOnDesk, type SystemParts } from './parts.js'

/** Where a process comes to wait: the cells of the locals that say for what, by location. */
export type Acquiring = readonly ReadonlyMap<number, readonly number[]>[]

/** By code. */
export function acquiringOf({ system, cells }: Pick<SystemParts, 'system' | 'cells'>): Acquiring {
  return system.codes.map((code, number) => {
    const found = new Map<number, readonly number[]>()
    for (const [at, i] of code.instructions.entries()) {
      const isLock =
        i.kind === 'lock' && i.result === null && !/unlock|leave|downgrade/.test(i.action)
      if (!isLock && i.kind !== 'grace') continue
      const locals = uses(i).map((slot) => cells.localsOf[number]?.[slot.index] ?? 0)
      found.set(at, locals)
    }
    return found
  })
}

const HEADER = 3

/** Words of what is compared: who and where, whether a wait has begun, RCU; the locals; two bits a lock. */
export function keyWordsOf(parts: Pick<SystemParts, 'system' | 'cells' | 'locks'>): number {
  const locals = acquiringOf(parts).flatMap((code) => [...code.values()].map((one) => one.length))
  return HEADER + Math.max(0, ...locals) + Math.ceil(parts.locks.length / 16)
}

/**
 * `orders(id, process)`: tells of a process that comes to wait for a lock with locks held, once for each such set: a
 * lock order is a matter of who holds what, and millions of states share one. What the set has no room for is told
 * each time.
 */
export function defineOrders(parts: ExplorerParts): Declared {
  const { writer, desk, system, cells, memory } = parts
  const isNew = defineKeySet(parts)
  const declared = writer.declare('orders', 2, 0)
  const frame = new Frame(2)
  const id = frame.parameter(0)
  const process = frame.parameter(1)
  const key = frame.word()
  const own = frame.word()
  const at = frame.word()
  const acquiring = acquiringOf(parts)
  const words = desk.keyWords
  const localsMax = words - HEADER - Math.ceil(parts.locks.length / 16)
  const body = system.processes.map((instance, number) => {
    const places = [...(acquiring[instance.code] ?? [])]
    return when(equal(process.get, constant(number)), [
      own.set(
        add(
          global(0),
          constant(memory.work + 4 * (cells.processes + number * cells.processStride)),
        ),
      ),
      at.set(load(own.get)),
      places.map(([location, locals]) =>
        when(equal(at.get, constant(location)), [
          heading(key.get, number, location, own.get),
          Array.from({ length: localsMax }, (_, index) => {
            const cell = locals[index]
            const value = cell === undefined ? constant(0) : load(own.get, 4 * cell)
            return store(key.get, 4 * (HEADER + index), value)
          }),
          heldWords(parts, key.get, number, 4 * (HEADER + localsMax)),
          when(call(isNew.index), emitEvent(desk, 'order', id.get, process.get)),
        ]),
      ),
    ])
  })
  writer.define(declared, frame.kinds, [
    key.set(add(global(0), constant(candidate(parts)))),
    body,
  ])
  return declared
}

/** Where the key to look for is written: after the set. */
const candidate = ({ desk }: ExplorerParts): number => desk.keys + 4 * desk.keyWords * KEYS_MAX

const heading = (key: Code, process: number, location: number, own: Code): Code => [
  store(key, 0, constant((process + 1) * 65_536 + location)),
  store(key, 4, load(own, 4 * PROCESS.awaiting)),
  store(key, 8, load(own, 4 * PROCESS.rcu)),
]

/** Two bits for each lock: owned, read. */
function heldWords(parts: ExplorerParts, key: Code, process: number, offset: number): Code {
  const { locks, memory } = parts
  const words: Code[] = []
  for (let first = 0; first < locks.length; first += 16) {
    const bits = locks.slice(first, first + 16).map((lock, at) => {
      const owner = load(global(0), memory.work + 4 * lock)
      const reads = load(global(0), memory.work + 4 * (lock + 1 + process))
      const owned = equal(owner, constant(process))
      const read = shiftLeft(notEqual(reads, constant(0)), constant(1))
      return shiftLeft(or(owned, read), constant(2 * at))
    })
    const all = bits.reduce<Code>((sum, bit) => or(sum, bit), constant(0))
    words.push(store(key, offset + 4 * (first / 16), all))
  }
  return words
}

/** `()` → 1 when the candidate was not in the worker's set of keys; it is then. */
function defineKeySet(parts: ExplorerParts): Declared {
  const { writer, desk } = parts
  const declared = writer.declare('new key', 0, 1)
  const frame = new Frame(0)
  const key = frame.word()
  const slot = frame.word()
  const place = frame.word()
  const words = Array.from({ length: desk.keyWords }, (_, at) => 4 * at)
  const hash = words.reduce<Code>(
    (sum, at) => xor(multiply(sum, constant(0x01000193)), load(key.get, at)),
    constant(0x811c9dc5),
  )
  const mixed = multiply(hash, constant(0x9e3779b1))
  const slotPlace = add(global(0), multiply(slot.get, constant(4 * desk.keyWords)))
  const isFull = greaterOrEqual(desked(desk.keyCount), constant((KEYS_MAX * 3) / 4))
  const wraps = and(add(slot.get, constant(1)), constant(KEYS_MAX - 1))
  writer.define(declared, frame.kinds, [
    key.set(add(global(0), constant(candidate(parts)))),
    slot.set(and([mixed, constant(15), 0x76], constant(KEYS_MAX - 1))),
    loop([
      place.set(slotPlace),
      when(isZero(load(place.get, desk.keys)), [
        when(isFull, result(constant(1))),
        words.map((at) => store(place.get, desk.keys + at, load(key.get, at))),
        noteOnDesk(desk.keyCount, add(desked(desk.keyCount), constant(1))),
        result(constant(1)),
      ]),
      block([
        words.map((at) => branchIf(0, notEqual(load(place.get, desk.keys + at), load(key.get, at)))),
        result(constant(0)),
      ]),
      slot.set(wraps),
      branch(0),
    ]),
    constant(0),
  ])
  return declared
}
