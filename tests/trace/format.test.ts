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
  race: 'model e; check data-race; int 0..2 x; thread t[i in 0..1] { x = i; } expect violated data-race otherwise;',
  order:
    'model f; mutex a; mutex b; bool r; thread t { mutex_lock(&a); mutex_lock(&b); mutex_unlock(&b); mutex_unlock(&a); r = true; } thread u { await (r); mutex_lock(&b); mutex_lock(&a); mutex_unlock(&a); mutex_unlock(&b); } expect violated lock-inversion otherwise;',
  contexts:
    'model g; bool r; thread t { rcu_read_lock(); local_irq_disable(); r = true; local_irq_enable(); rcu_read_unlock(); } thread u { synchronize_rcu(); assert(!r); } expect violated assert otherwise;',
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

format('names the accesses of a race, and the orders of a circle with their deadlock', () => {
  const race = fileOf(MODELS.race).violation
  assert.equal(
    race.involved?.map(({ process, what }) => `${process} ${what}`),
    ['t0 write', 't1 write'],
  )
  assert.is(race.threat, undefined)
  const order = fileOf(MODELS.order).violation
  assert.equal(
    order.involved?.map(({ process, what }) => `${process} ${what}`),
    ['t holds a, takes b', 'u holds b, takes a'],
  )
  assert.equal(order.threat, { deadlock: 'impossible', depth: null })
  assert.is(fileOf(MODELS.step).violation.involved, undefined)
})

format('tells how processes enter and leave contexts, and whom they wait for', () => {
  const changes = fileOf(MODELS.contexts).steps.flatMap((step) => step.changes)
  const texts = changes.map(({ place, before, after }) => `${place}: ${before} -> ${after}`)
  for (const text of [
    't.rcu: outside -> inside',
    't.irqs: on -> off',
    'u.awaits: nothing -> nobody',
    'u.awaits: nobody -> nothing',
  ]) {
    assert.ok(texts.includes(text), `${text} is not in ${texts.join('; ')}`)
  }
})

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
