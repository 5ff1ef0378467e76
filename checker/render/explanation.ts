import type { Span } from '../../spec/index.js'
import { processName } from '../trace/changes.js'
import type { OtherOrder } from '../trace/other-order.js'
import { sourceText } from '../trace/place.js'
import type { Operand, Trace, TraceStep } from '../trace/trace.js'
import { type Naming, shortPlace } from './change-text.js'
import type { Column, Line } from './lines.js'
import { writerText } from './reports/words.js'
import { WIDTH, wrap } from './wrap.js'

/** The condition a violation is about, with what it read. */
export interface Explanation {
  readonly span: Span
  /** What it was; for a condition that must hold: false. */
  readonly value: boolean
  readonly operands: readonly Operand[]
  /** It is the part of a longer condition that decided. */
  readonly isPart: boolean
}

/** At most so many values are told with their writers. */
const OPERANDS_MAX = 3
const CONDITION_MAX = 90

/** `x == 1 is false:`, and below it each value it read with the step that wrote it last. */
export function explanationLines(
  trace: Trace,
  { span, value, operands, isPart }: Explanation,
  naming: Naming,
): string[] {
  const text = sourceText(trace.system, span)
  const read = tellingOperands(text, operands)
  if (read.length === 0 && !isPart) return []
  const shown = text.length <= CONDITION_MAX ? text : `${text.slice(0, CONDITION_MAX - 1)}…`
  const said = new Map(read.map((each) => [shortPlace(each, naming), each]))
  return [
    ...wrap(`${shown} is ${value}${said.size === 0 ? '.' : ':'}`, WIDTH, 2),
    ...[...said].slice(0, OPERANDS_MAX).flatMap(([place, operand]) => {
      const writer = operand.writer === null ? 'as init left it' : writerText(trace, operand.writer)
      return wrap(`  ${place} ${operand.value}, ${writer}`, WIDTH, 4)
    }),
  ]
}

/** Those that the condition names; of what ops in it have read, numbers say more than flags. */
function tellingOperands(text: string, operands: readonly Operand[]): readonly Operand[] {
  const words = new Set(text.match(/[A-Za-z_]\w*/g) ?? [])
  const scalar = operands.filter(
    ({ value, path }) => !value.startsWith('{') && path.at(-1) !== 'alive',
  )
  const named = scalar.filter(({ name }) =>
    (name.match(/[A-Za-z_]\w*/g) ?? []).some((word) => words.has(word)),
  )
  // Only an op that it calls reads what it does not name.
  if (named.length > 0 || !/\w\(/.test(text)) return named
  const numbers = scalar.filter(({ value }) => /^-?\d+$/.test(value))
  return numbers.length > 0 ? numbers : scalar
}

/** The line of each step, as a number: a stretch of steps told in one line has one. */
export function lineNumbers(trace: Trace, columns: readonly Column[]): readonly number[] {
  const lines = columns.flatMap((column) => column.lines)
  return trace.steps.map((step) => {
    const line = lineOf(lines, step)
    return line === undefined ? -step.index : lines.indexOf(line)
  })
}

const lineOf = (lines: readonly Line[], { process, index }: TraceStep): Line | undefined =>
  lines.findLast((line) => line.process === process && line.time <= index)

const TEXT_MAX = 44

const clipped = (text: string): string => {
  const words = text.replace(/\s+/g, ' ')
  return words.length <= TEXT_MAX ? words : `${words.slice(0, TEXT_MAX - 1).trimEnd()}…`
}

/** The sentence about a change of order that was tried. */
export function otherOrderLines(
  trace: Trace,
  columns: readonly Column[],
  { moved, across, earlier }: OtherOrder,
): string[] {
  const lines = columns.flatMap((column) => column.lines)
  const said = ([from, to]: readonly [number, number]): string => {
    const [first, last] = [trace.steps[from], trace.steps[to - 1]]
    if (first === undefined || last === undefined) return ''
    const texts = [first, last].map((step) => clipped(lineOf(lines, step)?.text ?? ''))
    const stretch = texts[0] === texts[1] ? texts[0] : `${texts[0]} … ${texts[1]}`
    return `${processName(trace.system, first.process)}'s ${stretch}`
  }
  const order = earlier ? 'before' : 'after'
  return wrap(
    `The same run with ${said(moved)} ${order} ${said(across)} ends without a violation.`,
    WIDTH,
    0,
  )
}
