import type { Coding } from '../coding.js'
import type { BitField, Layout, NamedShape, Shape } from '../layout.js'
import { type Cells, cellsOf, EMPTY, lockCells, memberAt, PROCESS } from './cells.js'
import {
  add,
  and,
  type Code,
  constant,
  either,
  equal,
  global,
  greaterOrEqual,
  isZero,
  less,
  load,
  local,
  or,
  setLocal,
  shiftLeft,
  shiftRightUnsigned,
  store,
  subtract,
  when,
} from './code.js'
import type { Memory } from './emitter.js'
import { anyOf } from './helpers.js'

/**
 * Between the words of a packed state (`layout.ts`) and cells: straight code, a field after the other. Lists of values
 * go through tables in memory.
 */

/** Tables that packing needs; their contents are written when the module is linked. */
export class Tables {
  readonly #offset: number
  readonly values: number[] = []

  constructor(offset: number) {
    this.#offset = offset
  }

  /** Bytes from the base at which these numbers will be. */
  put(numbers: readonly number[]): number {
    const at = this.#offset + 4 * this.values.length
    this.values.push(...numbers)
    return at
  }
}

/** Locals of the two functions: scratch. */
const scratch = 0
const own = 1

/** Writes of one cell to its field, and back. `cell`: an address and an offset. */
interface Cell {
  readonly address: Code
  readonly offset: number
}

interface Direction {
  readonly field: (field: BitField, cell: Cell) => Code
  /** How often one process reads a lock; the waiters and readers that are masks. */
  readonly bit: (field: BitField, mask: Cell, member: number) => Code
}

export interface Packing {
  readonly pack: Code
  readonly unpack: Code
  /** Scratch locals that both use. */
  readonly locals: number
}

export function emitPacking(layout: Layout, cells: Cells, memory: Memory, tables: Tables): Packing {
  const writing: Direction = {
    field: (field, cell) => writeField(field, load(cell.address, cell.offset), memory, tables),
    bit: (field, mask, member) => {
      const bit = and(
        shiftRightUnsigned(load(mask.address, mask.offset), constant(member)),
        constant(1),
      )
      return writeField(field, bit, memory, tables)
    },
  }
  const reading: Direction = {
    field: (field, cell) => store(cell.address, cell.offset, readField(field, memory, tables)),
    bit: (field, mask, member) => {
      const bit = shiftLeft(readField(field, memory, tables), constant(member))
      return store(mask.address, mask.offset, or(load(mask.address, mask.offset), bit))
    },
  }
  const clear = Array.from({ length: layout.stateWords }, (_, word) =>
    store(global(0), memory.packedOut + 4 * word, constant(0)),
  )
  return {
    pack: [clear, walk(layout, cells, memory, writing, false)],
    unpack: walk(layout, cells, memory, reading, true),
    locals: 2,
  }
}

/** All fields of a layout. `isReading`: masks and absent cells are zeroed first. */
function walk(
  layout: Layout,
  cells: Cells,
  memory: Memory,
  direction: Direction,
  isReading: boolean,
): Code {
  const base = isReading ? memory.source : memory.work
  const here = (cell: number): Cell => ({ address: global(0), offset: base + 4 * cell })
  const walker = new Walker(cells, direction, isReading)
  const shared = layout.shared.map(({ shape }, at) =>
    walker.shape(shape, layout.system.shared[at]?.type, here(cells.shared[at] ?? 0)),
  )
  const pools = layout.pools.map(({ objects }, at) => {
    const storage = layout.system.pools[at]
    const place = cells.pools[at]
    return objects.map(({ alive, fields }, index) => {
      const first = (place?.first ?? 0) + index * (place?.stride ?? 0)
      return [
        direction.field(alive, here(first)),
        storage ? walker.fields(fields, storage.type, here(first + 1)) : [],
      ]
    })
  })
  const processes = layout.processes.map((process, at) => {
    const first = cells.processes + at * cells.processStride
    return walker.process(process, layout, at, here(first))
  })
  return [shared, pools, processes]
}

type Type = Parameters<typeof cellsOf>[0]

class Walker {
  readonly #cells: Cells
  readonly #direction: Direction
  readonly #isReading: boolean

  constructor(cells: Cells, direction: Direction, isReading: boolean) {
    this.#cells = cells
    this.#direction = direction
    this.#isReading = isReading
  }

  shape(shape: Shape, type: Type | undefined, cell: Cell): Code {
    if (type === undefined) throw new Error('a shape of no type')
    switch (shape.kind) {
      case 'scalar':
        return this.#direction.field(shape.field, cell)
      case 'lock': {
        const count = this.#cells.processCount
        const at = (index: number): Cell => ({ ...cell, offset: cell.offset + 4 * index })
        const waiting = at(lockCells(count) - 1)
        return [
          this.#zero(cell, lockCells(count)),
          this.#direction.field(shape.owner, cell),
          shape.readers
            .filter(({ process }) => process >= 0)
            .map(({ process, field }) => this.#direction.field(field, at(1 + process))),
          shape.waiting.map(({ process, field }) => this.#direction.bit(field, waiting, process)),
        ]
      }
      case 'head': {
        const readers = { ...cell, offset: cell.offset + 4 }
        return [
          this.#zero(cell, 2),
          this.#direction.field(shape.callback, cell),
          shape.readers.map(({ process, field }) => this.#direction.bit(field, readers, process)),
        ]
      }
      case 'array': {
        if (type.kind !== 'array') throw new Error('no array')
        const stride = 4 * cellsOf(type.of, this.#cells.processCount)
        const of = type.of
        return shape.items.map((item, at) =>
          this.shape(item, of, { ...cell, offset: cell.offset + at * stride }),
        )
      }
      case 'struct':
        return this.fields(shape.fields, type, cell)
    }
  }

  fields(fields: readonly NamedShape[], type: Type, cell: Cell): Code {
    return fields.map(({ name, shape }) => {
      const member = memberAt(type, name, this.#cells.processCount)
      return this.shape(shape, member.type, { ...cell, offset: cell.offset + 4 * member.offset })
    })
  }

  process(process: Layout['processes'][number], layout: Layout, at: number, cell: Cell): Code {
    const instance = layout.system.processes[at]
    const code = layout.system.codes[instance?.code ?? -1]
    const localsOf = this.#cells.localsOf[instance?.code ?? -1] ?? []
    if (!code) throw new Error('no code')
    const inside = (index: number): Cell => ({ ...cell, offset: cell.offset + 4 * index })
    const location = load(cell.address, cell.offset)
    // Locations that keep the same share their code.
    const groups = new Map<string, { readonly locations: number[]; readonly body: Code }>()
    for (const [where, parts] of process.kept) {
      if (parts.length === 0) continue
      const slots = code.kept[where] ?? []
      const key = JSON.stringify(parts)
      const known = groups.get(key)
      if (known) {
        known.locations.push(where)
        continue
      }
      const body = parts.map((part, index) =>
        this.shape(part.shape, slots[index]?.type, inside(localsOf[part.index] ?? 0)),
      )
      groups.set(key, { locations: [where], body })
    }
    const kept = [...groups.values()].map(({ locations, body }) =>
      when(among(location, locations), body),
    )
    return [
      this.#zero(cell, PROCESS.locals),
      this.#isReading ? this.#emptied(process, code, localsOf, inside) : [],
      this.#direction.field(process.location, cell),
      process.parked ? this.#direction.field(process.parked, inside(PROCESS.parked)) : [],
      process.sections.map(({ section, field }) =>
        this.#direction.field(field, inside(PROCESS[section])),
      ),
      this.#awaits(process, cell),
      kept,
    ]
  }

  /** Locals that were not kept have no value, also where a later location keeps them. */
  #emptied(
    process: Layout['processes'][number],
    code: Layout['system']['codes'][number],
    localsOf: readonly number[],
    inside: (index: number) => Cell,
  ): Code {
    const emptying: Direction = {
      field: ({ coding }, { address, offset }) =>
        coding.empty ? store(address, offset, constant(EMPTY)) : [],
      bit: () => [],
    }
    const walker = new Walker(this.#cells, emptying, false)
    const bodies = new Map<Shape, Code>()
    for (const [where, parts] of process.kept) {
      const slots = code.kept[where] ?? []
      for (const [at, { index, shape }] of parts.entries()) {
        if (bodies.has(shape)) continue
        bodies.set(shape, walker.shape(shape, slots[at]?.type, inside(localsOf[index] ?? 0)))
      }
    }
    return [...bodies.values()]
  }

  #awaits(process: Layout['processes'][number], cell: Cell): Code {
    if (process.awaits === null) return []
    const inside = (index: number): Cell => ({ ...cell, offset: cell.offset + 4 * index })
    const location = load(cell.address, cell.offset)
    const begun = inside(PROCESS.awaiting)
    const members = [...process.awaits.members].map(([where, fields]) =>
      when(
        and(equal(location, constant(where)), load(begun.address, begun.offset)),
        fields.map(({ member, field }) =>
          this.#direction.bit(field, inside(PROCESS.awaits), member),
        ),
      ),
    )
    return [this.#direction.field(process.awaits.begun, begun), members]
  }

  #zero(cell: Cell, count: number): Code {
    if (!this.#isReading) return []
    return Array.from({ length: count }, (_, at) =>
      store(cell.address, cell.offset + 4 * at, constant(0)),
    )
  }
}

const among = (location: Code, locations: readonly number[]): Code =>
  anyOf(locations.map((one) => equal(location, constant(one))))

// ---- one field

function writeField(field: BitField, value: Code, memory: Memory, tables: Tables): Code {
  if (field.width === 0) return []
  const code = local(scratch)
  const word = memory.packedOut + 4 * (field.offset >>> 5)
  const shift = field.offset & 31
  const into = (offset: number, part: Code): Code =>
    store(global(0), offset, or(load(global(0), offset), part))
  const low = into(word, shift === 0 ? code : shiftLeft(code, constant(shift)))
  const crosses = shift + field.width > 32
  const high = crosses ? into(word + 4, shiftRightUnsigned(code, constant(32 - shift))) : []
  return [setLocal(scratch, encode(field.coding, value, tables)), low, high]
}

function readField(field: BitField, memory: Memory, tables: Tables): Code {
  if (field.width === 0) return decode(field.coding, constant(0), tables)
  const word = memory.packedIn + 4 * (field.offset >>> 5)
  const shift = field.offset & 31
  const low = shiftRightUnsigned(load(global(0), word), constant(shift))
  const crosses = shift + field.width > 32
  const bits = crosses ? or(low, shiftLeft(load(global(0), word + 4), constant(32 - shift))) : low
  const mask = field.width >= 32 ? -1 : (1 << field.width) - 1
  return decode(field.coding, and(bits, constant(mask)), tables)
}

function encode(coding: Coding, value: Code, tables: Tables): Code {
  const inner = encodeValue(coding, coding.empty ? local(own) : value, tables)
  if (!coding.empty) return inner
  const isEmpty = equal(local(own), constant(EMPTY))
  return [setLocal(own, value), either(isEmpty, constant(0), add(inner, constant(1)))]
}

function encodeValue(coding: Coding, value: Code, tables: Tables): Code {
  switch (coding.kind) {
    case 'range':
      return coding.from === 0 ? value : subtract(value, constant(coding.from))
    case 'bits':
      return value
    case 'list': {
      const { from, ranks } = ranksOf(coding.values)
      const table = tables.put(ranks)
      const index = shiftLeft(subtract(value, constant(from)), constant(2))
      return load(add(global(0), index), table)
    }
    case 'pointer': {
      const first = coding.numbers[0] ?? 0
      const fresh = subtract(value, constant(first))
      if (coding.staleBit === 0) return either(isZero(value), constant(0), fresh)
      const stale = add(subtract(constant(-first), value), constant(coding.staleBit))
      return either(isZero(value), constant(0), either(less(value, constant(0)), stale, fresh))
    }
  }
}

/** Rank by value, from the least value up. */
function ranksOf(values: readonly number[]): { readonly from: number; readonly ranks: number[] } {
  const from = Math.min(...values)
  const ranks = new Array<number>(Math.max(...values) - from + 1).fill(0)
  for (const [rank, value] of values.entries()) ranks[value - from] = rank
  return { from, ranks }
}

function decode(coding: Coding, code: Code, tables: Tables): Code {
  if (!coding.empty) return decodeValue(coding, code, tables)
  const inner = decodeValue(coding, subtract(local(own), constant(1)), tables)
  return [setLocal(own, code), either(isZero(local(own)), constant(EMPTY), inner)]
}

function decodeValue(coding: Coding, code: Code, tables: Tables): Code {
  switch (coding.kind) {
    case 'range':
      return coding.from === 0 ? code : add(code, constant(coding.from))
    case 'bits':
      return code
    case 'list': {
      const table = tables.put(coding.values)
      return load(add(global(0), shiftLeft(code, constant(2))), table)
    }
    case 'pointer': {
      const first = coding.numbers[0] ?? 0
      const fresh = add(local(scratch), constant(first))
      const set = setLocal(scratch, code)
      if (coding.staleBit === 0) {
        return [set, either(isZero(local(scratch)), constant(0), fresh)]
      }
      const stale = subtract(constant(coding.staleBit - first), local(scratch))
      return [
        set,
        either(
          isZero(local(scratch)),
          constant(0),
          either(greaterOrEqual(local(scratch), constant(coding.staleBit)), stale, fresh),
        ),
      ]
    }
  }
}

/** Pointers are coded by subtracting, so the objects they lead to must be numbered without gaps. */
export const isContiguous = (coding: Coding): boolean =>
  coding.kind !== 'pointer' ||
  coding.numbers.every((number, at) => number === (coding.numbers[0] ?? 0) + at)
