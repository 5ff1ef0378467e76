import type { LeftOut } from '../../spec/index.js'
import type { Step, Trail } from '../engine/engine.js'

/**
 * A trail as a token for mails: `gm1-<hash>[-0d<settings>][-0x<left out>][-0i<initial choices>][-0o]-<schedule>[-<loop>]`.
 *
 *   hash      the first 12 hex digits of the model's hash
 *   settings  `index.value` of each constant given another value than its default, joined by `_`
 *   left out  numbers of parts of the scenario, joined by `_`; of a choice in `init` also what is kept: `number.value`
 *   initial   choices joined by `.`
 *   0o        the run shows one of the lock orders of a circle, and is nothing wrong by itself
 *   schedule  `a` is the first process, `b` the second …, `A` the 27th; a number repeats it, `.n.n` are the choices of
 *             one step. `0` is the empty schedule; no other begins with a digit, so the parts before it do
 *   loop      the schedule of once around the terminal loop, where rest is lost and something still moves
 *
 * Negative numbers are written with `m`. Only letters, digits, `.`, `_` and `-`: no shell touches it.
 */
export interface Token {
  readonly hash: string
  /** By index of the constant in the model. */
  readonly settings: readonly (readonly [index: number, value: number])[]
  /** Parts of the scenario that are left out. */
  readonly leftOut?: readonly LeftOut[]
  readonly trail: Trail
  readonly loop: readonly Step[]
  /** What the run shows is a lock order. */
  readonly order?: boolean
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'
const HASH_DIGITS = 12

const number = (value: number): string => (value < 0 ? `m${-value}` : String(value))
const readNumber = (text: string): number => Number(text.replace('m', '-'))

/** The token of a trail of the model with this hash. */
export function writeToken(token: Token): string {
  const parts = ['gm1', token.hash.slice(0, HASH_DIGITS)]
  if (token.settings.length > 0) {
    parts.push(`0d${token.settings.map(([i, value]) => `${i}.${number(value)}`).join('_')}`)
  }
  const leftOut = token.leftOut ?? []
  if (leftOut.length > 0) {
    const texts = leftOut.map(({ part, keep }) =>
      keep === null ? part : `${part}.${number(keep)}`,
    )
    parts.push(`0x${texts.join('_')}`)
  }
  if (token.trail.initial.length > 0) parts.push(`0i${token.trail.initial.map(number).join('.')}`)
  if (token.order === true) parts.push('0o')
  parts.push(writeSchedule(token.trail.steps))
  if (token.loop.length > 0) parts.push(writeSchedule(token.loop))
  return parts.join('-')
}

function writeSchedule(steps: readonly Step[]): string {
  let text = ''
  for (let i = 0; i < steps.length; ) {
    const { process, choices } = steps[i] as Step
    text += processLetter(process)
    let count = 1
    if (choices.length > 0) text += choices.map((choice) => `.${number(choice)}`).join('')
    else {
      while (steps[i + count]?.process === process && steps[i + count]?.choices.length === 0) {
        count += 1
      }
      if (count > 1) text += String(count)
    }
    i += count
  }
  return text === '' ? '0' : text
}

const processLetter = (process: number): string => LETTERS[process] ?? `_${process}_`

const RUNS = /([a-zA-Z]|_\d+_)((?:\.m?\d+)+|\d*)/g
const SCHEDULE = /^(?:(?:(?:[a-zA-Z]|_\d+_)(?:(?:\.m?\d+)+|\d*))+|0)$/

/** The parts of a token, or null when the text is none. */
export function readToken(text: string): Token | null {
  const parts = text.trim().split('-')
  if (parts.shift() !== 'gm1') return null
  const hash = parts.shift() ?? ''
  if (!/^[0-9a-f]{12}$/.test(hash)) return null
  const settings = /^0d[0-9m._]+$/.test(parts[0] ?? '') ? parts.shift() : '0d'
  const without = /^0x[0-9m._]+$/.test(parts[0] ?? '') ? parts.shift() : '0x'
  const initial = /^0i[0-9m.]+$/.test(parts[0] ?? '') ? parts.shift() : '0i'
  const order = parts[0] === '0o' ? parts.shift() !== undefined : false
  const pairs = list(settings ?? '', '_').map((pair) => pair.split('.'))
  const choices = list(initial ?? '', '.')
  const leftOut = list(without ?? '', '_').map((item) => item.split('.'))
  if (!leftOut.every((item) => item.length <= 2 && item.every(isNumber))) return null
  if (!pairs.every((pair) => pair.length === 2 && pair.every(isNumber))) return null
  if (!choices.every(isNumber) || parts.length < 1 || parts.length > 2) return null
  const steps = readSchedule(parts[0] ?? '')
  const loop = readSchedule(parts[1] ?? '0')
  if (steps === null || loop === null) return null
  return {
    hash,
    settings: pairs.map(([index = '', value = '']) => [readNumber(index), readNumber(value)]),
    trail: { initial: choices.map(readNumber), steps },
    loop,
    ...(order ? { order } : {}),
    ...(leftOut.length === 0 ? {} : { leftOut: leftOut.map(readLeftOut) }),
  }
}

const readLeftOut = ([part = '', keep]: readonly string[]): LeftOut => {
  return { part: readNumber(part), keep: keep === undefined ? null : readNumber(keep) }
}

/** What follows the part's two characters, split. */
const list = (part: string, separator: string): string[] =>
  part.length <= 2 ? [] : part.slice(2).split(separator)

const isNumber = (text: string): boolean => /^m?\d{1,15}$/.test(text)

/** Longer runs than any search finds; a forged count must not fill the memory. */
const STEPS_MAX = 1_000_000

function readSchedule(text: string): Step[] | null {
  if (!SCHEDULE.test(text)) return null
  const steps: Step[] = []
  for (const found of text === '0' ? [] : text.matchAll(RUNS)) {
    const [, who = '', rest = ''] = found
    const process = who.startsWith('_') ? Number(who.slice(1, -1)) : LETTERS.indexOf(who)
    if (rest.startsWith('.')) {
      steps.push({ process, choices: rest.slice(1).split('.').map(readNumber) })
      continue
    }
    const count = rest === '' ? 1 : Number(rest)
    if (steps.length + count > STEPS_MAX) return null
    for (let i = 0; i < count; i += 1) steps.push({ process, choices: [] })
  }
  return steps
}

/** True when the token belongs to the model with this hash. */
export const tokenFits = (token: Token, hash: string): boolean => hash.startsWith(token.hash)
