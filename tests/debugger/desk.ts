import { readFileSync } from 'node:fs'
import { fileReader } from '../../checker/cli/files.js'
import {
  type Desk,
  obey,
  openDesk,
  prepareRow,
  type Row,
  readerOfTexts,
  readModel,
  readTraceFile,
  replay,
  settingsChoices,
  trailOf,
} from '../../checker/index.js'
import { orderKind } from '../../checker/trace/order-end.js'
import type { Trace } from '../../checker/trace/trace.js'
import { configure } from '../../spec/index.js'
import { projectRoot } from '../helpers/spawn.js'
import { rowOf, violationOf } from '../trace/model.js'

/** The replay of a trace of `counterexamples/`; throws where there is none. */
export function replayed(name: string): {
  readonly row: Row
  readonly trace: Trace
  readonly desk: Desk
} {
  const path = `${projectRoot}counterexamples/${name}.trace.json`
  const { file: trace, refusal } = readTraceFile(readFileSync(path, 'utf8'))
  if (trace === null) throw new Error(refusal)
  // From the folder of the project, where tests run.
  const file = trace.files[0] as string
  const { model, recorded } = readModel(file, fileReader(file))
  const configured = model && configure(model, settingsChoices(trace.params, trace.design)).result
  const row = configured && prepareRow(model, configured, 'reference', trace.leftOut ?? []).row
  if (!row) throw new Error(`${name} has no row`)
  const isOrder = trace.violation.kind === orderKind
  const found = replay(row.interpreter, trailOf(trace), null, trace.trail.loop, isOrder)
  if (found.trace === null) throw new Error(found.refusal)
  const matter = { row, file, reads: recorded, minimal: trace.length.minimal }
  return { row, trace: found.trace, desk: openDesk(matter, found.trace) }
}

/** The counterexample that a search finds in a model text. */
export function found(text: string): { readonly desk: Desk } {
  const row = rowOf(text)
  const { trace } = replay(row.interpreter, violationOf(row).trail, null)
  if (trace === null) throw new Error('the counterexample is none')
  const { recorded } = readModel('m.gmem', readerOfTexts({ 'm.gmem': text }))
  return { desk: openDesk({ row, file: 'm.gmem', reads: recorded, minimal: true }, trace) }
}

/** What lines come to, one after the other: the last answer, and where one then is. */
export function told(desk: Desk, ...lines: string[]): ReturnType<typeof obey> {
  let reply: ReturnType<typeof obey> = { desk, text: '' }
  for (const line of lines) reply = obey(reply.desk, line)
  return reply
}
