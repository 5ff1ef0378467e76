import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { fileReader } from '../../checker/cli/files.js'
import { readModel } from '../../checker/index.js'
import { parse, restoreTree, SourceText, storeTree } from '../../spec/index.js'
import { corpusFiles } from '../helpers/corpus.js'
import { projectRoot } from '../helpers/spawn.js'

const LIBRARY = `${projectRoot}models/lib`

/** What the reader of the command line gives for a file. */
function read(path: string) {
  const found = fileReader(path)(path, null)
  if (found.kind !== 'text') throw new Error(`${path} cannot be read`)
  return found
}

const stored = suite('stored trees')

stored('there is one for each text of the corpus, and it is what parsing gives', () => {
  for (const name of corpusFiles()) {
    const { path, text, tree } = read(`${projectRoot}models/${name}`)
    assert.type(tree, 'string', `no tree of ${name}`)
    const parsed = parse(new SourceText(path, text))
    assert.equal(parsed.diagnostics, [])
    const restored = restoreTree(tree ?? '', path)
    assert.equal(restored, parsed.result)
    assert.is(JSON.stringify(restored), JSON.stringify(parsed.result))
  }
})

stored('a tree goes into a text and comes back at another place', () => {
  const text =
    'model m; /* c */ thread t { int n = 1 + 2; if (n == 3) skip; else fail warn-on "w"; }'
  const { result } = parse(new SourceText('a.gmem', text))
  if (result === null) throw new Error('not parsed')
  const there = parse(new SourceText('b/c.gmem', text))
  assert.equal(restoreTree(storeTree(result), 'b/c.gmem'), there.result)
})

stored('an edited library text is parsed anew', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gmemcheck-'))
  try {
    const path = join(folder, 'refcount.gmem')
    const text = readFileSync(join(LIBRARY, 'refcount.gmem'), 'utf8')
    writeFileSync(path, text)
    assert.type(read(path).tree, 'string', 'the same text in another place has the tree')
    writeFileSync(path, `${text}\nthis is no declaration\n`)
    assert.is(read(path).tree, undefined)
    const model = join(folder, 'm.gmem')
    writeFileSync(model, 'model m; use "refcount.gmem"; thread t { skip; }')
    const { diagnostics } = readModel(model, fileReader(model))
    assert.is(diagnostics[0]?.at.file, path)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

stored.run()
