import type { Compiled } from './compile.js'

/** The functions of a linked module; see `compile.ts` and `firing.ts`. */
export interface Linked {
  unpack(): void
  /** A status. The next state is packed, and undone again. */
  fire(process: number): number
  judge(process: number, unused: number): number
  mayRest(process: number, unused: number): number
  cover(index: number): number
}

const pageBytes = 65_536

/** A module in a memory of its own, from address 0 on. */
export function link(compiled: Compiled): {
  readonly module: Linked
  readonly buffer: ArrayBuffer
} {
  const needed = compiled.memory.bytes + 4 * compiled.tables.length
  const pages = Math.ceil(needed / pageBytes)
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true })
  const base = new WebAssembly.Global({ value: 'i32', mutable: false }, 0)
  const module = new WebAssembly.Module(compiled.bytes)
  const instance = new WebAssembly.Instance(module, { env: { memory, base } })
  new Int32Array(memory.buffer).set(compiled.tables, compiled.memory.tables >>> 2)
  return { module: instance.exports as unknown as Linked, buffer: memory.buffer }
}
