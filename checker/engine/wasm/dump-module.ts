import type { TransitionSystem } from '../../../spec/index.js'
import { type Compiled, compile, isCompilable } from './compile.js'
import { compileExplorer } from './explorer/index.js'
import { readModule } from './read-module.js'

/** The module that a search of one thread runs, and what is in it. */
export interface DumpedModule {
  readonly bytes: Uint8Array
  /** Imports, memory and functions, for people. */
  readonly listing: string
}

/**
 * The module of a system, as a search of one thread in `memoryBytes` compiles it: with what explores, where the system is
 * for that explorer; null where the system is for the reference engine.
 */
export function dumpModule(system: TransitionSystem, memoryBytes: number): DumpedModule | null {
  if (!isCompilable(system)) return null
  const explorer = compileExplorer(system, { workers: 1, bytes: memoryBytes })
  const compiled = explorer?.compiled ?? compile(system)
  const { bytes } = compiled
  const holds = explorer === null ? 'steps only' : 'steps and their exploration'
  const { imports, functions } = readModule(bytes)
  const lines = [
    `module of ${system.name}: ${bytes.length} bytes, ${holds}`,
    '',
    'imports',
    ...columns(imports.map(({ name, what }) => [name, what])),
    '',
    'memory, from env.base on',
    ...columns(areas(compiled).map(([name, from, size]) => [`${from}`, `${size}`, name])),
    '',
    'functions: index, bytes, parameters, results, name; * is exported',
    ...columns(
      functions.map(({ name, parameters, results, bytes: size, exported }, at) => [
        `${at}`,
        `${size}`,
        `${parameters}`,
        `${results}`,
        `${exported ? '*' : ' '} ${name}`,
      ]),
    ),
  ]
  return { bytes, listing: `${lines.join('\n')}\n` }
}

/** What is where in the memory of a system: name, first byte, bytes; what the explorer has comes behind it. */
function areas({ memory, tables }: Compiled): readonly (readonly [string, number, number])[] {
  const { bytes, ...starts } = memory
  const sorted = Object.entries(starts).sort((one, other) => one[1] - other[1])
  return sorted.map(([name, from], at) => {
    const next = sorted[at + 1]?.[1]
    return [name, from, next === undefined ? 4 * tables.length : next - from]
  })
}

/** Numbers to the right, texts to the left. */
function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, at) =>
    Math.max(...rows.map((row) => row[at]?.length ?? 0)),
  )
  return rows.map((row) => {
    const cells = row.map((cell, at) => {
      if (at === row.length - 1) return cell
      return /^\d+$/.test(cell) ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0)
    })
    return `  ${cells.join('  ')}`
  })
}
