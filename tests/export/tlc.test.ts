import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readItf } from '../../checker/export/read-back/itf.js'
import { readTlc } from '../../checker/export/read-back/tlc.js'
import { messagesIn, tlc } from '../../checker/export/tools/tlc.js'
import type { Executed, Exported, ExportedFile, Host } from '../../checker/export/tools/tool.js'
import { action, always, plain, program } from './hand-made.js'

/**
 * What TLC prints, written down from its sources (`tlc2/output/MP.java`, `EC.java` and `StatePrinter.java`) and from
 * traces that others have published: there was no TLC to record it from.
 */
const message = (code: number, severity: number, ...lines: string[]) =>
  `@!@!@STARTMSG ${code}:${severity} @!@!@\n${lines.join('\n')}\n@!@!@ENDMSG ${code} @!@!@\n`
const BANNER = message(2262, 0, 'TLC2 Version 2.19 of 08 August 2024 (rev: 5a47802)')
const BEHAVIOUR = message(2121, 1, 'The behavior up to this point is:')
const statistics = (distinct: string, left: number) =>
  message(
    2199,
    0,
    `9,999 states generated, ${distinct} distinct states found, ${left} states left on queue.`,
  )

const state = (number: number, head: string, moved: string, fault = -1) =>
  message(
    2217,
    4,
    `${number}: <${head}>`,
    '/\\ vcpu_at = (0 :> 1 @@ 1 :> 0)',
    `/\\ fault = ${fault}`,
    `/\\ moved = <<${moved}>>`,
    '',
  )
const initial = state(1, 'Initial predicate', '-1, -1')
const step = (number: number, moved: string, fault = -1) =>
  state(number, 'vcpu_1 line 40, col 3 to line 47, col 20 of module Model', moved, fault)

const CONFIG = `\\* The number is that of the fault.
SPECIFICATION Spec
INVARIANT No_assert \\* 4 assert: x == 1 (a.gmem:3)
INVARIANT No_leak_Final_leak \\* 7 leak: still there
INVARIANT No_bound \\* 5 bound: too many
CHECK_DEADLOCK TRUE \\* 9 deadlock: nobody can move
`
const exported: Exported = {
  files: [
    { name: 'Model.tla', text: '---- MODULE Model ----' },
    { name: 'Model.cfg', text: CONFIG },
  ],
  kinds: new Map(),
}
const options = {
  only: null,
  timeoutSeconds: 60,
  memoryBytes: 2 ** 30,
  maxStates: 1000,
  isSmall: true,
}

/** A machine whose java answers each call with the next of these. */
function hostWith(...answers: Partial<Executed>[]) {
  const executed: string[][] = []
  const written: (readonly ExportedFile[])[] = []
  let removed = 0
  const host: Host = {
    scratch: async (files) => {
      written.push(files)
      const remove = async () => {
        removed++
      }
      return { path: '/scratch', read: async () => null, remove }
    },
    execute: async (command, args) => {
      executed.push([command, ...args])
      const answer = answers.shift() ?? { ended: 'missing' as const }
      return { code: 0, ended: 'itself', stdout: '', stderr: '', seconds: 1, ...answer }
    },
  }
  return { host, executed, written, removed: () => removed }
}

const run = (...outputs: string[]) => {
  const machine = hostWith(...outputs.map((stdout) => ({ stdout })))
  return { machine, result: tlc(machine.host, 'tla2tools.jar').run(exported, options) }
}

const tool = suite('TLC as a tool')

tool('its version; none without a jar, without java and with another jar', async () => {
  const banner = 'TLC2 Version 2.19 of 08 August 2024 (rev: 5a47802)'
  const found = (answer: Partial<Executed>) => tlc(hostWith(answer).host, 'some.jar').version()
  assert.is(await found({ stdout: `\n${banner}\nNAME\n` }), banner)
  assert.is(await found({ ended: 'missing' }), null)
  assert.is(
    await found({ code: 1, stderr: 'Error: Could not find or load main class tlc2.TLC' }),
    null,
  )
  assert.is(await tlc(hostWith().host, null).version(), null)
})

tool('what holds is counted', async () => {
  const success = message(2193, 0, 'Model checking completed. No error has been found.')
  const depth = message(2194, 0, 'The depth of the complete state graph search is 7.')
  const { machine, result } = run(BANNER + success + statistics('1,234', 0) + depth)
  const { verdict, states, fault } = await result
  assert.equal({ verdict, states, fault }, { verdict: 'holds', states: 1234, fault: null })
  assert.equal(machine.executed[0], [
    'java',
    '-XX:+UseParallelGC',
    '-Xmx1024m',
    '-cp',
    'tla2tools.jar',
    'tlc2.TLC',
    '-tool',
    '-workers',
    '1',
    '-config',
    'Model.cfg',
    'Model.tla',
  ])
  assert.is(machine.removed(), 1)
})

tool('a step that ends in a fault: which one is in the last state', async () => {
  const output =
    BANNER +
    message(2110, 1, 'Invariant No_assert is violated.') +
    BEHAVIOUR +
    initial +
    step(2, '0, 1') +
    step(3, '1, 1', 6) +
    statistics('12', 3)
  const { verdict, fault, depth, states, trace } = await run(output).result
  assert.equal(
    { verdict, fault, depth, states },
    { verdict: 'violated', fault: 6, depth: 2, states: null },
  )
  assert.equal(readTlc(trace ?? '', model).points, [
    { process: 0, at: 1 },
    { process: 1, at: 1 },
  ])
})

tool('a check that fails has one fault; so has a standstill', async () => {
  const check = message(2110, 1, 'Invariant No_leak_Final_leak is violated.') + BEHAVIOUR + initial
  const standstill = message(2114, 1, 'Deadlock reached.') + BEHAVIOUR + initial + step(2, '0, 1')
  const [first, second] = [await run(check).result, await run(standstill).result]
  assert.equal([first.fault, first.depth, first.verdict], [7, 0, 'violated'])
  assert.equal([second.fault, second.depth, second.verdict], [9, 1, 'violated'])
})

tool('an initial state that is wrong is printed within the message', async () => {
  const text = [
    'Invariant No_assert is violated by the initial state:',
    '/\\ fault = 4',
    '/\\ moved = <<-1, -1>>',
  ]
  const { fault, depth, trace } = await run(message(2107, 1, ...text)).result
  assert.equal([fault, depth], [4, 0])
  assert.equal(readTlc(trace ?? '', model).points, [])
})

tool('behind a bound it looks again, and says what it finds there', async () => {
  const bound =
    message(2110, 1, 'Invariant No_bound is violated.') + BEHAVIOUR + initial + step(2, '0, 1', 5)
  const fine = message(2193, 0, 'No error has been found.') + statistics('8', 0)
  const wrong = message(2114, 1, 'Deadlock reached.') + BEHAVIOUR + initial
  const { machine, result } = run(bound, fine)
  const { verdict, limit, fault, states } = await result
  assert.equal([verdict, limit, fault, states], ['incomplete', 'bound', 5, null])
  assert.is(machine.written[1]?.[1]?.text, CONFIG.replace(/.*No_bound.*\n/, ''))
  const found = await run(bound, wrong).result
  assert.equal([found.verdict, found.fault, found.seconds], ['violated', 9, 2])
})

tool('time and memory are limits; anything else is an error of ours', async () => {
  const late = await tlc(hostWith({ ended: 'time' }).host, 'x.jar').run(exported, options)
  assert.equal([late.verdict, late.limit], ['incomplete', 'time'])
  const full = await run(message(1001, 1, 'Java ran out of memory.')).result
  assert.equal([full.verdict, full.limit], ['incomplete', 'memory'])
  for (const output of [
    message(3002, 1, 'Parsing failed.'),
    'Exception in thread "main"',
    BANNER,
  ]) {
    const machine = hostWith({ stdout: output })
    const problem = await tlc(machine.host, 'x.jar').run(exported, options).catch(String)
    assert.match(String(problem), /TLC (?:refuses|ends without)/)
    assert.is(machine.removed(), 1)
  }
})

tool('messages are taken apart, what stands between them is left out', () => {
  const output = `noise\n${message(2217, 4, '1: <x>', '', 'y')}more\n${message(-1, 0, '')}`
  assert.equal(messagesIn(output), [
    { code: 2217, severity: 4, text: '1: <x>\n\ny' },
    { code: -1, severity: 0, text: '' },
  ])
})

tool.run()

const model = program({
  codes: [
    { name: 'vcpu', first: 0, last: 1, symmetric: true },
    { name: 'vmm', first: 2, last: 2, symmetric: false },
  ],
  actions: [
    action(0, 'vcpu', 1, always, plain()),
    action(0, 'vcpu', 2, always, plain()),
    action(1, 'vmm', 5, always, plain()),
  ],
})
const POINTS = [
  { process: 1, at: 1 },
  { process: 2, at: 5 },
]

const readers = suite('traces of TLC and in ITF')

readers('as TLC prints them for people', () => {
  const trace = `Error: Invariant No_assert is violated.
Error: The behavior up to this point is:
State 1: <Initial predicate>
/\\ fault = -1
/\\ moved = <<-1, -1>>

State 2: <vcpu_1(1) line 40, col 3 to line 47, col 20 of module Model>
/\\ vcpu_at = (0 :> 0 @@ 1 :> 2)
/\\ moved = <<1, 1>>

State 3: <vmm_5 line 50, col 3 to line 57, col 20 of module Model>
/\\ moved = <<2, 5>>

24 states generated, 12 distinct states found, 3 states left on queue.
`
  assert.equal(readTlc(trace, model), { points: POINTS, refusal: null })
})

readers('with differences only, what is left out is what it was', () => {
  const trace = `State 1: <Initial predicate>
/\\ moved = <<-1, -1>>
State 2: <a>
/\\ moved = <<1, 1>>
State 3: <a>
/\\ fault = 3
`
  const again = { process: 1, at: 1 }
  assert.equal(readTlc(trace, model).points, [again, again])
})

const states = [
  [1, { moved: [-1, -1], vcpu_at: { 0: 0, 1: 0 } }],
  [2, { moved: [1, 1], vcpu_at: { 0: 0, 1: 2 } }],
  [3, { moved: [2, 5], vcpu_at: { 0: 0, 1: 2 } }],
] as const

readers('as -dumpTrace json writes them, in any order of the set of states', () => {
  const location = { beginLine: 40, module: 'Model' }
  const steps = [0, 1].map((at) => [states[at], { name: 'x', location }, states[at + 1]])
  for (const trace of [
    { state: [states[2], states[0], states[1]], action: steps },
    { counterexample: { action: steps, state: [...states].reverse() } },
  ]) {
    assert.equal(readTlc(JSON.stringify(trace), model).points, POINTS)
  }
})

readers('in ITF, with numbers and tuples in either form', () => {
  const big = (value: number) => ({ '#bigint': String(value) })
  const moves = states.map(([, { moved }]) => moved)
  const plainly = { vars: ['moved'], states: moves.map((moved) => ({ moved })) }
  const strictly = {
    '#meta': { format: 'ITF' },
    vars: ['x', 'x'],
    states: moves.map((moved, index) => ({
      '#meta': { index },
      moved: { '#tup': moved.map(big) },
    })),
  }
  for (const trace of [plainly, strictly]) {
    assert.equal(readItf(JSON.stringify(trace), model), { points: POINTS, refusal: null })
  }
})

readers('what is no trace of the program is refused with its place', () => {
  const from = (...moves: readonly (readonly number[])[]) =>
    readItf(JSON.stringify({ states: moves.map((moved) => ({ moved })) }), model).refusal
  const start = [-1, -1]
  assert.match(from() ?? '', 'no state')
  assert.match(from([0, 1]) ?? '', 'does not begin')
  assert.match(from(start, [7, 1]) ?? '', 'state 2: there is no process 7')
  assert.match(from(start, [1, 1], [1, 5]) ?? '', 'state 3: process 1 has no step from 5')
  assert.match(readItf('{"states": [{"x": 1}]}', model).refusal ?? '', 'no `moved`')
  assert.match(readItf('[]', model).refusal ?? '', 'no list of states')
  assert.match(readItf('{"states": [], "loop": 0}', model).refusal ?? '', 'never ends')
  assert.match(readItf('{', model).refusal ?? '', 'no JSON')
  assert.match(readTlc('{', model).refusal ?? '', 'no JSON')
  assert.match(readTlc('Model checking completed.', model).refusal ?? '', 'no state')
})

readers.run()
