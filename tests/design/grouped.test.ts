import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  defaultSearchOptions,
  explore,
  grouping,
  prepareRow,
  reportRow,
  rowFileName,
} from '../../checker/index.js'
import { corpusRow } from '../helpers/corpus.js'

const group = suite('steps taken over a context switch')

/** Rows with a violation, by number, and whether their runs are told in fewer lines then. */
const ROWS: readonly (readonly [file: string, row: number, isShorter: boolean])[] = [
  ['guest_memfd/s7-conversion-vs-fault.gmem', 0, true],
  ['invalidation/s4.5-unbind-dying-file.gmem', 0, true],
  ['guest_memfd/s10-lost-wakeup.gmem', 0, true],
  ['guest_memfd/s13-gup-vs-conversion.gmem', 0, false],
]

for (const [file, number, isShorter] of ROWS) {
  group(`${file}: the same violation in ${isShorter ? 'fewer' : 'as many'} lines`, () => {
    const { model, configuration } = corpusRow(file, number)
    const { row } = prepareRow(model, configuration)
    if (row === null) throw new Error('not lowered')
    const result = explore(row.engine, defaultSearchOptions)
    const names = { file: rowFileName(model, configuration), traceFile: null }
    const before = reportRow(row, result, names)
    const after = reportRow(row, grouping(row, result), names)
    assert.is(after.disagreement, null)
    const lines = (report: typeof before) => report.evidence?.columns.split('\n').length ?? 0
    if (isShorter) assert.ok(lines(after) < lines(before), `${lines(after)} of ${lines(before)}`)
    else assert.equal(after.evidence, before.evidence)
    assert.equal(after.document.violation, before.document.violation)
    const { steps, switches } = after.document.trace ?? {}
    assert.equal([steps, switches], [before.document.trace?.steps, before.document.trace?.switches])
  })
}

group.run()
