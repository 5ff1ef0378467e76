import { INIT, type TransitionSystem } from '../../spec/index.js'
import type { BitField, Layout, Shape } from './layout.js'

/** The layout as a table, one field a line: its bits, its name, what its codes stand for. Stable, for golden tests. */
export function dumpLayout(layout: Layout): string {
  const rows: (readonly [bits: string, name: string, codes: string])[] = []
  const add = (field: BitField, indent = '') => {
    rows.push([bitsText(field), `${indent}${field.name}`, codesText(field, layout.system)])
  }
  for (const { shape } of layout.shared) for (const field of fieldsOf(shape)) add(field)
  for (const { objects } of layout.pools) {
    for (const { alive, fields } of objects) {
      add(alive)
      for (const { shape } of fields) for (const field of fieldsOf(shape)) add(field)
    }
  }
  for (const { location, parked, sections, awaits, kept } of layout.processes) {
    add(location)
    if (parked !== null) add(parked)
    for (const { field } of sections) add(field)
    if (awaits !== null) {
      add(awaits.begun)
      for (const { field } of [...awaits.members.values()].flat()) add(field, '  ')
    }
    const shapes = new Set([...kept.values()].flatMap((parts) => parts.map((part) => part.shape)))
    const fields = [...shapes].flatMap(fieldsOf)
    for (const field of fields.sort((left, right) => left.offset - right.offset)) add(field, '  ')
  }
  const { system, stateBits, stateWords } = layout
  const words = `${stateWords} ${stateWords === 1 ? 'word' : 'words'}`
  const title = `layout of ${system.name}: ${stateBits} bits in ${words}`
  return `${[title, ...aligned(rows)].join('\n')}\n`
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = [0, 1].map((column) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

function fieldsOf(shape: Shape): BitField[] {
  switch (shape.kind) {
    case 'scalar':
      return [shape.field]
    case 'lock':
      return [shape.owner, ...[...shape.readers, ...shape.waiting].map((user) => user.field)]
    case 'head':
      return [shape.callback, ...shape.readers.map((user) => user.field)]
    case 'array':
      return shape.items.flatMap(fieldsOf)
    case 'struct':
      return shape.fields.flatMap(({ shape: field }) => fieldsOf(field))
  }
}

function bitsText({ offset, width }: BitField): string {
  if (width === 0) return '-'
  return width === 1 ? `${offset}` : `${offset}..${offset + width - 1}`
}

function codesText({ name, coding }: BitField, system: TransitionSystem): string {
  const empty = coding.empty ? 'empty, ' : ''
  switch (coding.kind) {
    case 'range':
      return `${empty}${coding.from}..${coding.to}`
    case 'bits':
      return `${empty}${coding.bitCount} ${coding.bitCount === 1 ? 'bit' : 'bits'}`
    case 'list': {
      const isOwner = name.endsWith('.owner')
      const word = (value: number) => (isOwner ? ownerText(value, system) : String(value))
      return `${empty}${coding.values.map(word).join(', ')}`
    }
    case 'pointer': {
      const stale = coding.staleBit === 0 ? '' : ', each also stale'
      const count = coding.numbers.length
      return `${empty}null, ${count} ${count === 1 ? 'object' : 'objects'}${stale}`
    }
  }
}

function ownerText(process: number, system: TransitionSystem): string {
  if (process === -1) return 'nobody'
  return process === INIT ? 'init' : (system.processes[process]?.name ?? '?')
}
