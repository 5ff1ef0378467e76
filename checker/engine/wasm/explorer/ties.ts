import { plainChanges, type Sort } from '../../renaming.js'
import {
  add,
  and,
  type Code,
  call,
  constant,
  copy,
  either,
  global,
  isZero,
  or,
  result,
  when,
  wideEqual,
  wideGreaterUnsigned,
  wideLoad,
  wideNotEqual,
  wideStore,
} from '../code.js'
import { Frame, type Local } from '../frame.js'
import type { Declared } from '../module.js'
import type { SystemParts } from './parts.js'
import type { Scratch } from './scratch.js'
import { wordCountOf } from './state-words.js'

/** A sort whose members are put in order: where their keys are, and the functions that exchange neighbours. */
export interface Ordering {
  readonly sort: Sort
  readonly keysAt: number
  readonly exchanges: readonly Declared[]
}

/**
 * A function for a state whose members are in the order of their keys, some of which are equal: tries every order of those,
 * each time with the columns of processes in order, and leaves the least.
 */
export function defineLeast(
  parts: SystemParts,
  orderings: readonly Ordering[],
  columns: Declared | null,
  scratch: Scratch,
): Declared {
  const { writer, layout, memory } = parts
  const state = new Place(memory.packedOut, wordCountOf(layout))
  const aside = new Place(scratch.aside, state.words)
  const least = new Place(scratch.least, state.words)
  const sortColumns = columns === null ? [] : call(columns.index)
  const consider = writer.add('consider', 0, 0, 0, [
    aside.take(state),
    sortColumns,
    when(state.isLessThan(least), least.take(state)),
    state.take(aside),
  ])
  const walk = orderings.reduceRight(
    (inner, ordering) => defineWalk(parts, ordering, inner),
    consider,
  )
  const isMoved = orderings.flatMap((ordering) => tiedMoves(ordering, state, aside))
  return writer.add('least', 0, 0, 0, [
    aside.take(state),
    // Most that are alike are alike in everything: two dead objects that nobody points to.
    when(isZero(isMoved.reduce(or, constant(0))), [sortColumns, result([])]),
    sortColumns,
    least.take(state),
    state.take(aside),
    call(walk.index),
    state.take(least),
  ])
}

/** For each two neighbours with one key, whether the state changes when they are exchanged. Leaves it as it was. */
function tiedMoves({ keysAt, exchanges }: Ordering, state: Place, aside: Place): readonly Code[] {
  return exchanges.map((exchange, at) => {
    const isTied = wideEqual(keyAt(keysAt, at), keyAt(keysAt, at + 1))
    const isMoved = [call(exchange.index), state.differsFrom(aside), state.take(aside)]
    return either(isTied, isMoved, constant(0))
  })
}

const keyAt = (keysAt: number, member: number): Code => wideLoad(global(0), keysAt + 8 * member)

/** A function that calls another for every order of the members of one sort in which their keys ascend. */
function defineWalk({ writer }: SystemParts, ordering: Ordering, inner: Declared): Declared {
  const { sort, keysAt } = ordering
  const frame = new Frame(0)
  const spare = frame.wide()
  const pairs = Array.from({ length: sort.count - 1 }, (_, at) => at)
  const isAscending = pairs
    .map((at) => isZero(wideGreaterUnsigned(keyAt(keysAt, at), keyAt(keysAt, at + 1))))
    .reduce(and)
  const changes = plainChanges(sort.count)
  return writer.add('walk', 0, 0, frame.kinds, [
    call(inner.index),
    changes.map((at) => [moved(ordering, at, spare), when(isAscending, call(inner.index))]),
    moved(ordering, 0, spare),
  ])
}

/** The member and its key change places with the next. */
function moved({ keysAt, exchanges }: Ordering, at: number, spare: Local): Code {
  const exchange = exchanges[at]
  if (exchange === undefined) throw new Error(`nothing to exchange with ${at}`)
  return [
    spare.set(keyAt(keysAt, at)),
    wideStore(global(0), keysAt + 8 * at, keyAt(keysAt, at + 1)),
    wideStore(global(0), keysAt + 8 * (at + 1), spare.get),
    call(exchange.index),
  ]
}

/** A state in the memory. */
class Place {
  readonly words: number
  readonly #at: number

  constructor(at: number, words: number) {
    this.#at = at
    this.words = words
  }

  get #address(): Code {
    return add(global(0), constant(this.#at))
  }

  #word(at: number): Code {
    return wideLoad(global(0), this.#at + 8 * at)
  }

  get #indexes(): readonly number[] {
    return Array.from({ length: this.words }, (_, at) => at)
  }

  take(other: Place): Code {
    return copy(this.#address, other.#address, 8 * this.words)
  }

  differsFrom(other: Place): Code {
    return this.#indexes.map((at) => wideNotEqual(this.#word(at), other.#word(at))).reduce(or)
  }

  /** By the first word that differs. */
  isLessThan(other: Place): Code {
    return this.#indexes.reduceRight<Code>(
      (rest, at) =>
        either(
          wideEqual(this.#word(at), other.#word(at)),
          rest,
          wideGreaterUnsigned(other.#word(at), this.#word(at)),
        ),
      constant(0),
    )
  }
}
