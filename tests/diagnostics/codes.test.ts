import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { codes } from '../../spec/diagnostics/codes.js'

const table = suite('diagnostic codes')

table('codes are lower-case words, titles one line without a full stop', () => {
  for (const [code, title] of Object.entries(codes)) {
    assert.match(code, /^[a-z]+(-[a-z]+)*$/)
    assert.match(title, /^[a-z`].*[^.\n]$/)
  }
})

table('no two codes have one title', () => {
  assert.is(new Set(Object.values(codes)).size, Object.keys(codes).length)
})

table.run()
