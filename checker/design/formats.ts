import type { Finding } from '../render/formats/finding.js'
import type { SearchResult } from '../search/verdict.js'
import { expectedOf, replay } from '../trace/replay.js'
import type { Trace } from '../trace/trace.js'
import { evidenceOf, type Row, type RowReport } from './row.js'
import { rowName } from './settings.js'

/** What the formats of a searched row are written from; its run is one that the interpreter has replayed. */
export function findingOf(row: Row, result: SearchResult, report: RowReport): Finding {
  const { document, evidence } = report
  const { violation } = result
  const { system } = row.interpreter
  const about = { ...namesOf(row, document.file), document }
  if (violation === null || evidence === null) return { ...about, run: null }
  const { trace, refusal } = replay(row.interpreter, violation.trail, expectedOf(system, violation))
  if (trace === null) throw new Error(`a run is replayed once, and not twice: ${refusal}`)
  return { ...about, run: { trace, token: evidence.trace.token, columns: evidence.columns } }
}

/** What the formats of a run are written from that no search of ours has just found. */
export function findingOfReplay(
  row: Row,
  trace: Trace,
  about: { readonly token: string; readonly minimal: boolean | null; readonly file: string },
): Finding {
  const { columns } = evidenceOf(row, trace, about)
  return {
    ...namesOf(row, about.file),
    document: null,
    run: { trace, token: about.token, columns },
  }
}

const namesOf = ({ model, configuration, interpreter }: Row, file: string) => {
  return { file, row: rowName(model, configuration), interpreter }
}
