import type { Instruction, Slot } from '../../../spec/index.js'
import { EMPTY, PROCESS } from './cells.js'
import {
  add,
  and,
  anyOf,
  type Code,
  constant,
  equal,
  greater,
  greaterOrEqual,
  isZero,
  less,
  notEqual,
  or,
  result,
  subtract,
  when,
} from './code.js'
import { type Emitter, moved, read, STATUS } from './emitter.js'
import { emitValue, interval } from './expressions.js'
import { emitLock, emitMightSleep, others, sameAddress } from './locks.js'
import { emitAlloc, emitFree } from './objects.js'
import { aliveCells, emitObject, emitPlace, emitUsable } from './places.js'
import { emitRcu } from './rcu.js'

type Of<K extends Instruction['kind']> = Instruction & { kind: K }

/** How control goes on: to a location, from inside so many nested blocks. */
export type Go = (location: number, nesting: number) => Code

/** One instruction and where control goes from it. `executed` marks it. */
export function emitInstruction(e: Emitter, i: Instruction, executed: Code, goTo: Go): Code {
  if (i.kind === 'fail') return e.ask
  if (i.kind === 'either') return [executed, emitEither(e, i, goTo)]
  const go = goTo(i.next, 0)
  switch (i.kind) {
    case 'assign':
      return [executed, put(e, i.slot, emitValue(e, i.value), interval(e, i.value)), go]
    case 'clear':
      return [executed, i.slots.map((slot) => empty(e, slot)), go]
    case 'choose':
      return [executed, emitChoose(e, i), go]
    case 'enter':
    case 'leave':
    case 'atomic':
      return [executed, go]
    case 'require':
      return [executed, e.askIf(isZero(emitValue(e, i.condition))), go]
    case 'guard':
      return [executed, e.blockIf(isZero(emitValue(e, i.condition))), go]
    case 'load':
    case 'store':
    case 'update':
      return [executed, emitAccess(e, i), go]
    case 'lock':
      return emitLock(e, i, executed, go)
    case 'assert-held':
      return [executed, emitHeld(e, i), go]
    case 'bit-wait':
      return emitBitWait(e, i, executed, go)
    case 'bit-wake':
      return [executed, emitBitWake(e, i), go]
    case 'alloc':
      return [executed, emitAlloc(e, i), go]
    case 'free':
      return [executed, emitFree(e, i), go]
    case 'destroy':
      return [executed, e.askIf(anyAlive(e, i.pool)), go]
    case 'touch': {
      const pointer = e.keep(emitValue(e, i.pointer))
      const object = emitObject(e, pointer.get, i.pools)
      const usable = emitUsable(e, pointer.get, object, i.pools, false)
      return [executed, pointer.set, object.set, usable, go]
    }
    case 'next-live':
      return [executed, emitNextLive(e, i), go]
    case 'branch':
    case 'end':
      throw new Error(`${i.kind} is emitted by its code`)
    default:
      return emitRcu(e, i, executed, goTo)
  }
}

/** Gives a slot its value; outside its range the reference engine says what that is. */
export function put(
  e: Emitter,
  slot: Slot,
  value: Code,
  known: { readonly low: number; readonly high: number } | null,
): Code {
  const { type } = slot
  const fits =
    type.kind !== 'int' || (known !== null && known.low >= type.from && known.high <= type.to)
  if (fits) return e.setSlot(slot, value)
  const kept = e.keep(value)
  return [kept.set, e.askIf(outside(kept.get, type)), e.setSlot(slot, kept.get)]
}

const outside = (value: Code, range: { readonly from: number; readonly to: number }): Code =>
  or(less(value, constant(range.from)), greater(value, constant(range.to)))

/** Every scalar of the slot is without a value. */
function empty(e: Emitter, slot: Slot): Code {
  const size = e.sizeOf(slot.type)
  if (size === 1) return e.setSlot(slot, constant(EMPTY))
  return Array.from({ length: size }, (_, cell) =>
    e.write(moved(e.slot(slot), cell), constant(EMPTY)),
  )
}

function emitEither(e: Emitter, i: Of<'either'>, goTo: Go): Code {
  const choice = e.keep(e.pick(constant(i.targets.length)))
  const ways = i.targets.map((target, at) => when(equal(choice.get, constant(at)), goTo(target, 1)))
  return [choice.set, ways, e.ask]
}

function emitChoose(e: Emitter, i: Of<'choose'>): Code {
  const from = e.keep(emitValue(e, i.from))
  const to = e.keep(emitValue(e, i.to))
  const width = add(subtract(to.get, from.get), constant(1))
  const value = add(from.get, e.pick(width))
  return [from.set, to.set, e.askIf(greater(from.get, to.get)), put(e, i.slot, value, null)]
}

function emitAccess(e: Emitter, i: Of<'load'> | Of<'store'> | Of<'update'>): Code {
  const isLocal = i.place.root.kind === 'local'
  if (i.kind === 'store') {
    const value = e.keep(emitValue(e, i.value))
    const place = emitPlace(e, i.place, i.marked)
    const { type } = i.place
    const known = interval(e, i.value)
    const fits =
      known !== null && type.kind === 'int' && known.low >= type.from && known.high <= type.to
    const check = type.kind === 'int' && !fits ? e.askIf(outside(value.get, type)) : []
    return [value.set, place.set, check, e.write(place, value.get)]
  }
  const place = emitPlace(e, i.place, i.kind === 'update' || i.marked)
  const slot = i.kind === 'load' ? i.slot : i.old
  const kept = e.keep(read(place))
  const missing = isLocal ? e.askIf(equal(kept.get, constant(EMPTY))) : []
  const loaded: Code = [place.set, kept.set, missing, e.setSlot(slot, kept.get)]
  if (i.kind === 'load') return loaded
  const traps = i.traps.map((trap) => e.askIf(emitValue(e, trap.when)))
  const value = e.keep(emitValue(e, i.value))
  const check = i.place.type.kind === 'int' ? e.askIf(outside(value.get, i.place.type)) : []
  const write = [value.set, check, e.write(place, value.get)]
  return [loaded, traps, when(emitValue(e, i.when), write)]
}

function emitHeld(e: Emitter, i: Of<'assert-held'>): Code {
  if (e.system.ignored.has('lock-not-held')) return []
  const lock = emitPlace(e, i.place, false)
  const writes = equal(read(lock), e.process)
  const reads = notEqual(read(moved(lock, 1 + e.processNumber)), constant(0))
  const fine = {
    any: or(writes, reads),
    write: writes,
    read: reads,
    not: isZero(or(writes, reads)),
  }[i.mode]
  return [lock.set, e.askIf(isZero(fine))]
}

function emitBitWait(e: Emitter, i: Of<'bit-wait'>, executed: Code, go: Code): Code {
  const parked = e.own(PROCESS.parked)
  const word = emitPlace(e, i.place, true)
  const bit = constant(1 << i.bit)
  const isSet = and(read(word), bit)
  const take = i.take ? e.write(word, or(read(word), bit)) : []
  const park: Code = e.alone ? e.ask : [e.write(parked, constant(1)), result(constant(STATUS.next))]
  const sleep = [executed, word.set, emitMightSleep(e), when(isSet, park)]
  return [e.blockIf(read(parked)), sleep, take, go]
}

function emitBitWake(e: Emitter, i: Of<'bit-wake'>): Code {
  const word = emitPlace(e, i.place, true)
  const clear = i.clear ? e.write(word, and(read(word), constant(~(1 << i.bit)))) : []
  const wake = others(e, 'bit-wait', (other, waiting) => {
    if (waiting.bit !== i.bit) return []
    const parked = other.own(PROCESS.parked)
    const up = () => e.write(parked, constant(0))
    return sameAddress(other, waiting.place, word, up, (then) => when(read(parked), then))
  })
  return [word.set, clear, wake]
}

function anyAlive(e: Emitter, pool: number): Code {
  return anyOf(aliveCells(e, pool).map((cell) => read(e.cell(cell))))
}

function emitNextLive(e: Emitter, i: Of<'next-live'>): Code {
  const pool = e.system.pools[i.pool]
  if (!pool) throw new Error('no such pool')
  const from = e.keep(emitValue(e, i.from))
  const found = e.temporary()
  const candidates = aliveCells(e, i.pool).map((cell, index) => {
    const late = greaterOrEqual(constant(index), from.get)
    const here = e.setTemporary(found, constant(pool.base + index + 1))
    return when(and(late, read(e.cell(cell))), here)
  })
  return [
    from.set,
    e.setTemporary(found, constant(0)),
    candidates.reverse(),
    e.setSlot(i.slot, e.getTemporary(found)),
  ]
}
