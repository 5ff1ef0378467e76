import { type Code, flatten, unsigned } from './code.js'

/** A function while the module is written: its index can be called before its body exists. */
export interface Declared {
  readonly index: number
  readonly name: string
  readonly parameters: number
  readonly results: 0 | 1
}

/** i32 locals come first, then i64 ones; or in any order, one by one. */
export type Locals = { readonly narrow: number; readonly wide: number } | readonly ('i32' | 'i64')[]

const i32 = 0x7f
const i64 = 0x7e
const section = (id: number, content: Code): Code => {
  const bytes = flatten(content)
  return [id, unsigned(bytes.length), bytes]
}
const vector = (items: readonly Code[]): Code => [unsigned(items.length), items]
const text = (value: string): Code => {
  const bytes = [...new TextEncoder().encode(value)]
  return [unsigned(bytes.length), bytes]
}

/**
 * Writes a module that imports one memory, `env.memory`, and one number, `env.base`: where its part of the memory
 * begins. All parameters and results are i32.
 */
export class ModuleWriter {
  readonly #functions: { declared: Declared; bytes: Uint8Array }[] = []
  readonly #exports: Declared[] = []
  #count = 0

  declare(name: string, parameters: number, results: 0 | 1): Declared {
    return { index: this.#count++, name, parameters, results }
  }

  /** `locals` are those besides the parameters; a plain number of them are i32. */
  define(declared: Declared, locals: number | Locals, body: Code): void {
    const groups = groupsOf(typeof locals === 'number' ? { narrow: locals, wide: 0 } : locals)
    this.#functions.push({ declared, bytes: flatten([vector(groups), body, 0x0b]) })
  }

  /** Declares and defines. */
  add(
    name: string,
    parameters: number,
    results: 0 | 1,
    locals: number | Locals,
    body: Code,
  ): Declared {
    const declared = this.declare(name, parameters, results)
    this.define(declared, locals, body)
    return declared
  }

  export(declared: Declared): void {
    this.#exports.push(declared)
  }

  /** The memory is shared, and so has a maximum. */
  bytes(): Uint8Array<ArrayBuffer> {
    const functions = [...this.#functions].sort((a, b) => a.declared.index - b.declared.index)
    if (functions.length !== this.#count) throw new Error('a function was declared and not defined')
    const types = functions.map(({ declared }) => [
      0x60,
      vector(new Array<Code>(declared.parameters).fill(i32)),
      vector(declared.results === 1 ? [i32] : []),
    ])
    const limits: Code = [0x03, unsigned(1), unsigned(65536)]
    const imports = [
      [text('env'), text('memory'), 0x02, limits],
      [text('env'), text('base'), 0x03, i32, 0x00],
    ]
    const bodies = functions.map(({ bytes }) => [unsigned(bytes.length), bytes])
    const exports = this.#exports.map(({ name, index }) => [text(name), 0x00, unsigned(index)])
    // Profilers and disassemblers show them.
    const names = functions.map(({ declared }) => [unsigned(declared.index), text(declared.name)])
    return flatten([
      [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      section(1, vector(types)),
      section(2, vector(imports)),
      section(3, vector(functions.map((_, at) => unsigned(at)))),
      section(7, vector(exports)),
      section(10, vector(bodies)),
      section(0, [text('name'), section(1, vector(names))]),
    ])
  }
}

function groupsOf(locals: Locals): readonly Code[] {
  if ('narrow' in locals) {
    return [
      ...(locals.narrow === 0 ? [] : [[unsigned(locals.narrow), i32]]),
      ...(locals.wide === 0 ? [] : [[unsigned(locals.wide), i64]]),
    ]
  }
  return locals.map((kind) => [1, kind === 'i64' ? i64 : i32])
}
