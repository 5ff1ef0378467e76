import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { check, judge } from '../../checker/index.js'
import { golden } from '../helpers/golden.js'
import { expectationOf } from '../trace/model.js'
import { REPORT_MODELS } from './report-models.js'

const reports = suite("reports in the kernel's words")

for (const text of REPORT_MODELS) {
  const name = /^model ([\w-]+);/.exec(text)?.[1] ?? ''
  reports(name, () => {
    const expectation = expectationOf(text)
    const { report, diagnostics } = check(text, {
      path: 'r.gmem',
      search: { wanted: expectation?.kinds ?? [] },
    })
    assert.ok(report?.evidence, diagnostics.map((each) => each.message).join('\n'))
    assert.is(judge(expectation, report).reason, '')
    assert.is(report.disagreement, null)
    for (const line of report.evidence.columns.split('\n')) {
      assert.ok(line.length <= 72 || /gm1-/.test(line), line)
    }
    golden(`tests/render/golden/reports/${name}.txt`, report.evidence.columns)
  })
}

reports.run()
