import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { messages } from './texts.js'

/**
 * `errors.golden` holds broken texts, each with what is said about it, as `-----` and `=====` divide them.
 * With UPDATE=1 what is said is written there; read the difference.
 */
const golden = fileURLToPath(new URL('../../../tests/syntax/errors.golden', import.meta.url))
const BETWEEN = '=====\n'
const WITHIN = '-----\n'

const mistakes = suite('parse: what is said about a mistake')

const cases = readFileSync(golden, 'utf8')
  .split(BETWEEN)
  .map((entry) => {
    const at = entry.indexOf(WITHIN)
    return { text: entry.slice(0, at), said: entry.slice(at + WITHIN.length) }
  })

if (process.env['UPDATE'] === '1') {
  const entries = cases.map(({ text }) => `${text}${WITHIN}${messages(text)}\n`)
  writeFileSync(golden, entries.join(BETWEEN))
} else {
  for (const [index, { text, said }] of cases.entries()) {
    mistakes(`${index}: ${text.trim().slice(0, 60)}`, () => assert.is(`${messages(text)}\n`, said))
  }
}

mistakes('the texts are many and all of them are wrong', () => {
  assert.ok(cases.length > 100)
  for (const { text } of cases) assert.ok(messages(text).includes('error['), text)
})

mistakes.run()
