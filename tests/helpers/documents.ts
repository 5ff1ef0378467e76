import { existsSync, readFileSync } from 'node:fs'
import { type Reader, type ReadModel, readModel } from '../../checker/design/model.js'
import { type TestedRow, testRow } from '../../checker/design/test-row.js'
import { defaultSearchOptions } from '../../checker/search/options.js'
import { type Diagnostic, designRows, parse, SourceText } from '../../spec/index.js'
import { projectRoot } from './spawn.js'

/** A fenced block of a Markdown text. */
export interface Block {
  /** The words after the opening fence. */
  readonly info: readonly string[]
  readonly text: string
  /** The line of the opening fence, from 1. */
  readonly line: number
  /** Where its text begins and ends in the document. */
  readonly from: number
  readonly to: number
}

/** The fenced blocks of a text, in order. */
export function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = []
  for (const match of markdown.matchAll(/^```([^\n`]*)\n([\s\S]*?)^```$/gm)) {
    const [whole, info = '', text = ''] = match
    const from = match.index + whole.indexOf('\n') + 1
    const line = markdown.slice(0, match.index).split('\n').length
    blocks.push({ info: info.split(' ').filter(Boolean), text, line, from, to: from + text.length })
  }
  return blocks
}

/** Targets of links that lead into the project, without their anchors. */
export function linksOf(markdown: string): string[] {
  const prose = markdown.replace(/^```[\s\S]*?^```$/gm, '').replace(/`[^`\n]*`/g, '')
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target.replace(/#.*$/, ''))
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target))
}

/** Reads the model of a block; `use` finds the libraries the document has shown before, then the project's own. */
export function readBlock(text: string, libraries: ReadonlyMap<string, string>): ReadModel {
  const path = 'example.gmem'
  const read: Reader = (wanted, from) => {
    const found = from === null ? text : (libraries.get(wanted) ?? ownLibrary(wanted))
    if (found === undefined) return { kind: 'missing', tried: [wanted] }
    return { kind: 'text', path: from === null ? path : wanted, text: found }
  }
  return readModel(path, read)
}

function ownLibrary(wanted: string): string | undefined {
  const path = `${projectRoot}models/${wanted}`
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}

const words = (diagnostics: readonly Diagnostic[]): string[] =>
  diagnostics.map(({ severity, code, message }) => `${severity}[${code}]: ${message}`)

/** Why an example is not what its expectations say; a model in a document has no warnings either. */
export function modelProblems(text: string, libraries: ReadonlyMap<string, string>): string[] {
  const read = readBlock(text, libraries)
  const { model, diagnostics } = read
  if (model === null || diagnostics.length > 0) return words(diagnostics)
  if (model.expectations.length === 0) return ['the model expects nothing']
  const rows = designRows(model).map((_, row) =>
    testRow(read, row, 'example.gmem', defaultSearchOptions),
  )
  const never = model.covers.filter(({ name }) =>
    rows.every((row) => row.report?.document.coverage.uncovered.includes(name)),
  )
  return [
    ...rows.flatMap(rowProblems),
    ...never.map(({ name }) => `cover ${name} is reached in no row`),
  ]
}

function rowProblems({ name, report, judgement, diagnostics }: TestedRow): string[] {
  if (report === null || judgement === null) return words(diagnostics).map((it) => `${name}: ${it}`)
  if (report.disagreement !== null) return [`${name}: ${report.disagreement}`]
  return judgement.status === 'met' ? [] : [`${name}: ${judgement.reason}`]
}

/** Why a model does not have this verdict in every row: `holds`, or `violated` and the kind that is shown. */
export function verdictProblems(text: string, verdict: string, kind: string | undefined): string[] {
  const read = readBlock(text, new Map())
  if (read.model === null || read.diagnostics.length > 0) return words(read.diagnostics)
  return designRows(read.model).flatMap((_, row) => {
    const { name, report } = testRow(read, row, 'example.gmem', defaultSearchOptions)
    const found = [report?.document.verdict, report?.document.violation?.kind].join(' ').trim()
    const wanted = [verdict, kind].join(' ').trim()
    return found === wanted ? [] : [`${name}: ${found}, not ${wanted}`]
  })
}

/** The file with the op of the same name put in the place of its own. */
export function withOp(file: string, op: string): string {
  const name = /^op [^\n(]*?(\w+)\(/m.exec(op)?.[1] ?? ''
  const old = new RegExp(`^op [^\\n(]*\\b${name}\\([\\s\\S]*?^}\\n`, 'm')
  if (name === '' || !old.test(file)) throw new Error(`there is no op ${name} to replace`)
  return file.replace(old, () => op)
}

/** Why a fragment cannot be read: as declarations, else as the statements of a body. */
export function fragmentProblems(text: string): string[] {
  const outside = parse(new SourceText('fragment.gmem', text))
  if (outside.result !== null) return words(outside.diagnostics)
  const inside = parse(new SourceText('fragment.gmem', `op fragment() {\n${text}}\n`))
  return inside.result === null ? words(inside.diagnostics) : []
}

/** The codes of the errors that an example is refused with, the same model's lowering included. */
export function refusals(text: string, libraries: ReadonlyMap<string, string>): string[] {
  const read = readBlock(text, libraries)
  if (read.model === null) return codes(read.diagnostics)
  return designRows(read.model).flatMap((_, row) =>
    codes(
      testRow(read, row, 'example.gmem', { ...defaultSearchOptions, maxStates: 1 }).diagnostics,
    ),
  )
}

const codes = (diagnostics: readonly Diagnostic[]): string[] =>
  diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code)

/** The lines of an excerpt that do not follow in the file, in order; a line of `…` leaves something out. */
export function excerptProblems(excerpt: string, file: string): string[] {
  const lines = file.split('\n')
  let at = 0
  return excerpt.split('\n').flatMap((line) => {
    if (line.trim() === '' || line.trim() === '…') return []
    const found = lines.indexOf(line, at)
    if (found < 0) return [line]
    at = found + 1
    return []
  })
}

/** One command of a `console` block, and what the document says it prints. */
export interface Command {
  readonly command: string
  readonly output: string
}

/** The commands of a `console` block: a `$` begins one, a backslash at the end of a line goes on with it. */
export function commandsOf(block: string): Command[] {
  return block
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const [, command = '', output = ''] = /^((?:[^\n]*\\\n)*[^\n]*)\n?([\s\S]*)$/.exec(part) ?? []
      return { command, output }
    })
}

/** An output without what differs from run to run and from machine to machine. */
export const timeless = (output: string): string =>
  output
    .replace(/\bseconds \d+\.\d, states\/s \d+/g, 'seconds N, states/s N')
    .replace(/\btime="\d+\.\d+"/g, 'time="N"')
    .trimEnd()
