import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readerOfTexts, readModel } from '../../checker/design/model.js'
import { testRow } from '../../checker/design/test-row.js'
import { defaultSearchOptions } from '../../checker/search/options.js'

const MODEL = `model waiters;
param waiters : 0..2 = 0;
int 0..1 x;
thread first { if (x == 1) x = 0; }
thread waiter[w in 1..waiters] {
  await (x == 1);
  x = 0;
}
expect holds otherwise;
`

function unreached(waiters: number): readonly string[] {
  const read = readModel('m.gmem', readerOfTexts({ 'm.gmem': MODEL }))
  const row = { params: { waiters: `${waiters}` } }
  const { report } = testRow(read, row, 'm.gmem', defaultSearchOptions)
  return report?.document.coverage.unreached.map(({ text }) => text) ?? []
}

const lines = suite('lines that a search never reached')

lines('those of a process, but not of a family that has no members', () => {
  assert.equal(unreached(0), ['x = 0'])
  assert.equal(unreached(1), ['x = 0', 'x = 0'])
})

lines.run()
