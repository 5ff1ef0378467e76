import type { ToolName } from '../tools/tool.js'
import { type CrossCheckedRow, countsOf, statusOf } from './report.js'

export const crossCheckFormat = 'gmemcheck-cross-check/1'

/** A cross-check as other programs read it. `spec/schema/cross-check.schema.json` describes it. */
export function crossCheckDocument(
  tools: readonly { readonly name: ToolName; readonly version: string }[],
  rows: readonly CrossCheckedRow[],
) {
  const { rows: byRow, answers } = countsOf(rows)
  const named = (counts: typeof byRow) => ({
    agree: counts.agree,
    notCompared: counts['not-compared'],
    disagree: counts.disagree,
  })
  return {
    format: crossCheckFormat,
    tools,
    rows: rows.map((row) => ({
      model: row.model,
      file: row.file,
      modelHash: row.modelHash,
      row: row.name,
      params: row.params,
      design: row.design,
      status: statusOf(row),
      ours: row.ours,
      tools: row.tools.map(({ tool, status, reason, theirs }) => ({
        tool,
        status,
        reason,
        answer: theirs === null ? null : withoutTool(theirs),
      })),
    })),
    summary: { rows: named(byRow), answers: named(answers) },
  }
}

const withoutTool = <T extends { readonly tool: ToolName }>({ tool: _, ...rest }: T) => rest
