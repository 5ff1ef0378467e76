import { Names } from '../names.js'

/** What herd7 reads as something else: words of C, and the names of processes and registers. */
const RESERVED = [
  ...['int', 'if', 'else', 'while', 'do', 'struct', 'void', 'atomic_t', 'spinlock_t', 'C'],
  ...['exists', 'forall', 'filter', 'locations', 'with', 'and', 'or', 'not', 'true', 'false'],
  ...Array.from({ length: 100 }, (_, at) => [`r${at}`, `P${at}`]).flat(),
]

/** Names of locations by their key. */
export class Words {
  readonly #names = new Names(RESERVED)
  readonly #known = new Map<string, string>()

  of(key: string): string {
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const name = this.#names.fresh(key)
    this.#known.set(key, name)
    return name
  }
}
