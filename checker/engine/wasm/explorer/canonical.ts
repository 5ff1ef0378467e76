import type { Sort } from '../../renaming.js'
import { isEmpty, type Symmetry } from '../../symmetry.js'
import {
  anyOf,
  type Code,
  call,
  global,
  when,
  wideEqual,
  wideGreaterUnsigned,
  wideStore,
} from '../code.js'
import { Frame, type Local } from '../frame.js'
import type { Declared } from '../module.js'
import { defineColumns } from './columns.js'
import { defineExchange, setKeys } from './exchanges.js'
import type { SystemParts } from './parts.js'
import type { Scratch } from './scratch.js'
import { StateWords } from './state-words.js'
import { defineLeast, type Ordering } from './ties.js'

/**
 * `canonical()`: makes of the state that was just reached the one that stands for its orbit, as `canonicalState` does; null
 * where it always is.
 */
export function defineCanonical(
  parts: SystemParts,
  symmetry: Symmetry,
  scratch: Scratch,
): Declared | null {
  if (isEmpty(symmetry)) return null
  const { families, sorts } = symmetry
  const columns = families.length === 0 ? null : defineColumns(parts, families)
  if (sorts.length === 0) return columns
  let keysAt = scratch.keys
  const orderings = sorts.map((sort): Ordering => {
    const at = keysAt
    keysAt += 8 * sort.count
    return { sort, keysAt: at, exchanges: sort.exchanges.map((one) => defineExchange(parts, one)) }
  })
  const least = defineLeast(parts, orderings, columns, scratch)
  const { writer, layout, memory } = parts
  const declared = writer.declare('canonical', 0, 0)
  const frame = new Frame(0)
  const words = new StateWords(layout, frame, memory.packedOut)
  const location = frame.wide()
  const spare = frame.wide()
  const keys = sorts.map(({ count }) => Array.from({ length: count }, () => frame.wide()))
  const keysOf = (at: number): readonly Local[] => keys[at] ?? []
  const isTied = anyOf(keys.flatMap((each) => between(each, (a, b) => wideEqual(a.get, b.get))))
  writer.define(declared, frame.kinds, [
    words.load(),
    sorts.map((sort, at) => setKeys(sort, words, keysOf(at), location)),
    orderings.map((ordering, at) => sorted(ordering, keysOf(at), spare)),
    when(
      isTied,
      [
        orderings.map(({ keysAt }, at) =>
          keysOf(at).map((key, member) => wideStore(global(0), keysAt + 8 * member, key.get)),
        ),
        call(least.index),
      ],
      columns === null ? [] : call(columns.index),
    ),
  ])
  return declared
}

/** Insertion: members in ascending order of keys, the state with them. */
function sorted({ sort, exchanges }: Ordering, keys: readonly Local[], spare: Local): Code {
  const inserted = (member: number): Code => {
    const at = member - 1
    const [left, right] = [keys[at] as Local, keys[member] as Local]
    return when(wideGreaterUnsigned(left.get, right.get), [
      spare.set(left.get),
      left.set(right.get),
      right.set(spare.get),
      call((exchanges[at] as Declared).index),
      at === 0 ? [] : inserted(at),
    ])
  }
  return membersOf(sort).slice(1).map(inserted)
}

const membersOf = ({ count }: Sort): readonly number[] =>
  Array.from({ length: count }, (_, at) => at)

const between = (keys: readonly Local[], of: (a: Local, b: Local) => Code): readonly Code[] =>
  keys.slice(1).map((right, at) => of(keys[at] as Local, right))
