import { type CheckedModel, type Configuration, designRows, lower } from '../../spec/index.js'
import type { LargerTable, TableModel, TableRow } from '../render/corpus-table.js'
import type { LargerSizes } from './larger.js'
import type { ReadModel } from './model.js'
import { headEntry } from './model-head.js'
import type { TestedRow } from './test-row.js'

/** The rows that were tested at some larger sizes. */
export interface TestedSizes {
  readonly sizes: LargerSizes
  readonly rows: readonly TestedRow[]
}

/** A tested model as the table of a corpus shows it, `file` being the link; null when it is broken. */
export function tableModelOf(
  read: ReadModel,
  rows: readonly TestedRow[],
  file: string,
  larger: readonly TestedSizes[] = [],
): TableModel | null {
  const { model, sources } = read
  const [first] = model === null ? [] : designRows(model)
  const counts = model && first ? processCounts(model, first) : null
  if (model === null || counts === null) return null
  const [source] = sources.values()
  const text = source?.text ?? ''
  return {
    file,
    name: model.name,
    question: headEntry(text, 'question'),
    kernel: headEntry(text, 'kernel'),
    ...counts,
    rows: rows.flatMap(tableRow),
    larger: larger.flatMap((each) => largerTable(model, each) ?? []),
  }
}

function largerTable(model: CheckedModel, { sizes, rows }: TestedSizes): LargerTable | null {
  const counts = processCounts(model, sizes.configuration)
  if (counts === null) return null
  const asExpected = rows.filter(({ judgement }) => judgement?.status === 'met').length
  return { sizes: sizes.text, ...counts, asExpected, rows: rows.flatMap(tableRow) }
}

const tableRow = ({ name, report }: TestedRow): TableRow[] =>
  report === null ? [] : [{ name, document: report.document }]

/** Null when it cannot be lowered. */
function processCounts(
  model: CheckedModel,
  configuration: Configuration,
): { readonly threads: number; readonly daemons: number } | null {
  const system = lower(model, configuration).result
  if (system === null) return null
  const daemons = system.processes.filter((process) => process.daemon).length
  return { threads: system.processes.length - daemons, daemons }
}
