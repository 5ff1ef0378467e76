import { designRows, lower } from '../../spec/index.js'
import type { TableModel } from '../render/corpus-table.js'
import type { ReadModel } from './model.js'
import { headEntry } from './model-head.js'
import type { TestedRow } from './test-row.js'

/** A tested model as the table of a corpus shows it, `file` being the link; null when it is broken. */
export function tableModelOf(
  read: ReadModel,
  rows: readonly TestedRow[],
  file: string,
): TableModel | null {
  const { model, sources } = read
  const [first] = model === null ? [] : designRows(model)
  const system = model && first ? lower(model, first).result : null
  if (model === null || system === null) return null
  const [source] = sources.values()
  const text = source?.text ?? ''
  const daemons = system.processes.filter((process) => process.daemon).length
  return {
    file,
    name: model.name,
    question: headEntry(text, 'question'),
    kernel: headEntry(text, 'kernel'),
    threads: system.processes.length - daemons,
    daemons,
    rows: rows.flatMap(({ name, report }) =>
      report === null ? [] : [{ name, document: report.document }],
    ),
  }
}
