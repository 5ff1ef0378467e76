import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { builtins, predefined } from '../spec/analysis/builtins.js'
import { kinds, optionalKinds } from '../spec/analysis/kinds.js'
import { binaryOperators, precedence } from '../spec/syntax/precedence.js'
import {
  type Block,
  blocksOf,
  type Command,
  commandsOf,
  excerptProblems,
  fragmentProblems,
  linksOf,
  modelProblems,
  refusals,
  timeless,
  verdictProblems,
  withOp,
} from './helpers/documents.js'
import { gmemcheck, projectRoot } from './helpers/spawn.js'

/**
 * What the documents say is tried: models have the verdicts they expect, fragments parse, refused models are refused
 * with the code named, commands print what is shown. `UPDATE=1` puts what commands print now into the documents.
 *
 *   gmem                         a whole model that is as it expects
 *   gmem file NAME [VERDICT]     one that the commands below it use; with a verdict it may expect nothing
 *   gmem edit NAME VERDICT       the op of that name in this file, as it is from here on
 *   gmem library NAME            a file that later models `use`
 *   gmem refused CODE            a model with this error
 *   gmem fragment                declarations, or statements
 *   gmem excerpt PATH            lines of a file of the project
 *   console         `$ gmemcheck …` and what it prints on stdout and stderr, `< NAME` reads a file; `$ echo $?`
 *   console excerpt the same, with lines of it only, in order; a line of `…` stands for what is left out
 *   text file NAME  a file that the commands below it read
 *   mermaid NAME    the file of that name, as the commands above it have written it
 *   text            anything else
 */
const UPDATE = process.env.UPDATE === '1'

const decisions = readdirSync(`${projectRoot}docs/decisions`).map(
  (name) => `docs/decisions/${name}`,
)
const documents = [
  'README.md',
  'CHANGELOG.md',
  'spec/README.md',
  'docs/architecture.md',
  'docs/benchmarks.md',
  'docs/bugs.md',
  'docs/designs.md',
  'docs/evidence.md',
  'docs/first-model.md',
  'docs/formats.md',
  'docs/glossary.md',
  'docs/modelling.md',
  'docs/reductions.md',
  'docs/replay.md',
  'docs/scenarios.md',
  'docs/search.md',
  'docs/second-opinion.md',
  'docs/selftest.md',
  'docs/warts.md',
  ...decisions,
]

const readDocument = (path: string): string => readFileSync(`${projectRoot}${path}`, 'utf8')
const none = (problems: readonly string[]) => assert.is(problems.join('\n'), '')

/** What a document has built up so far: files that later blocks use, and the exit code of the last command. */
interface Desk {
  readonly folder: string
  readonly libraries: Map<string, string>
  status: number | null
}

function makeDesk(): Desk {
  const folder = mkdtempSync(join(tmpdir(), 'gmemcheck-docs-'))
  symlinkSync(`${projectRoot}models`, join(folder, 'models'))
  return { folder, libraries: new Map(), status: null }
}

function place(desk: Desk, name: string, text: string): void {
  const path = join(desk.folder, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

/** Runs a command of a document; its words are split at blanks, as nothing here needs a shell. */
async function execute(desk: Desk, { command }: Command): Promise<string> {
  const [program, ...args] = command.replaceAll('\\\n', ' ').split(/\s+/)
  if (program === 'echo' && args.join(' ') === '$?') return `${desk.status}\n`
  assert.is(program, 'gmemcheck', `a document runs gmemcheck only, not ${command}`)
  const from = args.indexOf('<')
  const input = from < 0 ? '' : readFileSync(join(desk.folder, args[from + 1] ?? ''), 'utf8')
  const given = from < 0 ? args : args.slice(0, from)
  const { status, stdout, stderr } = await gmemcheck(given, { cwd: desk.folder, stdin: input })
  desk.status = status
  return stdout + stderr
}

/** What a `console` block shows when it is told again, or null when that is what it shows. */
async function tryConsole(desk: Desk, block: Block): Promise<string | null> {
  const isExcerpt = block.info[1] === 'excerpt'
  let shown = ''
  let differs = false
  for (const command of commandsOf(block.text)) {
    const output = await execute(desk, command)
    if (isExcerpt) {
      none(excerptProblems(timeless(command.output), timeless(output)))
      continue
    }
    const same = timeless(output) === timeless(command.output)
    differs ||= !same
    shown += `$ ${command.command}\n${same ? command.output : output}`
    if (!UPDATE) assert.is(timeless(command.output), timeless(output), command.command)
  }
  return differs ? shown : null
}

/** What a block of a file shows when it is told again, or null when that is what it shows. */
function tryFile(desk: Desk, { info, text }: Block): string | null {
  const [, name = ''] = info
  const written = readFileSync(join(desk.folder, name), 'utf8')
  if (!UPDATE) assert.is(text, written, name)
  return text === written ? null : written
}

async function tryModel(desk: Desk, { info, text }: Block): Promise<void> {
  const [, how, what = '', verdict, kind] = info
  switch (how) {
    case undefined:
      return none(modelProblems(text, desk.libraries))
    case 'file':
      place(desk, what, text)
      return none(
        verdict === undefined
          ? modelProblems(text, desk.libraries)
          : verdictProblems(text, verdict, kind),
      )
    case 'edit': {
      const edited = withOp(readFileSync(join(desk.folder, what), 'utf8'), text)
      place(desk, what, edited)
      return none(verdictProblems(edited, verdict ?? '', kind))
    }
    case 'library':
      desk.libraries.set(what, text)
      place(desk, what, text)
      return none(fragmentProblems(text))
    case 'fragment':
      return none(fragmentProblems(text))
    case 'refused':
      return assert.ok(
        refusals(text, desk.libraries).includes(what),
        `refused with: ${refusals(text, desk.libraries).join(', ') || 'nothing'}`,
      )
    case 'excerpt':
      return none(excerptProblems(text, readDocument(what)))
    default:
      throw new Error(`what is \`gmem ${how}\`?`)
  }
}

for (const path of documents) {
  const text = readDocument(path)
  const desk = makeDesk()
  const document = suite(path)
  const updates: { readonly block: Block; readonly text: string }[] = []
  document.after(() => {
    rmSync(desk.folder, { recursive: true })
    if (updates.length === 0) return
    // From the last to the first, so that the places of the others stay what they are.
    const updated = updates.reduceRight(
      (whole, { block, text }) => whole.slice(0, block.from) + text + whole.slice(block.to),
      text,
    )
    writeFileSync(`${projectRoot}${path}`, updated)
  })
  document('has links that lead somewhere', () => {
    const folder = dirname(`${projectRoot}${path}`)
    none(linksOf(text).filter((target) => !existsSync(join(folder, target))))
  })
  for (const block of blocksOf(text)) {
    const [language = ''] = block.info
    document(`line ${block.line}: ${block.info.join(' ')}`, async () => {
      if (language === 'gmem') return tryModel(desk, block)
      assert.ok(['console', 'mermaid', 'text'].includes(language), 'a block says what it is')
      const [, how, name = ''] = block.info
      if (language === 'text') return how === 'file' ? place(desk, name, block.text) : undefined
      const shown = language === 'console' ? await tryConsole(desk, block) : tryFile(desk, block)
      if (shown !== null) updates.push({ block, text: shown })
    })
  }
  document.run()
}

const reference = suite('the language reference is complete')
const language = readDocument('spec/README.md')

/** `name(a, b)` as the tables of built-in functions have it, with its number of arguments. */
function signatures(): ReadonlyMap<string, number> {
  const rows = language.split('\n').filter((line) => line.startsWith('| `'))
  const cells = rows.flatMap((line) => line.split('|')[1] ?? [])
  const found = cells.join(' ').matchAll(/`(\w+)\(([^`]*)\)`/g)
  return new Map(
    [...found].map(([, name = '', given = '']) => [
      name,
      given === '' ? 0 : given.split(',').length,
    ]),
  )
}

reference('names every built-in function with its arguments, and no other', () => {
  const shown = signatures()
  const wanted = Object.entries(builtins).map(([name, each]) => `${name} ${each.arguments.length}`)
  assert.equal([...shown].map(([name, count]) => `${name} ${count}`).sort(), wanted.sort())
})
reference('names every predefined constant with its value', () => {
  none(
    Object.entries(predefined)
      .filter(([name, value]) => !new RegExp(`\`${name}\`\\s${value}\\b`).test(language))
      .map(([name, value]) => `\`${name}\` ${value}`),
  )
})
reference('names every violation kind, and those that can be switched off', () => {
  none(Object.keys(kinds).filter((kind) => !language.includes(`\`${kind}\``)))
  const optional = /`check not KIND;`[^|]*?: ([^.]*)\./.exec(language)?.[1] ?? ''
  assert.equal(
    [...optional.matchAll(/`([a-z-]+)`/g)].map(([, kind]) => kind),
    [...optionalKinds],
  )
})
reference('has the reserved words and the words that begin declarations and statements', () => {
  const grammar = readDocument('spec/language.ohm')
  for (const rule of ['reserved', 'declarationWord', 'statementWord']) {
    const body = new RegExp(`^  ${rule}\\b[^=]*=([^~]*)`, 'm').exec(grammar)?.[1] ?? ''
    const words = [...body.matchAll(/"(\w+)"/g)].map(([, word]) => word)
    assert.ok(words.length > 10, rule)
    none(words.flatMap((word) => (language.includes(`\`${word}\``) ? [] : [`${rule}: ${word}`])))
  }
})
reference('has the operators in the order of their precedence', () => {
  const table = language.split('\n').flatMap((line) => /^\| (\d+) \| (.*?) \|/.exec(line) ?? [])
  const levels = new Map<number, string[]>()
  for (let at = 0; at < table.length; at += 3) {
    const operators = [...(table[at + 2] ?? '').matchAll(/`([^`]+)`/g)].map(([, text = '']) => text)
    levels.set(
      Number(table[at + 1]),
      operators.map((text) => text.replaceAll('\\', '')),
    )
  }
  for (const operator of binaryOperators) {
    // 1 is the unary operators' line, the last but one that of `||`: the tightest first.
    const line = 12 - precedence(operator)
    assert.ok(levels.get(line)?.includes(operator), `${operator} on line ${line}`)
  }
})
reference.run()

const map = suite('the code map is true')
map('every path of the architecture page exists', () => {
  const paths = readDocument('docs/architecture.md').matchAll(
    /`((?:spec|checker|models|docs|tests|scripts|bin)\/[\w./-]*)`/g,
  )
  const named = [...paths].map(([, path = '']) => path)
  assert.ok(named.length > 30)
  none(named.filter((path) => !existsSync(`${projectRoot}${path}`)))
})
map('every room of the product is on it', () => {
  const page = readDocument('docs/architecture.md')
  const rooms = ['spec', 'checker'].flatMap((folder) =>
    readdirSync(`${projectRoot}${folder}`, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => `${folder}/${entry.name}/`),
  )
  none(rooms.filter((room) => !page.includes(`\`${room}`)))
})
map.run()
