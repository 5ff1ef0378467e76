import { readdirSync, readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { projectRoot } from './helpers/spawn.js'
import {
  cycleProblems,
  importsOf,
  lengthProblems,
  PACKAGE_OWNERS,
  packageProblems,
  ROOMS,
  roomProblems,
  suiteProblems,
  type Tree,
  unfinishedProblems,
  voiceProblems,
} from './helpers/tidy.js'

const FOLDERS = ['bin', 'scripts', 'spec', 'checker', 'viewer', 'tests', 'docs', 'bench', 'models']
const LEFT_OUT = /(?:^|\/)(?:generated|node_modules)\/|\.d\.ts$/
const TEXT = /\.(?:tsx?|js|css|md|ohm|gmem|json)$/

/** Every text of the project's own folders. */
function readTree(): Tree {
  const present = new Set(readdirSync(projectRoot))
  const paths = FOLDERS.filter((folder) => present.has(folder)).flatMap((folder) =>
    readdirSync(`${projectRoot}${folder}`, { recursive: true, encoding: 'utf8' })
      .map((path) => `${folder}/${path.replaceAll('\\', '/')}`)
      .filter((path) => TEXT.test(path) && !LEFT_OUT.test(path)),
  )
  return new Map(paths.map((path) => [path, readFileSync(`${projectRoot}${path}`, 'utf8')]))
}

const tree = readTree()
const none = (problems: readonly string[]) => assert.is(problems.join('\n'), '')

const house = suite('the house is tidy')
house('there is something to look at', () => {
  for (const path of ['spec/index.ts', 'tests/tidy.test.ts', 'scripts/run-tests.js']) {
    assert.ok(tree.has(path), path)
  }
})
house('rooms are imported in their order', () => none(roomProblems(tree)))
house('no file imports itself by way of others', () => none(cycleProblems(tree)))
house('packages are imported by their owners', () => none(packageProblems(tree)))
house('only the command line prints and exits', () => none(voiceProblems(tree)))
house('files are short', () => none(lengthProblems(tree)))
house('every suite is run', () => none(suiteProblems(tree)))
house('nothing is marked as unfinished', () => none(unfinishedProblems(tree)))
house.run()

const planted = (files: Readonly<Record<string, string>>): Tree => new Map(Object.entries(files))
const imports = (from: string) => `import { x } from '${from}'\n`
const importsType = (from: string) => `import type { X } from '${from}'\n`

const rules = suite('the tidy rules')

rules('the table of rooms only looks back', () => {
  const order = Object.keys(ROOMS)
  for (const [room, allowed] of Object.entries(ROOMS)) {
    for (const entry of allowed) {
      const [top, second] = entry.replace(' (types)', '').split('/')
      const index = order.indexOf(`${top}/${second}`)
      assert.ok(index >= 0 && index < order.indexOf(room), `${room} imports ${entry}`)
    }
  }
})

rules('imports are found in every form, and not in comments', () => {
  const text = [
    `import a from './a.js'`,
    `import type { B } from './b.js'`,
    `import { type C } from './c.js'`,
    `import { type D, d } from './d.js'`,
    `import './e.js'`,
    `export * from './f.js'`,
    `export type { G } from './g.js'`,
    `import {\n  h,\n  type H,\n} from './h.js'`,
    `const i = await import('./i.js')`,
    `// import { no } from './no.js'`,
    `/*\nimport { no } from './no.js'\n*/`,
    `const url = 'https://example.org/' // import('./no.js')`,
  ].join('\n')
  const found = importsOf(text).map(({ from, typesOnly }) => `${from}${typesOnly ? ' type' : ''}`)
  assert.equal(found.sort(), [
    './a.js',
    './b.js type',
    './c.js type',
    './d.js',
    './e.js',
    './f.js',
    './g.js type',
    './h.js',
    './i.js',
  ])
})

const WRONG_WAY: Readonly<Record<string, string>> = {
  'spec/source/text.ts': imports('../diagnostics/frame.js'),
  'spec/syntax/parse.ts': imports('../analysis/model.js'),
  'spec/system/lower.ts': imports('../syntax/tree.js'),
  'spec/interpreter/state.ts': imports('../../checker/engine/engine.js'),
  'checker/engine/pack.ts': imports('../../spec/system/system.js'),
  'checker/store/table.ts': imports('../engine/pack.js'),
  'checker/search/explore.ts': importsType('../trace/trace.js'),
  'checker/trace/replay.ts': imports('../search/explore.js'),
  'checker/page/locks.ts': imports('../design/row.js'),
  'checker/cli/main.ts': imports('../search/explore.js'),
  'viewer/app.tsx': imports('../checker/page/document.ts'),
  'checker/util/strings.ts': '',
  'spec/helpers.ts': '',
}
for (const [path, text] of Object.entries(WRONG_WAY)) {
  rules(`rooms: ${path} with a wrong import or in no room is told`, () => {
    const problems = roomProblems(planted({ [path]: text }))
    assert.is(problems.length, 1, problems.join('\n'))
    assert.match(problems[0] ?? '', path)
  })
}

rules('rooms: the right imports are not told', () => {
  const right = {
    'spec/diagnostics/frame.ts': imports('../source/text.js') + imports('./diagnostic.js'),
    'spec/system/lower.ts': imports('../analysis/model.js'),
    'spec/index.ts': "export * from './interpreter/state.js'\n",
    'checker/store/table.ts': importsType('../engine/engine.js'),
    'checker/trace/replay.ts': imports('../search/verdict.js') + imports('../../spec/index.js'),
    'checker/cli/commands/check.ts': imports('../../index.js') + imports('../arguments.js'),
    'viewer/app.tsx': importsType('../checker/page/document.ts') + imports('./walk.ts'),
    'tests/anything.test.ts': imports('../spec/syntax/parse.js'),
  }
  none(roomProblems(planted(right)))
})

rules('a cycle is told once, with its way', () => {
  const files = {
    'spec/a.ts': imports('./b.js'),
    'spec/b.ts': importsType('./c.js'),
    'spec/c.ts': imports('./a.js'),
    'spec/d.ts': imports('./a.js'),
  }
  assert.equal(cycleProblems(planted(files)), [
    'import cycle: spec/a.ts > spec/b.ts > spec/c.ts > spec/a.ts',
  ])
  none(cycleProblems(planted({ 'spec/a.ts': imports('./b.js'), 'spec/b.ts': '' })))
})

for (const name of [...Object.keys(PACKAGE_OWNERS), 'fs', 'uvu', 'fast-check', '@scope/some']) {
  rules(`packages: ${name} has no place in checker/render`, () => {
    const tree = planted({ 'checker/render/text.ts': imports(name) })
    assert.is(packageProblems(tree).length, 1)
  })
}

rules('packages: owners may, and subpaths count as their package', () => {
  none(packageProblems(planted({ 'spec/syntax/parse.ts': imports('ohm-js') })))
  none(packageProblems(planted({ 'checker/cli/main.ts': imports('node:fs') })))
  none(packageProblems(planted({ 'checker/search/parallel.ts': imports('node:worker_threads') })))
  const tree = planted({ 'checker/render/text.ts': imports('immer/dist/immer.mjs') })
  assert.is(packageProblems(tree).length, 1)
})

rules('packages: the types of immer may be named in its room, immer itself may not', () => {
  none(packageProblems(planted({ 'spec/interpreter/outcome.ts': importsType('immer') })))
  const tree = planted({ 'spec/interpreter/outcome.ts': imports('immer') })
  assert.is(packageProblems(tree).length, 1)
})

rules('packages: the pool has one importer', () => {
  const one = { 'checker/search/pool.ts': imports('worker-threads-pool') }
  none(packageProblems(planted(one)))
  const two = { ...one, 'checker/design/pool.ts': imports('worker-threads-pool') }
  // It is no owner, and it is the second.
  assert.is(packageProblems(planted(two)).length, 2)
})

rules('printing and exiting are told outside the command line', () => {
  const loud = [
    'console.log(1)',
    'process.exit(1)',
    'process.exitCode = 1',
    'process.stdout.write("")',
  ]
  for (const text of loud) {
    assert.is(voiceProblems(planted({ 'checker/search/explore.ts': text })).length, 1, text)
    none(voiceProblems(planted({ 'checker/cli/main.ts': text })))
    none(voiceProblems(planted({ 'checker/search/explore.ts': `// ${text}` })))
  }
})

rules('a file of 401 lines is told, one of 400 is not', () => {
  const lines = (count: number) => planted({ 'spec/syntax/tree.ts': 'x\n'.repeat(count) })
  none(lengthProblems(lines(400), {}))
  assert.is(lengthProblems(lines(401), {}).length, 1)
  none(lengthProblems(lines(401), { 'spec/syntax/tree.ts': 'a table' }))
  assert.is(lengthProblems(lines(400), { 'spec/syntax/tree.ts': 'a table' }).length, 1)
})

rules('suites that are not run, or focused, are told', () => {
  const declared = "const one = suite('one')\n"
  const problems = (text: string) => suiteProblems(planted({ 'tests/x.test.ts': text }))
  none(problems(`${declared}one.run()\n`))
  assert.is(problems('').length, 1)
  assert.is(problems(declared).length, 1)
  assert.is(problems(`${declared}// one.run()\n`).length, 1)
  assert.is(problems(`${declared}const two = suite('two')\none.run()\n`).length, 1)
  assert.is(problems(`${declared}one${'.only'}('x', f)\none.run()\n`).length, 1)
})

rules('marks of unfinished work are told', () => {
  for (const mark of ['FIX' + 'ME', 'TO' + 'DO', 'XX' + 'X']) {
    assert.is(
      unfinishedProblems(planted({ 'docs/a.md': `fine\n${mark}: later\n` })).length,
      1,
      mark,
    )
  }
  none(unfinishedProblems(planted({ 'docs/a.md': 'a method, done in full; TOUCH' })))
})

rules.run()
