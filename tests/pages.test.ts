import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  defaultSearchOptions,
  explore,
  judge,
  prepareRow,
  type Reader,
  type RowReport,
  readModel,
  reportRow,
} from '../checker/index.js'
import { kinds } from '../spec/analysis/kinds.js'
import { codes } from '../spec/diagnostics/codes.js'
import {
  type Choices,
  configure,
  type Diagnostic,
  designRows,
  frame,
  matchExpectation,
} from '../spec/index.js'
import { projectRoot } from './helpers/spawn.js'

/**
 * Each diagnostic code and each violation kind has a page, and what the page shows is tried:
 *
 *   gmem          the first is wrong in exactly the way of the page, the last is not
 *   gmem FILE     a file that the models of the page `use`
 *   sh            for codes about the command line: the first command is wrong, the last is not
 *   text          lines of the report, whatever their line breaks
 */
interface Page {
  readonly name: string
  readonly text: string
  readonly models: readonly string[]
  readonly files: ReadonlyMap<string, string>
  readonly commands: readonly string[]
  readonly reports: readonly string[]
}

/** Pages that show no model that fails, and why. */
const WITHOUT_EXAMPLES: Readonly<Record<string, string>> = {
  'bad-constant': 'the guard behind other codes: no model is known that gets to it',
}

/** Kinds that cannot but be reported with the one of the page. */
const BESIDES: Readonly<Record<string, readonly string[]>> = { deadlock: ['lock-inversion'] }

/** What a page cannot hold is made of its only model. */
const DAMAGE: Readonly<Record<string, (text: string) => string>> = {
  'not-text': (text) => `\u007fELF\u0002\u0001${text}`,
  crlf: (text) => text.replaceAll('\n', '\r\n'),
}

function readPage(folder: string, name: string): Page {
  const text = readFileSync(join(projectRoot, folder, `${name}.md`), 'utf8')
  const models: string[] = []
  const files = new Map<string, string>()
  const commands: string[] = []
  const reports: string[] = []
  for (const [, info = '', content = ''] of text.matchAll(/^```(.+)\n([\s\S]*?)^```$/gm)) {
    const [language, file] = info.split(' ')
    if (language === 'gmem' && file !== undefined) files.set(file, content)
    else if (language === 'gmem') models.push(content)
    else if (language === 'sh') commands.push(content)
    else if (language === 'text') reports.push(content)
    else throw new Error(`${name}: a block of ${info}`)
  }
  return { name, text, models, files, commands, reports }
}

const pagesIn = (folder: string): readonly Page[] =>
  readdirSync(join(projectRoot, folder))
    .filter((file) => file.endsWith('.md'))
    .map((file) => readPage(folder, file.slice(0, -3)))
    .sort((left, right) => (left.name < right.name ? -1 : 1))

/** The values that a command gives with `--param` and `--design`. */
function choicesOf(command: string | undefined): Choices {
  const given = (option: string) =>
    Object.fromEntries(
      [...(command ?? '').matchAll(new RegExp(`--${option} (\\w+)=(\\S+)`, 'g'))].map(
        ([, name = '', value = '']) => [name, value],
      ),
    )
  return { params: given('param'), design: given('design') }
}

/** The files of the page, then `models/`, as the command line finds them. */
function readerOf(page: Page, text: string): Reader {
  const texts = new Map([...page.files, ['model.gmem', text]])
  return (path) => {
    const own = texts.get(path)
    if (own !== undefined) return { kind: 'text', path, text: own }
    const shown = `models/${path}`
    const full = join(projectRoot, shown)
    if (!existsSync(full)) return { kind: 'missing', tried: [path, shown] }
    if (statSync(full).isDirectory()) return { kind: 'directory', path: shown, reason: '' }
    return { kind: 'text', path: shown, text: readFileSync(full, 'utf8') }
  }
}

/** All that is said about a model: its diagnostics, and a report for each row that was searched. */
interface Said {
  readonly diagnostics: readonly Diagnostic[]
  readonly reports: readonly RowReport[]
  /** What is not as the model expects, in words. */
  readonly unmet: readonly string[]
  /** Everything that is printed, in one text without line breaks. */
  readonly text: string
}

const squash = (text: string): string => text.trim().replace(/\s+/g, ' ')

function run(page: Page, text: string, command: string | undefined): Said {
  const { model, diagnostics: read, sources } = readModel('model.gmem', readerOf(page, text))
  const chosen = model && configure(model, choicesOf(command))
  const diagnostics = [...read, ...(chosen?.diagnostics ?? [])]
  const reports: RowReport[] = []
  const unmet: string[] = []
  if (model !== null && chosen?.result) {
    const rows = command === undefined ? designRows(model) : [chosen.result]
    for (const configuration of rows) {
      const { row, diagnostics: lowered } = prepareRow(model, configuration)
      diagnostics.push(...lowered)
      if (row === null) continue
      const expectation = matchExpectation(model, configuration)
      const wanted = expectation?.kinds ?? []
      const options = { ...defaultSearchOptions, wanted, preferred: wanted }
      const result = explore(row.engine, options)
      const report = reportRow(row, result, { file: 'model.gmem', traceFile: null })
      reports.push(report)
      const { status, reason } = judge(expectation, report)
      if (status !== 'met') unmet.push(reason)
      if (report.disagreement !== null) unmet.push(report.disagreement)
    }
  }
  const printed = [
    ...diagnostics.map((diagnostic) => frame(diagnostic, sources)),
    ...reports.map((report) => report.evidence?.columns ?? ''),
  ]
  return { diagnostics, reports, unmet, text: squash(printed.join('\n')) }
}

const runFailing = (page: Page): Said => {
  const [text = ''] = page.models
  return run(page, DAMAGE[page.name]?.(text) ?? text, page.commands[0])
}

const runMended = (page: Page): Said =>
  run(page, page.models.at(-1) ?? '', page.commands.length > 1 ? page.commands.at(-1) : undefined)

const codesOf = ({ diagnostics }: Said): string =>
  [...new Set(diagnostics.map((diagnostic) => diagnostic.code))].join(' ')

function checkForm(page: Page): void {
  assert.ok(page.text.startsWith(`# ${page.name}\n\n`), 'the title is the name')
  assert.equal(
    page.text.split('\n').filter((line) => line.length > 110),
    [],
  )
  assert.is(page.commands.length % 2, 0, 'a wrong command and a right one')
}

function checkExamples(page: Page): void {
  const isShort = page.name in DAMAGE || page.commands.length > 0
  assert.is(page.models.length, isShort ? 1 : 2)
  assert.is(page.reports.length, 1)
}

function checkReport(page: Page, said: Said): void {
  const lines = page.reports.flatMap((report) => report.trim().split('\n'))
  assert.ok(lines.length > 0 && lines.length <= 2, 'a report is one or two lines')
  for (const line of lines) assert.ok(said.text.includes(squash(line)), `it does not say: ${line}`)
}

function checkMended(page: Page): void {
  const said = runMended(page)
  assert.is(codesOf(said), '')
  assert.equal(said.unmet, [])
  assert.ok(said.reports.some(({ document }) => document.verdict === 'holds'))
}

const names = (pages: readonly Page[]): readonly string[] => pages.map((page) => page.name)
const library = readdirSync(join(projectRoot, 'models', 'lib')).map((file) =>
  readFileSync(join(projectRoot, 'models', 'lib', file), 'utf8'),
)
const declared = library.flatMap((text) =>
  [...text.matchAll(/^violation ([\w-]+)/gm)].map((match) => match[1] ?? ''),
)

const errors = suite('pages of diagnostic codes')
const errorPages = pagesIn('spec/errors')

errors('each code has a page, and each page a code', () => {
  assert.equal(names(errorPages), Object.keys(codes).sort())
})

for (const page of errorPages) {
  errors(page.name, () => {
    checkForm(page)
    if (page.name in WITHOUT_EXAMPLES) return assert.is(page.models.length, 0)
    checkExamples(page)
    const failing = runFailing(page)
    assert.is(codesOf(failing), page.name)
    checkReport(page, failing)
    checkMended(page)
  })
}
errors.run()

const violations = suite('pages of violation kinds')
const kindPages = pagesIn('spec/kinds')

violations('each kind has a page, and each page a kind', () => {
  assert.ok(declared.length >= 6)
  assert.equal(names(kindPages), [...Object.keys(kinds), ...declared].sort())
})

violations('no name is that of a page in both folders', () => {
  const both = names(kindPages).filter((name) => name in codes)
  assert.equal(both, [])
})

for (const page of kindPages) {
  violations(page.name, () => {
    checkForm(page)
    assert.match(squash(page.text), /The kernel (prints|has|does not look).* usual cause/i)
    checkExamples(page)
    const failing = runFailing(page)
    assert.is(codesOf(failing), '')
    assert.equal(failing.unmet, [])
    const found = failing.reports.flatMap(({ document }) => document.violations)
    const kindsFound = [...new Set(found.map((violation) => violation.kind))]
    assert.equal(kindsFound, [page.name, ...(BESIDES[page.name] ?? [])])
    checkReport(page, failing)
    checkMended(page)
  })
}

violations('every reason for a page without examples is about a page', () => {
  const all = [...names(errorPages), ...names(kindPages)]
  for (const name of [...Object.keys(WITHOUT_EXAMPLES), ...Object.keys(DAMAGE)]) {
    assert.ok(all.includes(name), name)
  }
})
violations.run()
