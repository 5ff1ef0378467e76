import type { Instruction } from '../../../spec/index.js'
import { lockCells, PROCESS } from './cells.js'
import {
  and,
  anyOf,
  type Code,
  constant,
  either,
  equal,
  greaterOrEqual,
  isZero,
  notEqual,
  or,
  result,
  shiftLeft,
  shiftRightUnsigned,
  when,
} from './code.js'
import { type Address, type Emitter, moved, read } from './emitter.js'
import { isAmong, restingIn } from './helpers.js'
import { isHandler } from './locks.js'
import { emitPlace } from './places.js'
import { headCells } from './rcu.js'

/**
 * What is asked of every state, quickly: could anything be wrong with it? Only then the reference engine is asked what.
 * Runs on the work cells.
 */

type Lock = Instruction & { kind: 'lock' }

/**
 * 1 when processes wait for each other in a cycle of owners. `e` writes the function; its process is 0. Whoever waits for
 * somebody who does not wait is taken out, until nobody is left or all wait for each other.
 */
export function emitCycle(e: Emitter): Code {
  const { system } = e
  const count = system.processes.length
  const masks = system.processes.map((_, process) => waitMask(e, process))
  const kept = masks.map((mask) => e.keep(mask))
  const left = e.temporary()
  const all = e.getTemporary(left)
  const waiting = kept.map((mask, process) =>
    shiftLeft(notEqual(mask.get, constant(0)), constant(process)),
  )
  const once = kept.map((mask, process) =>
    when(
      and(and(shiftRightUnsigned(all, constant(process)), constant(1)), isZero(and(mask.get, all))),
      e.setTemporary(left, and(all, constant(~(1 << process)))),
    ),
  )
  return [
    kept.map((mask) => mask.set),
    e.setTemporary(left, anyOf(waiting)),
    when(isZero(all), result(constant(0))),
    Array.from({ length: count }, () => once),
    notEqual(all, constant(0)),
  ]
}

/** The processes that must move before this one can; 0 when it waits for nobody. Sleeping where it may not is no wait. */
function waitMask(e: Emitter, process: number): Code {
  const { system } = e
  const instance = system.processes[process]
  const code = system.codes[instance?.code ?? -1]
  if (!instance || !code) return constant(0)
  const emitter = e.as(process)
  const here = read(emitter.own(PROCESS.at))
  const mask = e.temporary()
  const set = (value: Code): Code => e.setTemporary(mask, value)
  const cases = code.instructions.flatMap((i, location) => {
    const waits = maskOf(emitter, i)
    return waits === null
      ? []
      : [when(equal(here, constant(location)), [waits.before, set(waits.mask)])]
  })
  const interrupted = system.processes.flatMap((other, handler) => {
    const runs = system.codes[other.code]
    const blocks =
      other.on === process ||
      (other.context === 'hardirq' && instance.context === 'softirq' && other.on === instance.on)
    if (other.on === null || handler === process || !blocks || !runs) return []
    const ended = isAmong(here, endsOf(code.instructions))
    const at = read(e.as(handler).own(PROCESS.at))
    const active = isZero(isAmong(at, restingIn(runs)))
    return [when(and(active, isZero(ended)), set(constant(1 << handler)))]
  })
  return [set(constant(0)), cases, interrupted, e.getTemporary(mask)]
}

const endsOf = (instructions: readonly Instruction[]): readonly number[] =>
  instructions.flatMap((i, at) => (i.kind === 'end' ? [at] : []))

function maskOf(e: Emitter, i: Instruction): { readonly before: Code; readonly mask: Code } | null {
  if (i.kind === 'grace') {
    const awaits = read(e.own(PROCESS.awaits))
    return { before: [], mask: either(read(e.own(PROCESS.awaiting)), awaits, constant(0)) }
  }
  if (i.kind !== 'lock' || i.result !== null || !i.action.endsWith('-lock')) return null
  // It has only come here: what it would find is not checked yet, and a null pointer leads nowhere.
  const lock = emitPlace(e, i.place, false)
  return { before: lock.set, mask: holdersOf(e, i, lock) }
}

/** Whom the lock makes this process wait for. */
function holdersOf(e: Emitter, i: Lock, lock: Address): Code {
  const count = e.cells.processCount
  const owner = read(lock)
  const isOwned = greaterOrEqual(owner, constant(0))
  const ownerBit = shiftLeft(constant(1), owner)
  const readers = anyOf(
    Array.from({ length: count }, (_, process) =>
      shiftLeft(notEqual(read(moved(lock, 1 + process)), constant(0)), constant(process)),
    ),
  )
  const waiting = read(moved(lock, lockCells(count) - 1))
  switch (i.action) {
    case 'read-lock': {
      const blocked = isHandler(e) ? constant(0) : and(notEqual(readers, constant(0)), constant(-1))
      return either(isOwned, ownerBit, either(blocked, waiting, constant(0)))
    }
    case 'write-lock':
      return either(isOwned, ownerBit, readers)
    default:
      return either(isOwned, ownerBit, constant(0))
  }
}

/** 1 when every thread has finished, every daemon is between two runs, and no callback is queued. */
export function emitMayRest(e: Emitter): Code {
  const { system } = e
  const unfinished = system.processes.map((instance, process) => {
    const code = system.codes[instance.code]
    const places = instance.daemon ? [...(code?.idle ?? [])] : endsOf(code?.instructions ?? [])
    return isZero(isAmong(read(e.as(process).own(PROCESS.at)), places))
  })
  const queued = headCells(e.cells).map((head) => greaterOrEqual(read(e.cell(head)), constant(0)))
  return isZero(or(anyOf(unfinished), anyOf(queued)))
}
