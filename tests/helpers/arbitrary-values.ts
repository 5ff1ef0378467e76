import fc from 'fast-check'
import { type LocalType, oneText, someLocal, type Text, text } from './arbitrary-text.js'

/** Random expressions of the language, over the names that `arbitrary-model.ts` declares. */

/** The three structs: objects of an ordinary pool, of a `typesafe` one, of a `typesafe_by_rcu` one. */
export const structs = ['node', 'page', 'entry'] as const
export type Struct = (typeof structs)[number]

export const small = oneText('0', '1', '2')

/** An index of an array of two. */
export const index = oneText('0', '1', someLocal(['index'], fc.constant('0')), 'y & 1', 'x % 2')

/** A pointer to an object: in a local, in shared memory, in another object. */
export const pointer = (struct: Struct): Text => {
  const shared = oneText(`${struct}_one`, text`${struct}_two[${index}]`)
  return oneText(
    someLocal([struct], shared),
    someLocal([struct], shared),
    someLocal([struct], shared),
    `${struct}_one`,
    shared,
    text`(&${struct}_pool[${index}])`,
  )
}

const anyPointer = oneText(...structs.map(pointer))

/** A place that holds a small int. */
export const intPlace = oneText(
  'x',
  'y',
  text`a[${index}]`,
  text`a[${small}]`,
  's.f',
  text`sa[${index}].f`,
  text`grid[${index}][${index}]`,
  text`${anyPointer}->duo[${index}].f`,
  text`${anyPointer}->v`,
  text`${anyPointer}->arr[${index}]`,
  'current->mine',
)

/** `&place` of a counter. */
export const counter = oneText('&ac', text`&${anyPointer}->ac`)
export const refcount = oneText('&rc', text`&${anyPointer}->cnt`)
/** `BIT, &word`. */
export const bit = oneText(
  'A, &w',
  'B, &w',
  'C, &w',
  'Z31, &ww',
  text`NA, &${anyPointer}->fl`,
  text`NB, &${anyPointer}->fl`,
)
/** `&word, BIT`. */
export const bitLast = oneText('&w, A', '&w, B', text`&${anyPointer}->fl, NA`, '&bl')

/** Where a pointer to a struct can be kept. */
export const pointerPlace = (struct: Struct): Text =>
  oneText(
    `${struct}_one`,
    text`${struct}_two[${index}]`,
    text`${pointer(struct)}->next`,
    someLocal([struct], fc.constant(`${struct}_one`)),
  )

export const pointerValue = (struct: Struct): Text =>
  oneText(
    pointer(struct),
    pointer(struct),
    pointerPlace(struct),
    text`READ_ONCE(${struct}_one)`,
    text`rcu_dereference(${struct}_one)`,
    text`srcu_dereference(${struct}_two[${index}])`,
    text`${pointer(struct)} + ${oneText('0', '1', '-1', 'y')}`,
    'null',
  )

const local: readonly LocalType[] = ['int', 'index']

/** Ints that stay small, whatever locals hold: what is assigned to a local never grows by itself. */
export const smallValue = oneText(
  small,
  intPlace,
  intPlace,
  text`READ_ONCE(${intPlace})`,
  text`(${someLocal(local, small)} + ${intPlace}) % 3`,
  text`${someLocal(local, intPlace)} & 3`,
  text`(${intPlace} + ${intPlace}) >> 1`,
  text`${intPlace} ^ ${small}`,
  text`-${intPlace} & 3`,
  text`~${intPlace} & 3`,
  text`(${intPlace} + 1) % 3`,
  text`(${intPlace} * ${small}) % 4`,
  text`${intPlace} / 2`,
)

/** Built-in functions and ops that give an int and change something. */
export const effect = oneText(
  text`atomic_read(${counter})`,
  text`refcount_read(${refcount})`,
  text`xchg(&${intPlace}, ${small})`,
  text`cmpxchg(&${intPlace}, ${small}, ${small})`,
  text`atomic_fetch_add(1, ${counter})`,
  text`atomic_fetch_sub(${small}, ${counter})`,
  text`atomic_fetch_inc(${counter})`,
  text`atomic_fetch_dec(${counter})`,
  text`atomic_dec_return(${counter})`,
  text`atomic_add_return(${small}, ${counter})`,
  text`atomic_inc_return(${counter})`,
  text`atomic_sub_return(1, ${counter})`,
  text`atomic_xchg(${counter}, ${small})`,
  text`atomic_cmpxchg(${counter}, ${small}, ${small})`,
  text`smp_load_acquire(&${intPlace})`,
  text`peek(${small})`,
  text`take(${small})`,
  text`bump(&${intPlace})`,
  text`find(${small})`,
)

export const value: Text = oneText(
  smallValue,
  smallValue,
  smallValue,
  smallValue,
  effect,
  effect,
  someLocal(local, small),
  text`${intPlace} + ${someLocal(local, small)}`,
  text`${intPlace} - ${small}`,
  text`${intPlace} * ${intPlace}`,
  text`${intPlace} / ${intPlace}`,
  text`${intPlace} << ${intPlace}`,
)

/** Values of an int of 32 bits: now and then too large. */
export const bigValue = oneText(
  '0',
  'big',
  '2147483647',
  '-2147483647 - 1',
  text`big + ${smallValue}`,
  text`big - ${smallValue}`,
  text`-big`,
  text`1 << ${smallValue} * 15`,
  text`big >> ${smallValue}`,
)

/** Reads only: it may stand where nothing may be written. */
export const condition: Text = (() => {
  const nodes = anyPointer
  const term = oneText(
    text`${intPlace} == ${small}`,
    text`${intPlace} != ${someLocal(local, small)}`,
    text`${intPlace} < ${intPlace}`,
    text`${intPlace} >= ${small}`,
    text`${someLocal(local, small)} > 0`,
    'b',
    '!b',
    someLocal(['bool'], fc.constant('b')),
    'c == GREEN',
    'c != RED',
    's.g',
    text`test_bit(${bit})`,
    text`atomic_read(${counter}) > 0`,
    text`refcount_read(${refcount}) == 1`,
    'quiet()',
    'big > 0',
    ...structs.flatMap((struct) => [
      text`${pointer(struct)} != null`,
      text`${pointer(struct)} == ${pointer(struct)}`,
      text`!${pointer(struct)}`,
    ]),
    text`${nodes} && ${intPlace} > 0`,
  )
  return oneText(term, term, text`${term} && ${term}`, text`(${term} || ${term})`)
})()

/** Conditions that change something: what `if` and `while` may test besides. */
export const test = oneText(
  condition,
  condition,
  condition,
  text`test_and_set_bit(${bit})`,
  text`test_and_clear_bit(${bit})`,
  text`refcount_inc_not_zero(${refcount})`,
  text`refcount_dec_and_test(${refcount})`,
  text`refcount_dec_if_one(${refcount})`,
  text`refcount_dec_not_one(${refcount})`,
  text`refcount_add_not_zero(${small}, ${refcount})`,
  text`refcount_sub_and_test(${small}, ${refcount})`,
  text`atomic_inc_and_test(${counter})`,
  text`atomic_dec_and_test(${counter})`,
  text`atomic_sub_and_test(${small}, ${counter})`,
  text`atomic_inc_not_zero(${counter})`,
  text`atomic_add_unless(${counter}, 1, ${small})`,
  text`atomic_add_negative(-1, ${counter})`,
  text`WARN_ON(${condition})`,
  text`WARN_ON_ONCE(${condition} && b)`,
)
