import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { check, readTraceFile, traceFormat, writeTraceFile } from '../../checker/index.js'
import { projectRoot } from '../helpers/spawn.js'

const MODELS = {
  step: 'model a; int 0..2 x; thread t { x = 1; assert(x == 0); } expect violated assert otherwise;',
  state:
    'model b; int 0..2 x; thread t { x = 1; } invariant n (x == 0); expect violated invariant otherwise;',
  lost: 'model c; bool r; thread t { while (!READ_ONCE(r)) skip; } expect violated livelock otherwise;',
  dead: 'model d; bool r; thread t { await (r); } expect violated deadlock otherwise;',
}

const schema = JSON.parse(readFileSync(`${projectRoot}spec/schema/trace.schema.json`, 'utf8'))
const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(schema)

function fileOf(text: string) {
  const { report, diagnostics } = check(text)
  if (!report?.evidence) throw new Error(diagnostics.map((d) => d.message).join('\n'))
  return report.evidence.trace
}

const format = suite('trace file')

for (const [name, text] of Object.entries(MODELS)) {
  format(`fits its schema and reads back: ${name}`, () => {
    const file = fileOf(text)
    const written = writeTraceFile(file)
    assert.ok(validate(JSON.parse(written)), JSON.stringify(validate.errors))
    assert.equal(readTraceFile(written).file, JSON.parse(JSON.stringify(file)))
  })
}

format('is the same text for the same model', () => {
  assert.is(writeTraceFile(fileOf(MODELS.lost)), writeTraceFile(fileOf(MODELS.lost)))
})

format('is refused with the reason', () => {
  const written = writeTraceFile(fileOf(MODELS.step))
  const refusal = (text: string) => readTraceFile(text).refusal ?? 'accepted'
  const changed = (change: object) => JSON.stringify({ ...JSON.parse(written), ...change })
  assert.match(refusal(''), /not valid JSON/)
  assert.match(refusal('hello'), /not a gmemcheck trace/)
  assert.match(refusal('[]'), /not a JSON object/)
  assert.match(refusal('null'), /not a JSON object/)
  assert.match(refusal('{"states":[]}'), /no "format"/)
  assert.match(refusal(written.slice(0, written.length / 2)), /truncated or damaged/)
  assert.match(
    refusal(changed({ format: 'gmemcheck-trace/2' })),
    /this version reads gmemcheck-trace\/1/,
  )
  assert.match(refusal(changed({ format: 'gmemcheck-verdict/1' })), /gmemcheck-verdict\/1/)
  assert.match(refusal(changed({ trail: undefined })), /"trail" is missing/)
  assert.match(refusal(changed({ trail: { initial: [], steps: [{}], loop: [] } })), /trail.steps/)
  assert.match(refusal(changed({ steps: [] })), /do not have the same length/)
  assert.match(refusal(changed({ violation: {} })), /"violation"/)
  assert.match(refusal(changed({ files: [] })), /"files"/)
  assert.match(refusal(changed({ params: [] })), /"params"/)
  assert.match(refusal(changed({ processes: 'x' })), /"processes"/)
})

format('carries its version', () => {
  assert.is(fileOf(MODELS.dead).format, traceFormat)
})

format.run()
