import {
  add,
  and,
  block,
  branch,
  branchIf,
  type Code,
  constant,
  countLeadingZeros,
  equal,
  global,
  greaterOrEqualUnsigned,
  greaterUnsigned,
  isZero,
  load,
  loop,
  multiply,
  narrow,
  notEqual,
  or,
  result,
  shiftRightUnsigned,
  store,
  storeByte,
  subtract,
  when,
  wideConstant,
  wideLoad,
  wideNotEqual,
  widen,
  wideProduct,
  wideShiftRightBy,
  wideStore,
  wideXor,
  xor,
} from '../code.js'
import { atomicAdd, atomicExchange, atomicLoad } from '../code-atomic.js'
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
  /** (address of an entry that is aimed) → id, with `NEW` when the entry is in the table only now */
  readonly insert: Declared
  /** (address of an entry that is aimed) → id, or -1 */
  readonly find: Declared
  /** (address of an entry): `fill` with its own words, and `aim` */
  readonly aimed: Declared
  /** (address of an entry that is aimed, with its id for a process): puts a state of the arena into the table */
  readonly enter: Declared
  /** Writes words into an entry, with their hash. */
  fill(frame: Frame): (entry: Code, from: Code, offset: number) => Code
}

export const NEW = -(2 ** 31)

/**
 * A state on its way into the table: its hash, its tag, the process that moved, how far the search for it has come in the
 * table, then its words.
 */
export const ENTRY = { hash: 0, tag: 4, process: 8, slot: 12, words: 16 } as const
export const entryBytes = (plan: Pick<StorePlan, 'stride'>): number =>
  ENTRY.words + Math.ceil(plan.stride / 8) * 8

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
  const table: Table = {
    insert: writer.declare('insert', 1, 1),
    find: writer.declare('find', 1, 1),
    aimed: writer.declare('aimed', 1, 0),
    enter: writer.declare('enter', 1, 0),
    fill: (frame) => filling(frame, plan, hashBits),
  }
  defineProbe(writer, table.insert, plan, (id, tagged) => insertion(plan, desk, id, tagged))
  defineProbe(writer, table.find, plan, () => result(constant(-1)))
  const frame = new Frame(1)
  const entry = frame.parameter(0).get
  const body = [table.fill(frame)(entry, entry, ENTRY.words), aim(entry)]
  writer.define(table.aimed, frame.kinds, body)
  defineEnter(writer, table.enter, plan)
  return table
}

/** Says where the search for an entry begins, by its hash and the slots there are. */
export const aim = (entry: Code): Code => store(entry, ENTRY.slot, slotAddress(entry))

/** Reads what an aimed entry points at, so that it is in the cache when it matters. */
export const touched = (plan: StorePlan, entry: Code): Code =>
  load(load(entry, ENTRY.slot), plan.tableAt)

/**
 * Moves the aim of an entry on to the first slot that is empty or has its tag, and reads the state there: for the cache,
 * too. Slots that were passed never become anybody else's.
 */
export function emitApproach(
  plan: StorePlan,
  frame: Frame,
): (entry: Code) => { readonly go: Code; readonly touched: Code } {
  const slot = frame.word()
  const value = frame.word()
  const tag = frame.word()
  const end = frame.word()
  const mask = frame.word()
  const isEqual = greaterOrEqualUnsigned(mask.get, xor(value.get, tag.get))
  const known = and(value.get, mask.get)
  return (entry) => ({
    go: [
      slot.set(load(entry, ENTRY.slot)),
      tag.set(load(entry, ENTRY.tag)),
      mask.set(idMask),
      block(
        loop([
          value.set(load(slot.get, plan.tableAt)),
          branchIf(1, isZero(value.get)),
          branchIf(1, isEqual),
          end.set(multiply(load(constant(0), control('slots')), constant(4))),
          slot.set(add(slot.get, constant(4))),
          when(equal(slot.get, end.get), slot.set(constant(0))),
          branch(0),
        ]),
      ),
      store(entry, ENTRY.slot, slot.get),
    ],
    // An empty slot leads before the arena, where the marks are.
    touched: load(multiply(known, constant(plan.stride)), plan.arenaAt - plan.stride),
  })
}

/**
 * The multiplication and shift of MurmurHash3's 64-bit finaliser, once a word (Appleby, 2011). Only decides where the
 * search begins and what the tag is: the set is exact with any hash.
 */
function filling(
  frame: Frame,
  plan: StorePlan,
  hashBits: number,
): (entry: Code, from: Code, offset: number) => Code {
  const hash = frame.wide()
  const word = frame.wide()
  const mix = (factor: bigint): Code => [
    hash.set(wideProduct(hash.get, wideConstant(factor))),
    hash.set(wideXor(hash.get, wideShiftRightBy(hash.get, 32))),
  ]
  const mask = (1n << BigInt(hashBits)) - 1n
  return (entry, from, offset) => {
    const words: Code[] = []
    for (let at = 0; at < plan.stride; at += 8) {
      const isWhole = plan.stride - at >= 8
      const read = isWhole ? wideLoad(from, offset + at) : widen(load(from, offset + at))
      // Entries have room for whole words.
      const kept = wideStore(entry, ENTRY.words + at, word.get)
      words.push([word.set(read), kept, hash.set(wideXor(hash.get, word.get))])
      words.push(mix(0xff51afd7ed558ccdn))
    }
    return [
      hash.set(wideConstant(0x9e3779b97f4a7c15n)),
      words,
      mix(0xc4ceb9fe1a85ec53n),
      hashBits < 64 ? hash.set([hash.get, wideConstant(mask), 0x83]) : [],
      store(entry, ENTRY.hash, narrow(hash.get)),
      store(entry, ENTRY.tag, narrow(wideShiftRightBy(hash.get, 32))),
    ]
  }
}

/** The bits of a slot that are id + 1: as many as the number of slots has, for there are fewer ids. The others are tag. */
const idMask: Code = shiftRightUnsigned(
  constant(-1),
  countLeadingZeros(load(constant(0), control('slots'))),
)
/** A slot, given the mask. */
const slotted = (tag: Code, mask: Code, id: Code): Code =>
  or(and(tag, xor(mask, constant(-1))), add(id, constant(1)))

/** Byte offset in the table of the slot that an entry's hash leads to: its share of the slots there are. */
const slotAddress = (entry: Code): Code =>
  multiply(
    narrow(
      wideShiftRightBy(
        wideProduct(widen(load(entry, ENTRY.hash)), widen(load(constant(0), control('slots')))),
        32,
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
  const mask = frame.word()
  const parts = { entry: entry.get, value, tag: tag.get, mask: mask.get, id }
  const tagDiffers = greaterUnsigned(xor(value.get, tag.get), mask.get)
  const known = subtract(and(value.get, mask.get), constant(1))
  const state = multiply(id.get, constant(plan.stride))
  writer.define(declared, frame.kinds, [
    slot.set(load(entry.get, ENTRY.slot)),
    tag.set(load(entry.get, ENTRY.tag)),
    mask.set(idMask),
    end.set(multiply(load(constant(0), control('slots')), constant(4))),
    loop([
      value.set(atomicLoad(slot.get, plan.tableAt)),
      when(isZero(value.get), onEmpty(slot.get, parts)),
      block([
        branchIf(0, tagDiffers),
        id.set(known),
        differingWords(plan, state, plan.arenaAt, entry.get).map((differs) => branchIf(0, differs)),
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
  readonly mask: Code
  readonly id: { readonly get: Code; readonly set: (value: Code) => Code }
}

/** One condition a word of 64 bits: not 0 where the state of an id and an entry differ. */
export function differingWords(plan: StorePlan, state: Code, offset: number, entry: Code): Code[] {
  const found: Code[] = []
  for (let at = 0; at < plan.stride; at += 8) {
    const isWhole = plan.stride - at >= 8
    const here = offset + at
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
  const { entry, value, tag, mask, id } = parts
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
    value.set(atomicExchange(slot, plan.tableAt, constant(0), slotted(tag, mask, id.get))),
    when(isZero(value.get), [
      storeByte(id.get, plan.marksAt, constant(MARK.present)),
      store(base, desk.chunk, add(id.get, constant(1))),
      store(base, desk.found, add(load(base, desk.found), constant(1))),
      result(or(id.get, constant(NEW))),
    ]),
  ]
}

/** Step 6: the state is in the arena and in no slot, so any empty slot on its way is its own. */
function defineEnter(writer: ModuleWriter, declared: Declared, plan: StorePlan): void {
  const frame = new Frame(1)
  const entry = frame.parameter(0)
  const slot = frame.word()
  const end = frame.word()
  const value = slotted(load(entry.get, ENTRY.tag), idMask, load(entry.get, ENTRY.process))
  writer.define(declared, frame.kinds, [
    slot.set(load(entry.get, ENTRY.slot)),
    end.set(multiply(load(constant(0), control('slots')), constant(4))),
    block(
      loop([
        branchIf(1, isZero(atomicExchange(slot.get, plan.tableAt, constant(0), value))),
        slot.set(add(slot.get, constant(4))),
        when(equal(slot.get, end.get), slot.set(constant(0))),
        branch(0),
      ]),
    ),
  ])
}
