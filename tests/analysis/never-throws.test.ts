import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { analyse } from '../../spec/analysis/analyse.js'
import { configure, designRowCount } from '../../spec/analysis/configure.js'
import { dumpModel } from '../../spec/analysis/dump.js'
import { loadModel, type ReadResult } from '../../spec/analysis/load.js'
import { hasErrors } from '../../spec/diagnostics/diagnostic.js'
import { cases, reader } from './read.js'

/** Every case, with a few of its words exchanged: whatever comes out, it is an outcome and no exception. */
const test = suite('analysis never throws')

/** Numerical Recipes' generator: the same mutations on every machine. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

const words = (text: string): string[] => text.match(/\w+|\s+|[^\w\s]/g) ?? []

/** Exchanges one to three words, numbers for numbers and names for names. */
function mutate(text: string, next: () => number): string {
  const parts = words(text.replaceAll(/\/\/.*/g, ''))
  const pick = (kind: RegExp): number => {
    const candidates = [...parts.keys()].filter((index) => kind.test(parts[index] ?? ''))
    return candidates[Math.floor(next() * candidates.length)] ?? 0
  }
  for (let count = 1 + Math.floor(next() * 3); count > 0; count--) {
    const kind = next() < 0.4 ? /^\d/ : /^[a-z_]/i
    parts[pick(kind)] = parts[pick(kind)] ?? ''
  }
  return parts.join('')
}

const read = reader(cases)
const names = readdirSync(cases).filter((name) => name.endsWith('.gmem'))

test('mutated cases', () => {
  const counts = { loaded: 0, sound: 0 }
  for (const [index, name] of names.entries()) {
    const next = random(index + 1)
    const text = readFileSync(join(cases, name), 'utf8')
    const rounds = name.startsWith('good-') ? 16 : 2
    for (let round = 0; round < rounds; round++) {
      const changed = mutate(text, next)
      const readChanged = (path: string, from: string | null): ReadResult =>
        from === null ? { kind: 'text', path, text: changed } : read(path, from)
      try {
        const loaded = loadModel(name, readChanged)
        if (!loaded.result) continue
        counts.loaded++
        const { result, diagnostics } = analyse(loaded.result)
        assert.is(result === null, hasErrors(diagnostics))
        if (!result) continue
        counts.sound++
        assert.ok(dumpModel(result).length > 0)
        if (designRowCount(result) < 100) configure(result, { params: {}, design: {} })
      } catch (thrown) {
        throw new Error(`${name}, round ${round}: ${thrown}\n${changed}`, { cause: thrown })
      }
    }
  }
  // the mutations are of use only if many of them get past the parser
  assert.ok(counts.loaded > 100, `${counts.loaded} loaded`)
  assert.ok(counts.sound > 5, `${counts.sound} sound`)
})

test.run()
