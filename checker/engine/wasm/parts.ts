import type { BitField, Layout, NamedShape, Shape } from '../layout.js'
import { type Cells, cellsOf, lockCells, memberAt, PROCESS } from './cells.js'
import { firstOf } from './emitter.js'

/** A field of a packed state and the cell it is unpacked to. `member`: it is one bit of that cell, which is a mask. */
export interface Part {
  readonly cell: number
  readonly field: BitField
  readonly member: number | null
}

export interface ProcessParts {
  /** What is there at every location: the location itself, parked, sections, whether it awaits. */
  readonly header: readonly Part[]
  /** By location where control can rest: what it awaits there. Empty where it never awaits. */
  readonly awaits: ReadonlyMap<number, readonly Part[]>
  /** By location where control can rest: the locals kept there. */
  readonly kept: ReadonlyMap<number, readonly Part[]>
}

/** All of a layout, flat. Cells without a part are 0 in every state. */
export interface Parts {
  /** Of shared variables and objects. */
  readonly shared: readonly Part[]
  readonly processes: readonly ProcessParts[]
}

type Type = Parameters<typeof cellsOf>[0]

export function partsOf(layout: Layout, cells: Cells): Parts {
  const { system } = layout
  const { processCount } = cells

  const ofShape = (shape: Shape, type: Type | undefined, cell: number): readonly Part[] => {
    if (type === undefined) throw new Error('a shape of no type')
    switch (shape.kind) {
      case 'scalar':
        return [{ cell, field: shape.field, member: null }]
      case 'lock': {
        const waiting = cell + lockCells(processCount) - 1
        return [
          { cell, field: shape.owner, member: null },
          ...shape.readers
            .filter(({ process }) => process >= 0)
            .map(({ process, field }) => ({ cell: cell + 1 + process, field, member: null })),
          ...shape.waiting.map(({ process, field }) => ({ cell: waiting, field, member: process })),
        ]
      }
      case 'head':
        return [
          { cell, field: shape.callback, member: null },
          ...shape.readers.map(({ process, field }) => {
            return { cell: cell + 1, field, member: process }
          }),
        ]
      case 'array': {
        if (type.kind !== 'array') throw new Error('no array')
        const stride = cellsOf(type.of, processCount)
        return shape.items.flatMap((item, at) => ofShape(item, type.of, cell + at * stride))
      }
      case 'struct':
        return ofFields(shape.fields, type, cell)
    }
  }

  const ofFields = (fields: readonly NamedShape[], type: Type, cell: number): readonly Part[] =>
    fields.flatMap(({ name, shape }) => {
      const member = memberAt(type, name, processCount)
      return ofShape(shape, member.type, cell + member.offset)
    })

  const ofProcess = (process: number): ProcessParts => {
    const shape = layout.processes[process]
    const number = system.processes[process]?.code ?? -1
    const code = system.codes[number]
    if (!shape || !code) throw new Error('no code')
    const first = firstOf(cells, process)
    const plain = (cell: number, field: BitField | null): readonly Part[] =>
      field === null ? [] : [{ cell: first + cell, field, member: null }]
    const awaits = [...(shape.awaits?.members ?? [])].map(([at, fields]) => {
      const cell = first + PROCESS.awaits
      return [at, fields.map(({ member, field }) => ({ cell, field, member }))] as const
    })
    const kept = [...shape.kept].map(([at, slots]) => {
      const parts = slots.flatMap((slot, index) => {
        const cell = cells.localsOf[number]?.[slot.index] ?? 0
        return ofShape(slot.shape, code.kept[at]?.[index]?.type, first + cell)
      })
      return [at, parts] as const
    })
    return {
      header: [
        ...plain(PROCESS.at, shape.location),
        ...plain(PROCESS.parked, shape.parked),
        ...shape.sections.flatMap(({ section, field }) => plain(PROCESS[section], field)),
        ...plain(PROCESS.awaiting, shape.awaits?.begun ?? null),
      ],
      awaits: new Map(awaits),
      kept: new Map(kept),
    }
  }

  const shared = layout.shared.flatMap(({ shape }, at) =>
    ofShape(shape, system.shared[at]?.type, cells.shared[at] ?? 0),
  )
  const pools = layout.pools.flatMap(({ objects }, at) => {
    const storage = system.pools[at]
    const { first, stride } = cells.pools[at] ?? { first: 0, stride: 0 }
    return objects.flatMap(({ alive, fields }, index) => {
      const cell = first + index * stride
      const members = storage ? ofFields(fields, storage.type, cell + 1) : []
      return [{ cell, field: alive, member: null }, ...members]
    })
  })
  return {
    shared: [...shared, ...pools],
    processes: system.processes.map((_, process) => ofProcess(process)),
  }
}

export const awaitedAt = ({ awaits }: ProcessParts, location: number): readonly Part[] =>
  awaits.get(location) ?? []

/** What depends on where the process is. */
export const whatIsAt = (parts: ProcessParts, location: number): readonly Part[] => [
  ...awaitedAt(parts, location),
  ...(parts.kept.get(location) ?? []),
]

export const allParts = (parts: ProcessParts): readonly Part[] => [
  ...parts.header,
  ...[...parts.kept.keys()].flatMap((at) => whatIsAt(parts, at)),
]
