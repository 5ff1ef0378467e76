import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { writeFormat } from '../../../checker/index.js'
import { holdings } from '../../../checker/trace/holdings.js'
import { type ShownFinding, violations } from '../../helpers/findings.js'
import { projectRoot } from '../../helpers/spawn.js'

interface Event {
  readonly ph: string
  readonly name: string
  readonly cat?: string
  readonly pid: number
  readonly tid: number
  readonly ts: number
  readonly dur: number
  readonly args?: Readonly<Record<string, unknown>>
}

const schema = readFileSync(`${projectRoot}tests/render/formats/trace-event.schema.json`, 'utf8')
const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true, strict: false }).compile(
  JSON.parse(schema),
)

const fits = (content: unknown): boolean => validate(content)

function read(finding: ShownFinding): readonly Event[] {
  const content: { readonly traceEvents: readonly Event[] } = JSON.parse(
    writeFormat('perfetto', finding).text ?? '',
  )
  assert.ok(fits(content), JSON.stringify(validate.errors?.slice(0, 3)))
  return content.traceEvents
}

const slicesOf = (events: readonly Event[], cat: string) =>
  events.filter((event) => event.ph === 'X' && event.cat === cat)

/** Two slices of one track that overlap without one being inside of the other: viewers drop or stretch one of them. */
function crossing(events: readonly Event[]): string | null {
  const slices = events.filter(({ ph }) => ph === 'X')
  for (const one of slices) {
    for (const other of slices) {
      if (one.pid !== other.pid || one.tid !== other.tid) continue
      const crosses =
        one.ts < other.ts && other.ts < one.ts + one.dur && one.ts + one.dur < other.ts + other.dur
      if (crosses) return `${one.name} at ${one.ts} and ${other.name} at ${other.ts}`
    }
  }
  return null
}

export const perfetto = suite('trace events')

for (const { finding } of violations) {
  const { trace } = finding.run
  perfetto(`${trace.system.name}: a slice a step, nested, and what is held at the end`, () => {
    const events = read(finding)
    const all = [...trace.steps, ...trace.loop]
    const steps = slicesOf(events, 'step').sort((a, b) => a.ts - b.ts)
    assert.equal(
      steps.map(({ ts, dur, tid }) => [ts, dur, tid]),
      all.map(({ process }, index) => [index, 1, process + 1]),
    )
    assert.is(crossing(events), null)
    const named = (pid: number, tid: number) =>
      events.find((event) => event.name === 'thread_name' && event.pid === pid && event.tid === tid)
        ?.args?.name
    for (const { pid, tid } of events.filter(({ ph }) => ph === 'X')) assert.ok(named(pid, tid))
    // The loop comes back to where it began, so what is held behind it is what is held before it.
    const open = slicesOf(events, 'held')
      .filter(({ ts, dur }) => ts + dur === all.length + 1)
      .map(({ pid, tid }) => String(named(pid, tid)))
      .filter((name) => name.includes(': '))
    const held = trace.system.processes.flatMap(({ name }, process) =>
      holdings(trace, process)
        .filter(({ which }) => which !== 'RCU')
        .map((holding) => `${holding.name}: ${name}`),
    )
    assert.equal(open.sort(), held.sort())
    assert.is(events.filter(({ ph }) => ph === 'i').length, trace.loop.length > 0 ? 2 : 1)
  })
}

perfetto('a counter follows a number from its first value to its last', () => {
  let count = 0
  for (const { finding } of violations) {
    const { trace } = finding.run
    const events = read(finding).filter(({ ph }) => ph === 'C')
    for (const name of new Set(events.map((event) => event.name))) {
      const values = events.filter((event) => event.name === name)
      const changes = [...trace.steps, ...trace.loop].flatMap(({ index, changes }) =>
        changes
          .filter(({ object, name: own }) => [object, own].filter(Boolean).join('.') === name)
          .map(({ before, after }) => ({ index, before, after })),
      )
      assert.equal(
        values.map(({ ts, args }) => [ts, args?.value]),
        [
          [0, Number(changes[0]?.before)],
          ...changes.map(({ index, after }) => [index, Number(after)]),
        ],
      )
      count += 1
    }
  }
  assert.ok(count > 5, String(count))
})

perfetto('the schema and the nesting refuse what viewers would', () => {
  const slice = { ph: 'X', cat: 'c', name: 'n', pid: 1, tid: 1, ts: 0, dur: 2 }
  assert.ok(validate({ traceEvents: [slice] }))
  for (const wrong of [
    { ...slice, dur: 0 },
    { ...slice, ph: 'Z' },
    { ...slice, s: 'g' },
  ]) {
    assert.not(validate({ traceEvents: [wrong] }), JSON.stringify(wrong))
  }
  assert.ok(crossing([slice, { ...slice, ts: 1 }]))
})
