import { SourceText } from '../../../spec/index.js'
import {
  allCovers,
  conditionCovers,
  type DiagramFormat,
  drawDiagram,
  type Observed,
  observedTexts,
  projectionOf,
  quotientOf,
  type Row,
  rowName,
} from '../../index.js'
import type { RowFlags } from '../arguments.js'
import { EXIT, type ExitCode, UsageError } from '../exit.js'
import { rowOf } from '../row-of.js'
import type { Terminal } from '../terminal.js'

export interface DiagramFlags extends RowFlags {
  readonly of: string | undefined
  readonly format: DiagramFormat
  readonly maxStates: number
}

/** `dump diagram`: the states of a row, as far as somebody wants to see them. */
export function dumpDiagram(
  terminal: Terminal,
  file: string,
  flags: DiagramFlags,
  deliver: (text: string) => ExitCode,
): ExitCode {
  const texts = textsOf(flags.of)
  const covers = conditionCovers(texts)
  const asked = covers === '' ? undefined : new SourceText('--of', covers)
  const row = rowOf(terminal, file, flags, 'compiled', asked)
  if (row === null) return EXIT.wrong
  const { system } = row.engine
  const quotient = quotientOf(row.engine, wanted(row, texts), flags.maxStates)
  if ('why' in quotient) {
    const out =
      'no diagram is drawn, it would not be whole: raise --max-states or choose a smaller row'
    terminal.err(`incomplete: ${quotient.why}\n${out}\n`)
    return EXIT.incomplete
  }
  const { states, views } = quotient
  const title = `${system.name}, ${rowName(row.model, row.configuration)}: ${states} states, ${views.length} here`
  return deliver(drawDiagram(flags.format, quotient, title))
}

function textsOf(list: string | undefined): readonly string[] {
  if (list === undefined) return []
  const texts = observedTexts(list)
  if (texts === null) throw new UsageError(`the brackets of --of ${list} do not match`)
  if (texts.includes('')) throw new UsageError('--of wants names with commas between them')
  return texts
}

function wanted({ engine }: Row, texts: readonly string[]): readonly Observed[] {
  const { system } = engine
  const found = texts.length === 0 ? allCovers(system) : projectionOf(system, texts)
  if ('problem' in found) throw new UsageError(found.problem, found.hint)
  if (found.length > 0) return found
  const names = [
    ...system.shared.map(({ name }) => name),
    ...system.pools.map((p) => `${p.name}[0]`),
  ]
  const hint = `for example --of ${names.slice(0, 3).join(',')}`
  throw new UsageError('the model has no `cover` that could be shown', hint)
}
