import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { analyse } from '../../spec/analysis/analyse.js'
import { loadModel } from '../../spec/analysis/load.js'
import { codes } from '../../spec/diagnostics/codes.js'
import type { Diagnostic } from '../../spec/diagnostics/diagnostic.js'
import { frame } from '../../spec/diagnostics/frame.js'
import { SourceText } from '../../spec/source/text.js'
import { cases, reader, root } from './read.js'

/**
 * Each case says in comments what is reported where: `//~ error[code]` on its line, with a `^` for each
 * line above. Nothing else may be reported.
 */
const test = suite('analysis cases')

const names = readdirSync(cases).filter((name) => name.endsWith('.gmem'))
const bad = names.filter((name) => name.startsWith('bad-'))

function marked(path: string, text: string): readonly string[] {
  return text.split('\n').flatMap((line, index) => {
    const found = /\/\/~(\^*)((?: (?:error|warning)\[[\w-]+\])+)/.exec(line)
    if (!found) return []
    const at = index + 1 - (found[1] ?? '').length
    return (found[2] ?? '')
      .trim()
      .split(' ')
      .map((what) => `${path}:${at} ${what}`)
  })
}

function reported(diagnostics: readonly Diagnostic[], sources: ReadonlyMap<string, SourceText>) {
  return diagnostics.map(({ severity, code, at }) => {
    const line = sources.get(at.file)?.position(at.from).line ?? 1
    return `${at.file}:${line} ${severity}[${code}]`
  })
}

for (const name of names) {
  test(name, () => {
    const texts = new Map<string, string>()
    const loaded = loadModel(name, reader(cases, texts))
    const analysed = loaded.result && analyse(loaded.result)
    const diagnostics = [...loaded.diagnostics, ...(analysed?.diagnostics ?? [])]
    const sources = new Map([...texts].map(([path, text]) => [path, new SourceText(path, text)]))

    const wanted = [...texts].flatMap(([path, text]) => marked(path, text))
    assert.equal(reported(diagnostics, sources).sort(), [...wanted].sort())
    assert.is(analysed?.result == null, name.startsWith('bad-'))
    for (const diagnostic of diagnostics) {
      const { message, notes, help } = diagnostic
      assert.ok(notes.length + help.length > 0, `no why and no how: ${message}`)
      assert.not.match(message, /undefined|\[object|\.$/)
      assert.ok(frame(diagnostic, sources).includes(message))
    }
  })
}

/** Judged when a row is chosen: see configure.test.ts. */
const elsewhere = ['unknown-param', 'unknown-design', 'value-not-in-domain', 'param-already-set']

test('every code of this room has a case', () => {
  const room = join(root, 'spec', 'analysis')
  const files = ['errors.ts', 'type-errors.ts', 'model-errors.ts', 'warning-messages.ts']
  const quoted = files.flatMap((file) => {
    const found = readFileSync(join(room, file), 'utf8').matchAll(/'([a-z-]+)'/g)
    return [...found].map((match) => match[1] ?? '')
  })
  const own = new Set(quoted.filter((word) => Object.hasOwn(codes, word)))
  const covered = new Set(names.flatMap((name) => codesIn(readFileSync(join(cases, name), 'utf8'))))
  assert.ok(own.size > 60, `${own.size}`)
  assert.equal([...own].filter((code) => !covered.has(code)).sort(), [...elsewhere].sort())
})

const codesIn = (text: string): readonly string[] =>
  marked('', text).map((marker) => /\[(.*)\]/.exec(marker)?.[1] ?? '')

test('there is a broken model for every kind of mistake', () => {
  assert.ok(bad.length >= 60, `${bad.length}`)
})

test.run()
