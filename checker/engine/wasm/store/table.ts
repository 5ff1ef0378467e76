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
  isZero,
  load,
  local,
  loop,
  multiply,
  notEqual,
  or,
  result,
  store,
  storeByte,
  subtract,
  when,
  xor,
} from '../code.js'
import {
  atomicAdd,
  atomicExchange,
  atomicLoad,
  narrow,
  widen,
  wideConstant,
  wideLoad,
  wideNotEqual,
  wideProduct,
  wideShiftRightUnsigned,
  wideStore,
  wideXor,
} from '../code-wide.js'
import { Frame } from '../frame.js'
import type { Declared, ModuleWriter } from '../module.js'
import { CONTROL, MARK, type StorePlan } from './plan.js'

/**
 * The visited set: open addressing with linear probing over 32-bit slots, insert-only, shared by all workers without a
 * lock.
 *
 * Protocol. A slot goes from 0 (empty) to id + 1 with a tag, once, and never changes again while workers run.
 *
 *   1. Who finds an empty slot writes the state into an id of its own in the arena, and only then puts that id into the
 *      slot by compare-and-swap. The swap is sequentially consistent, so whoever reads the id reads the state as well.
 *   2. Who loses the swap goes on with the slot as the winner left it, and keeps its id for the next state.
 *   3. Equal states begin at the same slot and pass the same slots, none of which ever becomes empty again; so the
 *      second one meets the first, and no state gets two ids.
 *   4. A tag that differs says the states differ; one that agrees says nothing, and the words are compared. So the set
 *      is exact.
 *   5. An empty slot always exists: nobody inserts once `CONTROL.fill` ids are taken; see `growth` in `plan.ts`.
 *   6. Slots are cleared and filled again from the arena only while no worker inserts anything else.
 *
 * Ids are taken from `CONTROL.next` in chunks; what a worker has not used of its chunk when a level ends is a hole,
 * whose mark is 0.
 */
export interface Table {
  /** (address of an entry) → id, with `NEW` when the entry is in the table only now */
  readonly insert: Declared
  /** (address of an entry) → id, or -1 */
  readonly find: Declared
  /** (address of an entry): writes its hash from its words */
  readonly hash: Declared
  /** (address of an entry): reads the slot the search for it begins at, so that it is in the cache when it matters */
  readonly touch: Declared
  /** (id, address of a free entry): puts a state of the arena into the table */
  readonly enter: Declared
}

export const NEW = -(2 ** 31)

/** A state on its way into the table: the hash of its slot, its tag, the process that moved, then its words. */
export const ENTRY = { slot: 0, tag: 4, process: 8, words: 16 } as const
export const entryBytes = (plan: Pick<StorePlan, "stride">): number => ENTRY.words + Math.ceil(plan.stride / 8) * 8

/** Ids are taken in chunks of so many. */
export const CHUNK = 128

/** Where a worker notes, in bytes from its base: its chunk, and how many states it found. */
export interface TableDesk {
  readonly chunk: number
  readonly chunkEnd: number
  readonly found: number
}

const control = (word: keyof typeof CONTROL): number => 4 * CONTROL[word]

/** `hashBits`: less than 64 forces collisions, for tests. */
export function emitTable(
  writer: ModuleWriter,
  plan: StorePlan,
  desk: TableDesk,
  hashBits = 64,
): Table {
  const table = {
    insert: writer.declare('insert', 1, 1),
    find: writer.declare('find', 1, 1),
    hash: writer.declare('hash', 1, 0),
    touch: writer.declare('touch', 1, 1),
    enter: writer.declare('enter', 2, 0),
  }
  defineHash(writer, table.hash, plan, hashBits)
  defineProbe(writer, table.insert, plan, (id, tagged) => insertion(plan, desk, id, tagged))
  defineProbe(writer, table.find, plan, () => result(constant(-1)))
  writer.define(table.touch, [], load(slotAddress(local(0)), plan.tableAt))
  defineEnter(writer, table, plan)
  return table
}

/**
 * The multiplication and shift of MurmurHash3's 64-bit finaliser, once a word (Appleby, 2011). Only decides where the
 * search begins and what the tag is: the set is exact with any hash.
 */
function defineHash(
  writer: ModuleWriter,
  declared: Declared,
  plan: StorePlan,
  hashBits: number,
): void {
  const frame = new Frame(1)
  const entry = frame.parameter(0)
  const hash = frame.wide()
  const mix = (factor: bigint): Code => [
    hash.set(wideProduct(hash.get, wideConstant(factor))),
    hash.set(wideXor(hash.get, wideShiftRightUnsigned(hash.get, wideConstant(32n)))),
  ]
  const words: Code[] = []
  for (let at = 0; at < plan.stride; at += 8) {
    const offset = ENTRY.words + at
    const word =
      plan.stride - at >= 8 ? wideLoad(entry.get, offset) : widen(load(entry.get, offset))
    words.push([hash.set(wideXor(hash.get, word)), mix(0xff51afd7ed558ccdn)])
  }
  const mask = (1n << BigInt(hashBits)) - 1n
  writer.define(declared, frame.kinds, [
    hash.set(wideConstant(0x9e3779b97f4a7c15n)),
    words,
    mix(0xc4ceb9fe1a85ec53n),
    hashBits < 64 ? hash.set([hash.get, wideConstant(mask), 0x83]) : [],
    store(entry.get, ENTRY.slot, narrow(hash.get)),
    store(
      entry.get,
      ENTRY.tag,
      and(
        narrow(wideShiftRightUnsigned(hash.get, wideConstant(32n))),
        constant(~idMask(plan)),
      ),
    ),
  ])
}

const idMask = (plan: StorePlan): number => (2 ** plan.idBits - 1) | 0

/** Byte offset in the table of the slot that an entry's hash leads to: its share of the slots there are. */
const slotAddress = (entry: Code): Code =>
  multiply(
    narrow(
      wideShiftRightUnsigned(
        wideProduct(
          widen(load(entry, ENTRY.slot)),
          widen(load(constant(0), control('slots'))),
        ),
        wideConstant(32n),
      ),
    ),
    constant(4),
  )

/** Goes from slot to slot until the state is found, or to an empty slot. */
function defineProbe(
  writer: ModuleWriter,
  declared: Declared,
  plan: StorePlan,
  onEmpty: (slot: Code, parts: ProbeParts) => Code,
): void {
  const frame = new Frame(1)
  const entry = frame.parameter(0)
  const slot = frame.word()
  const value = frame.word()
  const tag = frame.word()
  const end = frame.word()
  const id = frame.word()
  const parts = { entry: entry.get, value, tag: tag.get, id }
  const tagDiffers = and(xor(value.get, tag.get), constant(~idMask(plan)))
  const known = subtract(and(value.get, constant(idMask(plan))), constant(1))
  writer.define(declared, frame.kinds, [
    slot.set(slotAddress(entry.get)),
    tag.set(load(entry.get, ENTRY.tag)),
    end.set(multiply(load(constant(0), control('slots')), constant(4))),
    loop([
      value.set(atomicLoad(slot.get, plan.tableAt)),
      when(isZero(value.get), onEmpty(slot.get, parts)),
      block([
        branchIf(0, tagDiffers),
        id.set(known),
        differingWords(plan, id.get, entry.get).map((differs) => branchIf(0, differs)),
        result(id.get),
      ]),
      slot.set(add(slot.get, constant(4))),
      when(equal(slot.get, end.get), slot.set(constant(0))),
      branch(0),
    ]),
    // No way leads here.
    constant(-1),
  ])
}

interface ProbeParts {
  readonly entry: Code
  readonly value: { readonly get: Code; readonly set: (value: Code) => Code }
  readonly tag: Code
  readonly id: { readonly get: Code; readonly set: (value: Code) => Code }
}

/** One condition a word of 64 bits: not 0 where the state of an id and an entry differ. */
function differingWords(plan: StorePlan, id: Code, entry: Code): Code[] {
  const state = multiply(id, constant(plan.stride))
  const found: Code[] = []
  for (let at = 0; at < plan.stride; at += 8) {
    const isWhole = plan.stride - at >= 8
    const here = plan.arenaAt + at
    const there = ENTRY.words + at
    found.push(
      isWhole
        ? wideNotEqual(wideLoad(state, here), wideLoad(entry, there))
        : notEqual(load(state, here), load(entry, there)),
    )
  }
  return found
}

export function copyWords(
  plan: StorePlan,
  to: Code,
  toOffset: number,
  from: Code,
  fromOffset: number,
): Code {
  const copied: Code[] = []
  for (let at = 0; at < plan.stride; at += 8) {
    copied.push(
      plan.stride - at >= 8
        ? wideStore(to, toOffset + at, wideLoad(from, fromOffset + at))
        : store(to, toOffset + at, load(from, fromOffset + at)),
    )
  }
  return copied
}

/** Steps 1 and 2 of the protocol. Falls through when the swap is lost, with the winner's slot in `value`. */
function insertion(plan: StorePlan, desk: TableDesk, slot: Code, parts: ProbeParts): Code {
  const { entry, value, tag, id } = parts
  const base = global(0)
  const state = multiply(id.get, constant(plan.stride))
  return [
    id.set(load(base, desk.chunk)),
    when(equal(id.get, load(base, desk.chunkEnd)), [
      id.set(atomicAdd(constant(0), control('next'), constant(CHUNK))),
      store(base, desk.chunk, id.get),
      store(base, desk.chunkEnd, add(id.get, constant(CHUNK))),
    ]),
    copyWords(plan, state, plan.arenaAt, entry, ENTRY.words),
    value.set(
      atomicExchange(slot, plan.tableAt, constant(0), or(tag, add(id.get, constant(1)))),
    ),
    when(isZero(value.get), [
      storeByte(id.get, plan.marksAt, constant(MARK.present)),
      store(base, desk.chunk, add(id.get, constant(1))),
      store(base, desk.found, add(load(base, desk.found), constant(1))),
      result(or(id.get, constant(NEW))),
    ]),
  ]
}

/** Step 6: the state is in the arena and in no slot, so any empty slot on its way is its own. */
function defineEnter(writer: ModuleWriter, table: Table, plan: StorePlan): void {
  const frame = new Frame(2)
  const id = frame.parameter(0)
  const entry = frame.parameter(1)
  const slot = frame.word()
  const end = frame.word()
  const slotted = or(load(entry.get, ENTRY.tag), add(id.get, constant(1)))
  const state = multiply(id.get, constant(plan.stride))
  writer.define(table.enter, frame.kinds, [
    copyWords(plan, entry.get, ENTRY.words, state, plan.arenaAt),
    call(table.hash.index, entry.get),
    slot.set(slotAddress(entry.get)),
    end.set(multiply(load(constant(0), control('slots')), constant(4))),
    block(
      loop([
        branchIf(1, isZero(atomicExchange(slot.get, plan.tableAt, constant(0), slotted))),
        slot.set(add(slot.get, constant(4))),
        when(equal(slot.get, end.get), slot.set(constant(0))),
        branch(0),
      ]),
    ),
  ])
}
