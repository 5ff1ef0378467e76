/**
 * Compiles everything into build/, which mirrors the source tree: the grammar is bundled to a typed
 * ES module first, because the parser imports it, then comes tsc, then the page that `--html` fills in. Last come the two
 * things that let a run start soon: the parsed library, and all modules packed into one file.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import * as fs from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { filesUnder } from './files.js'
import { storeLibrary } from './library.js'
import { pack } from './pack.js'
import { storeProgram } from './program.js'
import { storeViewer } from './viewer.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const GRAMMAR = 'spec/language.ohm'
const GENERATED = 'spec/syntax/generated'
const BUNDLE_FILES = ['language.ohm-bundle.js', 'language.ohm-bundle.d.ts']
// Ohm as an ES module is 45 files, and as a CommonJS module one; reading them is what starting costs.
const OHM_IMPORT = "import {makeRecipe} from 'ohm-js';"
const OHM_REQUIRE = `import { createRequire } from 'node:module';
const { makeRecipe } = createRequire(import.meta.url)('ohm-js');
`
const SOURCE_ROOTS = ['spec', 'checker', 'tests', 'docs', 'bench']
const OUTPUT = /\.(?:js|js\.map|d\.ts)$/

const at = (...parts) => join(root, ...parts)

/** Runs a tool of node_modules on this Node; its output is ours. Returns its exit status. */
function run(tool, options, cwd = root, stdio = 'inherit') {
  const result = spawnSync(process.execPath, [at('node_modules', tool), ...options], {
    cwd,
    stdio: ['ignore', stdio, 'inherit'],
  })
  if (result.error) throw result.error
  return result.status ?? 1
}

/** Writes the grammar bundle and its types, unless they were made from this very grammar text. */
function bundleGrammar() {
  const text = fs.readFileSync(at(GRAMMAR))
  const stamp = createHash('sha256').update(text).update(OHM_REQUIRE).digest('hex')
  const stampFile = at(GENERATED, 'grammar.sha256')
  const complete = [...BUNDLE_FILES, 'grammar.sha256'].every((f) => fs.existsSync(at(GENERATED, f)))
  if (complete && fs.readFileSync(stampFile, 'utf8') === stamp) return true

  // ohm writes next to its input, so it works on a copy: a failed run leaves the old bundle alone.
  fs.mkdirSync(at('build'), { recursive: true })
  const scratch = fs.mkdtempSync(at('build', '.grammar-'))
  try {
    fs.writeFileSync(join(scratch, basename(GRAMMAR)), text)
    const options = ['generateBundles', '--esm', '--withTypes', basename(GRAMMAR)]
    const status = run('@ohm-js/cli/index.js', options, scratch, 'ignore')
    const written = BUNDLE_FILES.every((f) => fs.existsSync(join(scratch, f)))
    if (status !== 0 || !written) {
      process.stderr.write(`${GRAMMAR}: the grammar could not be bundled\n`)
      return false
    }
    const [bundle] = BUNDLE_FILES
    const made = fs.readFileSync(join(scratch, bundle), 'utf8')
    if (!made.startsWith(OHM_IMPORT)) throw new Error(`${bundle} begins otherwise than expected`)
    const exported = made
      .replace(OHM_IMPORT, OHM_REQUIRE)
      .replace('export default', '\nexport default')
    fs.writeFileSync(join(scratch, bundle), exported)
    fs.mkdirSync(at(GENERATED), { recursive: true })
    for (const f of BUNDLE_FILES) fs.renameSync(join(scratch, f), at(GENERATED, f))
    fs.writeFileSync(stampFile, stamp)
    return true
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true })
  }
}

/** tsc neither copies a .js that has a .d.ts beside it, nor the .d.ts itself. */
function copyBundle() {
  fs.mkdirSync(at('build', GENERATED), { recursive: true })
  for (const f of BUNDLE_FILES) fs.copyFileSync(at(GENERATED, f), at('build', GENERATED, f))
}

/** The source an output file was made from. */
function sourceOf(output) {
  return output.startsWith(`${GENERATED}/`) ? output : output.replace(OUTPUT, '.ts')
}

/** Removes outputs whose source is gone: a deleted test must not go on passing. */
function deleteStaleOutputs() {
  for (const folder of SOURCE_ROOTS) {
    for (const output of filesUnder(at('build', folder))) {
      const path = `${folder}/${output}`
      if (!OUTPUT.test(path) || fs.existsSync(at(sourceOf(path)))) continue
      fs.rmSync(at('build', path))
    }
  }
}

/** An incremental tsc does not write a deleted output again unless its memory is deleted too. */
function forgetIfOutputsAreMissing() {
  const isMissing = (source) => !fs.existsSync(at('build', source.replace(/\.ts$/, '.js')))
  const sources = SOURCE_ROOTS.flatMap((folder) =>
    filesUnder(at(folder)).map((path) => `${folder}/${path}`),
  ).filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
  if (sources.some(isMissing)) fs.rmSync(at('build', '.tsbuildinfo'), { force: true })
}

async function main() {
  if (!fs.existsSync(at('node_modules', 'typescript'))) {
    process.stderr.write('The dependencies are not installed: run `npm ci` first\n')
    return 1
  }
  if (!bundleGrammar()) return 1
  deleteStaleOutputs()
  forgetIfOutputsAreMissing()
  const status = run('typescript/bin/tsc', ['-p', '.'])
  copyBundle()
  if (status !== 0) return status
  const viewer = run('typescript/bin/tsc', ['-p', 'viewer'])
  if (viewer !== 0) return viewer
  await storeViewer(root)
  await storeLibrary(root)
  return storeProgram(root, await pack(at('build'), 'checker/cli/main.js'))
}

process.exitCode = await main()
