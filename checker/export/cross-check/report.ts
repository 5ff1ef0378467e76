import type { ToolName } from '../tools/tool.js'
import type { Comparison, Theirs } from './compare.js'
import type { Ours } from './ours.js'

/** Values of params and design choices by name. */
type Settings = Readonly<Record<string, string | number | boolean>>

/** One tool on one row. */
export interface ToolRow extends Comparison {
  readonly tool: ToolName
  /** Null: the row was not exported, or the run not begun. */
  readonly theirs: Theirs | null
  /** What the tool printed, for who has to look into a disagreement. */
  readonly output: string
}

/** A row that was searched by ourselves and by other tools. */
export interface CrossCheckedRow {
  readonly model: string
  readonly file: string
  readonly modelHash: string
  /** The choices that are not the defaults; `default` when there are none. */
  readonly name: string
  readonly params: Settings
  readonly design: Settings
  readonly ours: Ours
  readonly tools: readonly ToolRow[]
}

export type RowStatus = Comparison['status']

/** A row agrees when some tool does and none disagrees. */
export function statusOf({ tools }: Pick<CrossCheckedRow, 'tools'>): RowStatus {
  if (tools.some(({ status }) => status === 'disagree')) return 'disagree'
  return tools.some(({ status }) => status === 'agree') ? 'agree' : 'not-compared'
}

/** Time, memory, states or a person ended a search, ours or another's: what was compared is not all there was to. */
export function wasCutShort({ ours, tools }: Pick<CrossCheckedRow, 'ours' | 'tools'>): boolean {
  if (ours.limit !== null && ours.limit !== 'bound') return true
  return tools.some(({ theirs, reason }) => {
    if (theirs === null) return reason === 'interrupted'
    return theirs.verdict === 'incomplete' && theirs.limit !== 'bound'
  })
}

/** How many rows, and how many answers of tools, came out in each way. */
export function countsOf(rows: readonly CrossCheckedRow[]): {
  readonly rows: Readonly<Record<RowStatus, number>>
  readonly answers: Readonly<Record<RowStatus, number>>
} {
  const count = (statuses: readonly RowStatus[]): Readonly<Record<RowStatus, number>> => {
    const of = (status: RowStatus) => statuses.filter((each) => each === status).length
    return { agree: of('agree'), 'not-compared': of('not-compared'), disagree: of('disagree') }
  }
  return {
    rows: count(rows.map(statusOf)),
    answers: count(rows.flatMap(({ tools }) => tools.map(({ status }) => status))),
  }
}
