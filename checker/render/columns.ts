import type { OtherOrder } from '../trace/other-order.js'
import { sourceText } from '../trace/place.js'
import type { Trace } from '../trace/trace.js'
import { namingOf } from './change-text.js'
import { type Explanation, explanationLines, otherOrderLines } from './explanation.js'
import { type Column, inOrder, type Line, traceColumns } from './lines.js'
import { report } from './report.js'
import { starText } from './star-text.js'
import { joinShort, WIDTH, wrap } from './wrap.js'

/** More columns than this do not fit side by side: lines then carry the name of their process. */
const COLUMNS_MAX = 4

export interface ColumnsOptions {
  /** The number of steps is proved to be the least possible; null: nobody knows. */
  readonly minimal: boolean | null
  /** The command that replays it, or null to leave it out. */
  readonly replay: string | null
  /** What of the scenario was left out. */
  readonly leftOut: readonly string[]
  /** The condition that failed, and a change of order that avoids it; null where there is none. */
  readonly explanation: Explanation | null
  readonly otherOrder: OtherOrder | null
}

/**
 * A counterexample the way kernel people write races in commit messages: one column per process that moves, one
 * line per statement, at most 72 characters wide.
 */
export function renderColumns(trace: Trace, options: ColumnsOptions): string {
  const columns = traceColumns(trace)
  const { lines: head, complete } = report(trace)
  const lines: string[] = [...head, '']
  if (options.leftOut.length > 0) {
    lines.push(...wrap(`left out: ${options.leftOut.join('; ')}`, WIDTH), '')
  }
  const { heading, rows } = tableOf(trace, columns)
  lines.push(...heading, ...rows.flatMap(({ texts }) => texts))
  if (columns.length > 0) lines.push('')
  if (!complete) lines.push(...endLines(trace))
  lines.push(...whyLines(trace, columns, options))
  lines.push(...footer(trace, options))
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`
}

/** What happened, as it is printed; `line` is null of words between the lines. */
interface Table {
  readonly heading: readonly string[]
  readonly rows: readonly { readonly line: Line | null; readonly texts: readonly string[] }[]
}

/** The columns below what `init` did, one row for each line in the order of time. */
function tableOf(trace: Trace, columns: readonly Column[] = traceColumns(trace)): Table {
  const init = initLines(trace)
  if (columns.length === 0) return { heading: init, rows: [] }
  const layout = columns.length > COLUMNS_MAX ? tagged(columns) : sideBySide(columns)
  const lines = inOrder(columns)
  const turn = trace.loop.length === 0 ? undefined : lines.find((line) => isInLoop(trace, line))
  return {
    heading: [...init, ...layout.heading],
    rows: lines.flatMap((line) => {
      const row = { line, texts: layout.row(line) }
      const words = { line: null, texts: ['', 'and from here on for ever:'] }
      return line === turn ? [words, row] : [row]
    }),
  }
}

/** The columns of a run that goes on, the line of its last step marked in the margin. */
export function renderReached(trace: Trace): string {
  const { heading, rows } = tableOf(trace)
  const last = trace.loop.at(-1) ?? trace.steps.at(-1)
  const now = rows.findLast(({ line }) => line?.process === last?.process)
  const lines = [
    ...heading.map((text) => `   ${text}`),
    ...rows.flatMap((row) =>
      row.texts.map((text, index) => `${row === now && index === 0 ? '=> ' : '   '}${text}`),
    ),
  ]
  return lines.length === 0
    ? 'nothing has happened'
    : lines.map((line) => line.trimEnd()).join('\n')
}

const isInLoop = ({ steps }: Trace, { time }: Line): boolean => Math.floor(time) > steps.length

/** What is wrong with the state the run ends in, where no step of it says so. */
export function endLines(trace: Trace): string[] {
  const { trap } = trace
  if (trap.site !== null && trace.steps.length > 0) return []
  const isLife = trace.operands.every((operand) => operand.path.at(-1) === 'alive')
  const values = isLife ? [] : [starText(trace, namingOf(trace))]
  const message = trap.message === trace.headline ? [] : [trap.message]
  const said = [...message, ...values].join(': ')
  return said === '' ? [] : [...wrap(`*** ${said}`, WIDTH, 4), '']
}

/** Why it is wrong, and which order it takes. */
function whyLines(
  trace: Trace,
  columns: readonly Column[],
  { explanation, otherOrder }: ColumnsOptions,
): string[] {
  const lines = [
    ...(explanation === null ? [] : explanationLines(trace, explanation, namingOf(trace))),
    ...(otherOrder === null ? [] : otherOrderLines(trace, columns, otherOrder)),
  ]
  return lines.length === 0 ? [] : [...lines, '']
}

export function initLines(trace: Trace): string[] {
  const texts = initTexts(trace)
  return texts.length === 0 ? [] : [...wrap(`init: ${texts.join('; ')}`, WIDTH), '']
}

/** What `init` called, where it had a choice: the reader must know what was there before the first step. */
export function initTexts(trace: Trace): string[] {
  if (trace.trail.initial.length === 0) return []
  const { system } = trace
  const instructions = system.init.flatMap((code) => code.instructions)
  const calls = new Set(
    trace.initial.log.filter((entry) => entry.mark === 'enter').map((e) => e.site),
  )
  const texts: string[] = []
  for (const instruction of instructions) {
    if (instruction.kind !== 'enter' || !calls.has(instruction.site)) continue
    if (instruction.call.parent?.op === null) texts.push(sourceText(system, instruction.call.span))
  }
  return texts
}

interface Layout {
  readonly heading: readonly string[]
  readonly row: (line: Line) => string[]
}

/**
 * Columns start at fixed offsets. A row belongs to one process, so a long line may run on into the room to its
 * right; what is still too long wraps.
 */
function sideBySide(columns: readonly Column[]): Layout {
  const count = columns.length
  const first = count === 1 ? WIDTH : count === 2 ? 36 : count === 3 ? 22 : 15
  const offsets = columns.map((_, index) => index * first)
  const widths = offsets.map((offset, i) => (i < count - 1 ? first - 1 : WIDTH - offset))
  const headings = columns.map((column, i) => wrap(column.heading, widths[i] ?? WIDTH))
  const height = Math.max(...headings.map((heading) => heading.length))
  const heading: string[] = []
  for (let row = 0; row < height; row += 1) {
    heading.push(across(offsets, (i) => headings[i]?.[row] ?? ''))
  }
  heading.push(across(offsets, (i) => '-'.repeat(widths[i] ?? 0)))
  const row = (line: Line): string[] => {
    const index = columns.findIndex((column) => column.process === line.process)
    const offset = offsets[index] ?? 0
    return lineTexts(line, WIDTH - offset, widths[index] ?? WIDTH).map(
      (text) => ' '.repeat(offset) + text,
    )
  }
  return { heading, row }
}

function across(offsets: readonly number[], cell: (index: number) => string): string {
  let text = ''
  offsets.forEach((offset, index) => {
    text = text.padEnd(offset) + cell(index)
  })
  return text
}

function tagged(columns: readonly Column[]): Layout {
  const names = new Map(
    columns.map(({ process, heading }) => [process, heading.split(':')[0] ?? '']),
  )
  const tag = Math.min(16, Math.max(...[...names.values()].map((name) => name.length)) + 2)
  return {
    heading: [
      ...columns
        .filter((column) => column.heading.includes(':'))
        .flatMap((column) => wrap(column.heading, WIDTH, tag)),
      '-'.repeat(WIDTH),
    ],
    row: (line) =>
      lineTexts(line, WIDTH - tag, WIDTH - tag).map(
        (text, i) => (i === 0 ? (names.get(line.process) ?? '') : '').padEnd(tag) + text,
      ),
  }
}

/** A line and what stands below it. `room` is what there is to the right margin, `width` the column's own. */
function lineTexts(line: Line, room: number, width: number): string[] {
  const pad = ' '.repeat(line.indent * 2)
  const text = pad + line.text + (line.waits ? '  ... waits' : '')
  const below = `${pad}  `
  const inner = Math.max(16, width - below.length)
  return [
    ...wrap(text, room, pad.length + 4),
    ...joinShort(line.changes, inner).map((each) => below + each),
    ...(line.star === null
      ? []
      : wrap(`*** ${line.star}`, Math.max(20, room - below.length), 4).map((each) => below + each)),
  ]
}

/** `16 steps, 3 context switches, shortest possible.` */
export function factsText(trace: Trace, minimal: boolean | null): string {
  const count = (number: number, one: string) => `${number} ${one}${number === 1 ? '' : 's'}`
  const facts = [
    count(trace.steps.length, 'step'),
    count(trace.switches, 'context switch').replace(/switchs$/, 'switches'),
    ...(minimal === null ? [] : [minimal ? 'shortest possible' : 'not proved shortest']),
  ]
  return `${facts.join(', ')}.`
}

function footer(trace: Trace, options: ColumnsOptions): string[] {
  const lines = wrap(factsText(trace, options.minimal), WIDTH)
  if (options.replay === null) return lines
  return [...lines, ...commandLines(`replay: ${options.replay}`)]
}

/** A command over several lines still is one when it is pasted; a token is never broken. */
function commandLines(text: string): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + word.length + 3 > WIDTH) {
      lines.push(`${line} \\`)
      line = `  ${word}`
    } else {
      line = line === '' ? word : `${line} ${word}`
    }
  }
  return [...lines, line]
}
