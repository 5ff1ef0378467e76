import {
  defaultSearchOptions,
  expectedOf,
  explore,
  litmusOf,
  type Row,
  replay,
  type Trace,
} from '../../index.js'
import type { RowFlags } from '../arguments.js'
import { deliver } from '../deliver.js'
import { EXIT, type ExitCode } from '../exit.js'
import { reproduce } from '../reproduce.js'
import { rowOf } from '../row-of.js'
import type { Terminal } from '../terminal.js'

interface LitmusFlags extends RowFlags {
  readonly out?: string
}

/** A run to a data race, and the row it is one of; or why there is none. */
type Found =
  | { readonly row: Row; readonly trace: Trace; readonly problem: null }
  | { readonly row: null; readonly trace: null; readonly problem: string | null }

/** `export litmus`: the racing pair of a trace, or of the first race of a model. */
export function exportLitmus(terminal: Terminal, file: string, flags: LitmusFlags): ExitCode {
  const refused = (reason: string): ExitCode => {
    terminal.err(`refused: ${reason}\n`)
    return EXIT.wrong
  }
  const found = file.endsWith('.json')
    ? runOfTrace(terminal, file)
    : runOfModel(terminal, file, flags)
  if (found.row === null) return found.problem === null ? EXIT.wrong : refused(found.problem)
  const { row, trace } = found
  const { text, name, refusal } = litmusOf(row.model, row.interpreter, trace)
  if (text === null) return refused(refusal)
  deliver(terminal, [{ name: `${name}.litmus`, text }], flags)
  return EXIT.ok
}

const none = (problem: string | null): Found => ({ row: null, trace: null, problem })

function runOfModel(terminal: Terminal, file: string, flags: RowFlags): Found {
  const row = rowOf(terminal, file, flags)
  if (row === null) return none(null)
  const { system } = row.interpreter
  if (!system.asked.has('data-race')) {
    return none(`${system.name} does not say \`check data-race;\`: races are not looked for`)
  }
  const kinds = ['data-race']
  const options = { ...defaultSearchOptions, wanted: kinds, preferred: kinds }
  const { violation } = explore(row.engine, options)
  if (violation?.kind !== 'data-race') return none('no data race was found in this row')
  const { trace, refusal } = replay(row.interpreter, violation.trail, expectedOf(system, violation))
  if (trace === null) throw new Error(`the engine's counterexample is not one: ${refusal}`)
  return { row, trace, problem: null }
}

function runOfTrace(terminal: Terminal, path: string): Found {
  const found = reproduce(terminal, path, undefined)
  return found === null ? none(null) : { row: found.row, trace: found.trace, problem: null }
}
