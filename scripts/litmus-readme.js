/**
 * Writes models/litmus/README.md: every litmus model as the question in its head, with the verdicts it expects. The same
 * models give the same bytes. A file may be given: node scripts/litmus-readme.js FILE
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fileReader } from '../build/checker/cli/files.js'
import { headEntry, readModel } from '../build/checker/index.js'
import { designRows } from '../build/spec/index.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const FOLDER = 'models/litmus'
const out = resolve(process.argv[2] ?? join(root, FOLDER, 'README.md'))
process.chdir(root)

const number = (name) => Number.parseInt(name, 10)
const names = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.gmem'))
  .sort((a, b) => number(a) - number(b) || (a < b ? -1 : 1))
const entries = names.map(entry)
const rows = entries.reduce((sum, each) => sum + each.rows, 0)
writeFileSync(out, readme())
process.stdout.write(`${names.length} models in ${out}\n`)

function entry(name) {
  const file = `${FOLDER}/${name}`
  const { model, diagnostics } = readModel(file, fileReader(file))
  if (model === null) throw new Error(`${file}: ${diagnostics[0]?.message}`)
  const text = readFileSync(file, 'utf8')
  const verdicts = model.expectations.map((each, at) => verdict(each, text, at === 0))
  const said = `- [${name.slice(0, -'.gmem'.length)}](${name}): ${question(file, text)}\n`
  return { text: `${said}  - ${verdicts.join('; ')}`, rows: designRows(model).length }
}

function question(file, text) {
  const found = headEntry(text, 'question')
  if (found === '') throw new Error(`${file} asks no question`)
  return found
}

function verdict({ verdict, kinds, when }, text, first) {
  const names = kinds.map((kind) => `\`${kind}\``).join(', ')
  const said = verdict === 'holds' ? '**holds**' : `**violated** ${names}`
  if (!when) return first ? said : `else ${said}`
  return `${said} when \`${text.slice(when.span.from, when.span.to).replaceAll(/\s+/g, ' ')}\``
}

function readme() {
  return `# Litmus models

${names.length} small models with ${rows} rows. Each asks one question about the semantics, a primitive or a library, and is
answered by its verdicts: \`gmemcheck test models/litmus\` compares them. The head of a file says what it guards against.
\`node scripts/litmus-readme.js\` writes this page.

${entries.map((each) => each.text).join('\n')}
`
}
