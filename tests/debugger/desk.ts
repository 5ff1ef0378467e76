import { reproduce } from '../../checker/cli/reproduce.js'
import { createTerminal, type Terminal } from '../../checker/cli/terminal.js'
import {
  type Desk,
  obey,
  openDesk,
  type Row,
  readerOfTexts,
  readModel,
  replay,
  type Trace,
} from '../../checker/index.js'
import { rowOf, violationOf } from '../trace/model.js'

/** Nothing is to be said, and why is not. */
const silent: Terminal = {
  ...createTerminal(false),
  err: (text) => {
    throw new Error(text)
  },
}

/** The replay of a trace of `counterexamples/`, as the command line makes it; throws where it is refused. */
export function replayed(name: string): {
  readonly row: Row
  readonly trace: Trace
  readonly desk: Desk
} {
  // From the folder of the project, where tests run.
  const found = reproduce(silent, `counterexamples/${name}.trace.json`, undefined)
  if (found === null) throw new Error(`${name} is refused`)
  const { row, trace, file, reads, order } = found
  return { row, trace, desk: openDesk({ row, file, reads, minimal: order.minimal }, trace) }
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
