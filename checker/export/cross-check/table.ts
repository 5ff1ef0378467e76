import type { ToolName } from '../tools/tool.js'
import type { Theirs } from './compare.js'
import type { Ours } from './ours.js'
import { type CrossCheckedRow, countsOf, statusOf } from './report.js'

/** The table of a cross-check: a line for each row, in columns as wide as the names that are to come. */
export interface Table {
  readonly head: string
  line(row: CrossCheckedRow): string
}

/** `holds 123`, `violated use-after-free` and the like fit; longer answers push the rest of their line. */
const ANSWER_WIDTH = 28

export function tableOf(
  names: readonly { readonly model: string; readonly row: string }[],
  tools: readonly ToolName[],
): Table {
  const width = (column: 'model' | 'row'): number =>
    Math.max(column.length, ...names.map((each) => each[column].length))
  const columns = [width('model'), width('row'), ...tools.map(() => ANSWER_WIDTH), ANSWER_WIDTH]
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, at) => cell.padEnd(columns[at] ?? 0))
      .join('  ')
      .trimEnd()
  return {
    head: line(['model', 'row', 'ours', ...tools, '']),
    line: (each) =>
      line([each.model, each.name, oursText(each.ours), ...theirTexts(each, tools), endText(each)]),
  }
}

function oursText({ verdict, states, violations, limit }: Ours): string {
  if (verdict === 'holds') return `holds ${states}`
  if (verdict === 'incomplete') return `incomplete ${limit ?? ''}`.trim()
  const [first] = violations
  return first === undefined ? verdict : `${first.kind} @${first.depth}`
}

function theirTexts(row: CrossCheckedRow, tools: readonly ToolName[]): readonly string[] {
  return tools.map((name) => {
    const theirs = row.tools.find(({ tool }) => tool === name)?.theirs
    return theirs == null ? '-' : theirText(theirs)
  })
}

function theirText({ verdict, states, kind, depth, limit }: Theirs): string {
  if (verdict === 'holds') return states === null ? 'holds' : `holds ${states}`
  if (verdict === 'incomplete') return `incomplete ${(limit ?? '').split(' ')[0]}`.trim()
  return depth === null ? (kind ?? verdict) : `${kind ?? verdict} @${depth}`
}

/** `agree`; else what is to be said of the tools that do not, those with one reason together. */
function endText(row: CrossCheckedRow): string {
  const status = statusOf(row)
  const word = { agree: 'agree', 'not-compared': 'not compared', disagree: 'DISAGREE' }[status]
  const shown = status === 'disagree' ? 'disagree' : 'not-compared'
  const byReason = new Map<string, ToolName[]>()
  for (const { tool, status: own, reason } of row.tools) {
    if (own === shown) byReason.set(reason, [...(byReason.get(reason) ?? []), tool])
  }
  const all = row.tools.length
  const reasons = [...byReason].map(([reason, names]) =>
    names.length === all ? reason : `${names.join(', ')}: ${reason}`,
  )
  return reasons.length === 0 ? word : `${word} (${reasons.join('; ')})`
}

/** `42 rows: 40 agree, 2 not compared, 0 disagree; 120 answers: …`. */
export function summaryText(rows: readonly CrossCheckedRow[]): string {
  const { rows: byRow, answers } = countsOf(rows)
  const words = (counts: typeof byRow): string =>
    `${counts.agree} agree, ${counts['not-compared']} not compared, ${counts.disagree} disagree`
  const asked = answers.agree + answers['not-compared'] + answers.disagree
  const plural = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`
  return `${plural(rows.length, 'row')}: ${words(byRow)}; ${plural(asked, 'answer')}: ${words(answers)}`
}
