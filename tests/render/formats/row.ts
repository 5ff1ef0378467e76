import { parseXml, type XmlElement } from '@rgrove/parse-xml'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { formatNames, verdictFormats, writeFormat } from '../../../checker/index.js'
import { found, holds, violations } from '../../helpers/findings.js'

const [first] = violations
if (first === undefined) throw new Error('there is no violation')
const CASES = [
  { verdict: 'holds', finding: found(holds).finding },
  { verdict: 'violated', finding: first.finding },
  { verdict: 'incomplete', finding: found(holds, 3).finding },
] as const

export const row = suite('a check as one test')

for (const { verdict, finding } of CASES) {
  const model = finding.document?.model
  row(`ktap: ${verdict}`, () => {
    const lines = (writeFormat('ktap', finding).text ?? '').trimEnd().split('\n')
    assert.equal(lines.slice(0, 2), ['KTAP version 1', '1..1'])
    const points = lines.slice(2).filter((line) => !line.startsWith('#'))
    assert.equal(points, [`${verdict === 'holds' ? 'ok' : 'not ok'} 1 - ${model}: default`])
    assert.ok(lines[2]?.startsWith(`# ${verdict}`), lines[2])
    assert.is(lines[2]?.includes('sequential consistency'), verdict === 'holds')
  })

  row(`junit: ${verdict}`, () => {
    const { root } = parseXml(writeFormat('junit', finding).text ?? '')
    const inside = (element: XmlElement | null | undefined) =>
      (element?.children ?? []).filter((child): child is XmlElement => child.type === 'element')
    const [suiteElement] = inside(root)
    const [test, ...others] = inside(suiteElement)
    assert.is(others.length, 0)
    assert.equal(test?.attributes.name, 'default')
    const tags = { holds: 'system-out', violated: 'failure', incomplete: 'error' }
    const [told, ...more] = inside(test)
    assert.is(more.length, 0)
    assert.is(told?.name, tags[verdict])
    assert.ok(told?.text.startsWith(verdict), told?.text)
    const counts = { failures: root?.attributes.failures, errors: root?.attributes.errors }
    assert.equal(counts, {
      failures: verdict === 'violated' ? '1' : '0',
      errors: verdict === 'incomplete' ? '1' : '0',
    })
  })

  row(`every format has something to say, or no run to tell of: ${verdict}`, () => {
    const silent = formatNames.filter((name) => writeFormat(name, finding).text === null)
    const tellRuns = ['columns', 'mermaid', 'dot', 'svg', 'itf', 'perfetto']
    assert.equal(silent, verdict === 'violated' ? [] : tellRuns)
  })
}

row('a run that was only replayed has no verdict to write', () => {
  assert.equal(verdictFormats, ['json', 'ktap', 'junit'])
  for (const name of verdictFormats) {
    assert.throws(() => writeFormat(name, { ...first.finding, document: null }), /verdict/)
  }
})
