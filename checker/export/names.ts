/**
 * Names of one language for things of the program: letters, digits and underscores, none twice, none that the language
 * keeps for itself. The same things asked for in the same order get the same names.
 */
export class Names {
  readonly #taken: Set<string>
  readonly #known = new Map<object, string>()

  /** `reserved`: words that may not be used, in every spelling that clashes with them. */
  constructor(reserved: Iterable<string>) {
    this.#taken = new Set(reserved)
  }

  /** The name of `thing`; made from `wanted` when it is asked for the first time. */
  of(thing: object, wanted: string): string {
    const known = this.#known.get(thing)
    if (known !== undefined) return known
    const name = this.fresh(wanted)
    this.#known.set(thing, name)
    return name
  }

  /** A name that nothing has yet. */
  fresh(wanted: string): string {
    const plain = wanted.replace(/[^A-Za-z0-9_]+/g, '_').replace(/^_+|_+$/g, '')
    const base = /^[A-Za-z]/.test(plain) ? plain : `x_${plain}`
    let name = base
    for (let n = 2; this.#taken.has(name); n++) name = `${base}_${n}`
    this.#taken.add(name)
    return name
  }
}
