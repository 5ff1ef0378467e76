import type { ByLocation, Exchange, Mark, Part, Sort } from '../../renaming.js'
import {
  type Code,
  narrow,
  or,
  switchOn,
  when,
  wideConstant,
  wideEqual,
  wideProduct,
  wideSum,
  wideXor,
} from '../code.js'
import { Frame, type Local } from '../frame.js'
import type { Declared } from '../module.js'
import type { SystemParts } from './parts.js'
import { StateWords } from './state-words.js'

/** A function that exchanges a member and the next in the state that was just reached. */
export function defineExchange(
  { writer, layout, memory }: SystemParts,
  { parts }: Exchange,
): Declared {
  const declared = writer.declare('exchange', 0, 0)
  const frame = new Frame(0)
  const words = new StateWords(layout, frame, memory.packedOut)
  const spare = frame.wide()
  writer.define(declared, frame.kinds, [
    words.load(),
    everywhere(parts, words, spare, (part) => exchanged(part, words, spare)),
    words.store(),
  ])
  return declared
}

/** Every sort of thing there is, where it is; `location` meanwhile has the code of that of a process, and may be lost. */
function everywhere<T>(
  { always, resting }: ByLocation<T>,
  words: StateWords,
  location: Local,
  of: (one: T, isAlways: boolean) => Code,
): Code {
  return [
    always.map((one) => of(one, true)),
    resting.map(({ field, at }) => {
      const groups = at.map(({ codes, found }) => {
        return { values: codes, body: found.map((one) => of(one, false)) }
      })
      return [location.set(words.field(field)), switchOn(narrow(location.get), groups)]
    }),
  ]
}

function exchanged(part: Part, words: StateWords, spare: Local): Code {
  if (part.kind === 'column') {
    const { left, right } = part
    return [
      spare.set(wideXor(words.field(left), words.field(right))),
      words.flip(left, spare.get),
      words.flip(right, spare.get),
    ]
  }
  const { field, left, right } = part
  const isOne = (code: number): Code => wideEqual(words.field(field), wideConstant(BigInt(code)))
  // Of two codes either is the other with these bits changed.
  const between = wideConstant(BigInt(left) ^ BigInt(right))
  return when(or(isOne(left), isOne(right)), words.flip(field, between))
}

/** Adds up the keys of the members of a sort. */
export function setKeys(
  { marks }: Sort,
  words: StateWords,
  keys: readonly Local[],
  location: Local,
): Code {
  return [
    keys.map((key) => key.set(wideConstant(0n))),
    everywhere(marks, words, location, (mark, isAlways) =>
      marked(mark, words, keys, isAlways ? null : location),
    ),
  ]
}

function marked(mark: Mark, words: StateWords, keys: readonly Local[], from: Local | null): Code {
  const factor = wideConstant(BigInt.asIntN(64, mark.factor))
  if (mark.kind === 'content') {
    const key = keys[mark.member] as Local
    return key.set(wideSum(key.get, wideProduct(words.field(mark.field), factor)))
  }
  const place = from === null ? wideConstant(0n) : wideSum(from.get, wideConstant(1n))
  const whence = wideProduct(place, wideConstant(BigInt.asIntN(64, mark.whence)))
  return keys.map((key, member) =>
    when(
      wideEqual(words.field(mark.field), wideConstant(BigInt(mark.codes[member] ?? -1))),
      key.set(wideSum(key.get, from === null ? factor : wideSum(factor, whence))),
    ),
  )
}
