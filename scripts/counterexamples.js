/**
 * Writes counterexamples/: for each violation that a model of models/guest_memfd expects, the row of its design space
 * that is nearest to the defaults. The same models give the same bytes. A folder may be given: node scripts/counterexamples.js DIR
 */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fileReader } from '../build/checker/cli/files.js'
import * as gmemcheck from '../build/checker/index.js'
import { designRows, matchExpectation } from '../build/spec/index.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const out = resolve(process.argv[2] ?? join(root, 'counterexamples'))
// Paths in the traces are as seen from the project.
process.chdir(root)
mkdirSync(out, { recursive: true })

const MODELS = 'models/guest_memfd'
const entries = []
for (const name of readdirSync(MODELS).sort()) {
  if (name.endsWith('.gmem')) entries.push(...emit(`${MODELS}/${name}`))
}
writeFileSync(join(out, 'README.md'), readme(entries))
process.stdout.write(`${entries.length} counterexamples in ${out}\n`)

function emit(file) {
  const { model, diagnostics } = gmemcheck.readModel(file, fileReader(file))
  if (model === null) throw new Error(`${file}: ${diagnostics[0]?.message}`)
  // The row with the fewest choices other than the defaults says most.
  const distance = (row) => gmemcheck.rowFileName(model, row).split('=').length
  const rows = [...designRows(model)].sort((a, b) => distance(a) - distance(b))
  const written = []
  for (const expectation of model.expectations) {
    if (expectation.verdict !== 'violated') continue
    const configuration = rows.find((row) => matchExpectation(model, row) === expectation)
    if (configuration === undefined) continue
    written.push(emitRow(file, model, configuration, expectation.kinds))
  }
  return written
}

function emitRow(file, model, configuration, kinds) {
  const { row } = gmemcheck.prepareRow(model, configuration)
  if (row === null) throw new Error(`${file}: a row cannot be lowered`)
  const options = { ...gmemcheck.defaultSearchOptions, wanted: kinds, preferred: kinds }
  const result = gmemcheck.grouping(row, gmemcheck.explore(row.engine, options))
  const stem = gmemcheck.rowFileName(model, configuration)
  const traceFile = `counterexamples/${stem}.trace.json`
  const { evidence, disagreement } = gmemcheck.reportRow(row, result, { file, traceFile })
  if (evidence === null) throw new Error(`${file}: ${disagreement ?? 'no counterexample'}`)
  writeFileSync(join(out, `${stem}.trace.json`), gmemcheck.writeTraceFile(evidence.trace))
  writeFileSync(join(out, `${stem}.txt`), evidence.columns)
  return { file, stem, trace: evidence.trace }
}

function readme(list) {
  const rows = list.map(({ file, stem, trace }) => {
    const { violation, length } = trace
    const cells = [
      `[${trace.model}](../${file})`,
      stem.slice(trace.model.length + 1).replaceAll('-', ' ') || 'default',
      `${violation.kind}`,
      String(length.steps),
      String(length.switches),
      `[text](${encodeURI(stem)}.txt), [trace](${encodeURI(stem)}.trace.json)`,
    ]
    return `| ${cells.join(' | ')} |`
  })
  return `# Counterexamples

One for each violation that the models of guest_memfd expect. \`node scripts/counterexamples.js\` writes this folder
anew; the same models give the same bytes. Each replays:

    gmemcheck replay counterexamples/NAME.trace.json

| model | design | violation | steps | switches | files |
|---|---|---|---|---|---|
${rows.join('\n')}
`
}
