import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { SourceText } from '../../spec/source/text.js'
import { parse } from '../../spec/syntax/parse.js'
import { print } from '../../spec/syntax/print.js'
import { scan } from '../../spec/syntax/scan.js'
import { formatted, read, remarks, shape } from './texts.js'
import { file } from './trees.js'

const printing = suite('print: reading what was printed')

/** Fixed, so that a failure can be seen again; give another one to look further. */
const seed = Number(process.env['SEED'] ?? 1)

const root = fileURLToPath(new URL('../../../', import.meta.url))
const nowhere = new SourceText('m.gmem', '')

/** Printed and read again: the same tree and comments; printed again: the same text. */
function staysTheSame(text: string): void {
  const before = read(text)
  const once = formatted(text)
  const after = read(once)
  assert.equal(shape(after), shape(before))
  assert.equal(remarks(after), remarks(before))
  assert.is(formatted(once), once)
}

printing('gives the tree again, for any tree', () => {
  void fc.assert(
    fc.property(file, (tree) => {
      const text = print(tree, nowhere)
      assert.equal(shape(read(text)), shape(tree))
      staysTheSame(text)
    }),
    { numRuns: 60, seed },
  )
})

/** What may stand between two tokens. Each comment is told from the others by its number. */
const gap = fc.constantFrom(
  ' ',
  ' ',
  ' ',
  '\n',
  '\n\n',
  '\n\n\n  ',
  '\t',
  ' // why\n',
  ' /* how */ ',
  '\n\n// own line\n',
  '\r\n',
  ' /* two\n lines */ ',
)

printing('keeps tree and comments, for any layout of the tokens', () => {
  void fc.assert(
    fc.property(file, fc.array(gap, { minLength: 1, maxLength: 60 }), (tree, gaps) => {
      fc.pre(!hasCommentMark(tree))
      const printed = print(tree, nowhere)
      const parts = separated(printed).map((part, at) => part + (gaps[at % gaps.length] ?? ' '))
      let count = 0
      const text = `${parts.join('')}\n`.replaceAll(/\/[/*]/g, (mark) => `${mark}${count++}`)
      assert.equal(shape(read(text)), shape(tree))
      staysTheSame(text)
    }),
    { numRuns: 60, seed },
  )
})

/** The tokens of a text; what touches a `-` stays with it, because `mapped-at-free` is one name. */
function separated(text: string): string[] {
  const parts: string[] = []
  let end = -1
  for (const token of scan(new SourceText('m.gmem', text)).tokens) {
    const isGlued = token.from === end && (token.text === '-' || parts.at(-1)?.endsWith('-'))
    if (isGlued) parts.push((parts.pop() ?? '') + token.text)
    else parts.push(token.text)
    end = token.to
  }
  return parts
}

/** Comment marks inside of strings must not be numbered. */
const hasCommentMark = (tree: unknown): boolean => /\/[/*]/.test(JSON.stringify(tree))

printing('changes no model of the repository but its layout', () => {
  let count = 0
  // Every second one: a long text takes its time, four times.
  for (const path of modelsUnder(root).filter((_, at) => at % 2 === 0)) {
    const text = readFileSync(path, 'utf8')
    const { result } = parse(new SourceText(path, text))
    if (result === null) continue
    staysTheSame(text)
    if (path.startsWith(join(root, 'models'))) assert.is(formatted(text), text, path)
    count++
  }
  assert.ok(count > 0)
})

function modelsUnder(folder: string): string[] {
  return ['models', 'tests', 'docs'].flatMap((part) => {
    const inside = readdirSync(folder, { withFileTypes: true }).some((entry) => entry.name === part)
    if (!inside) return []
    return readdirSync(join(folder, part), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.gmem'))
      .map((path) => join(folder, part, path))
  })
}

printing.run()
