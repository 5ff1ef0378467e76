/** The parts of a WebAssembly module that `ModuleWriter` writes, read from its bytes. */
export interface ReadModule {
  readonly imports: readonly { readonly name: string; readonly what: string }[]
  readonly functions: readonly ReadFunction[]
}

export interface ReadFunction {
  readonly name: string
  readonly parameters: number
  readonly results: number
  /** Of its body: locals and code. */
  readonly bytes: number
  readonly exported: boolean
}

const HEADER_BYTES = 8
/** Numbers of the sections (WebAssembly core specification, 5.5.2). */
const SECTION = { custom: 0, type: 1, import: 2, function: 3, export: 7, code: 10 }
const FUNCTION_NAMES = 1

/** Throws where the bytes are not what `ModuleWriter` writes. */
export function readModule(module: Uint8Array): ReadModule {
  const sections = new Map<number, Bytes>()
  const bytes = new Bytes(module, HEADER_BYTES)
  while (bytes.left > 0) sections.set(bytes.byte(), bytes.part())
  const items = <T>(id: number, read: (section: Bytes) => T): T[] =>
    sections.get(id)?.vector(read) ?? []
  const types = items(SECTION.type, (section) => {
    section.byte()
    return { parameters: section.vector(byte).length, results: section.vector(byte).length }
  })
  const imports = items(SECTION.import, (section) => {
    const name = `${section.text()}.${section.text()}`
    return { name, what: imported(section) }
  })
  const typeOf = items(SECTION.function, number)
  const exported = new Set(
    items(SECTION.export, (section) => {
      section.text()
      section.byte()
      return section.number()
    }),
  )
  const bodies = items(SECTION.code, (section) => section.part().left)
  const names = functionNames(sections.get(SECTION.custom))
  const functions = bodies.map((bytes, at) => {
    const type = types[typeOf[at] ?? -1]
    if (type === undefined) throw new Error(`function ${at} has no type`)
    return { name: names.get(at) ?? '', ...type, bytes, exported: exported.has(at) }
  })
  return { imports, functions }
}

function functionNames(section: Bytes | undefined): ReadonlyMap<number, string> {
  if (section?.text() !== 'name' || section.byte() !== FUNCTION_NAMES) return new Map()
  return new Map(section.part().vector((each) => [each.number(), each.text()] as const))
}

const IMPORTED = { memory: 2, global: 3 }
const SHARED_WITH_MAXIMUM = 3

function imported(section: Bytes): string {
  switch (section.byte()) {
    case IMPORTED.memory: {
      if (section.byte() !== SHARED_WITH_MAXIMUM) throw new Error('a memory that is not shared')
      return `shared memory, ${section.number()} to ${section.number()} pages of 64 KiB`
    }
    case IMPORTED.global:
      section.byte()
      section.byte()
      return 'i32'
    default:
      throw new Error('an import that is neither memory nor number')
  }
}

const byte = (section: Bytes): number => section.byte()
const number = (section: Bytes): number => section.number()

/** A stretch of bytes, read from the front. */
class Bytes {
  readonly #bytes: Uint8Array
  readonly #end: number
  #at: number

  constructor(bytes: Uint8Array, from: number, end = bytes.length) {
    this.#bytes = bytes
    this.#at = from
    this.#end = end
  }

  get left(): number {
    return this.#end - this.#at
  }

  byte(): number {
    const value = this.#bytes[this.#at]
    if (value === undefined || this.left <= 0) throw new Error('the module ends too early')
    this.#at++
    return value
  }

  /** Unsigned, in LEB128. */
  number(): number {
    let value = 0
    for (let scale = 1; ; scale *= 128) {
      const next = this.byte()
      value += (next % 128) * scale
      if (next < 128) return value
    }
  }

  /** A length, and as many bytes. */
  part(): Bytes {
    const length = this.number()
    const part = new Bytes(this.#bytes, this.#at, this.#at + length)
    this.#at += length
    return part
  }

  text(): string {
    const part = this.part()
    return new TextDecoder().decode(this.#bytes.subarray(part.#at, part.#end))
  }

  vector<T>(read: (bytes: Bytes) => T): T[] {
    return Array.from({ length: this.number() }, () => read(this))
  }
}
