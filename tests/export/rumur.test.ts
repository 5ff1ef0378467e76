import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readRumur } from '../../checker/export/read-back/rumur.js'
import { reportsOf, rumur } from '../../checker/export/tools/rumur.js'
import type { Executed, Host } from '../../checker/export/tools/tool.js'
import { action, always, plain, program } from './hand-made.js'

const START = '<transition>Startstate &quot;init&quot;</transition>\n'
const step = (rule: string) => `<transition>Rule &quot;${rule}&quot;</transition>\n`
const error = (message: string, ...rules: string[]) =>
  `<error includes_trace="true">\n<message>${message}</message>\n${START}${rules.map(step).join('')}</error>\n`
const summary = (states: number, errors: number) =>
  `<summary states="${states}" rules_fired="9" errors="${errors}" duration_seconds="0"/>\n`

const tool = suite('Rumur as a tool')

/** A machine on which each command gives what is said here, and where others are missing. */
function hostWith(answers: Readonly<Record<string, Partial<Executed>>>) {
  const executed: string[][] = []
  let removed = 0
  const host: Host = {
    scratch: async () => ({
      path: '/scratch',
      read: async () => null,
      remove: async () => {
        removed++
      },
    }),
    execute: async (command, args) => {
      executed.push([command, ...args])
      const answer = answers[command]
      const ended = answer === undefined ? 'missing' : 'itself'
      return { code: 0, ended, stdout: '', stderr: '', seconds: 1, ...answer }
    },
  }
  return { host, executed, removed: () => removed }
}

const exported = {
  files: [{ name: 'model.m', text: '--   deadlock = 99 deadlock: nobody can move\n' }],
  kinds: new Map<string, number>(),
}
const options = {
  only: null,
  timeoutSeconds: 60,
  memoryBytes: 2 ** 30,
  maxStates: 1000,
  isSmall: true,
}

tool('its version, and none without a compiler', async () => {
  const stdout = 'Rumur version v1\n'
  assert.is(await rumur(hostWith({ rumur: { stdout }, cc: {} }).host).version(), 'Rumur version v1')
  assert.is(await rumur(hostWith({ rumur: { stdout } }).host).version(), null)
  assert.is(await rumur(hostWith({ cc: {} }).host).version(), null)
})

tool('a program that is missing is named, and the scratch folder goes', async () => {
  const machine = hostWith({ rumur: {} })
  try {
    await rumur(machine.host).run(exported, options)
    assert.unreachable()
  } catch (problem) {
    assert.match(String(problem), 'cc is not installed')
  }
  assert.is(machine.removed(), 1)
})

tool('a text that it refuses is an error of ours, with its output', async () => {
  const machine = hostWith({ rumur: { code: 1, stderr: 'model.m:3.1: syntax error\n' } })
  try {
    await rumur(machine.host).run(exported, options)
    assert.unreachable()
  } catch (problem) {
    assert.match(String(problem), 'model.m:3.1: syntax error')
  }
})

const built = { rumur: {}, cc: {} }

tool('memory and time are limits', async () => {
  const ends: Readonly<Record<string, Partial<Executed>>> = {
    memory: { code: 1, stderr: 'out of memory' },
    time: { code: null, ended: 'time' },
  }
  for (const [limit, prlimit] of Object.entries(ends)) {
    const result = await rumur(hostWith({ ...built, prlimit }).host).run(exported, options)
    assert.equal([result.verdict, result.limit, result.states], ['incomplete', limit, null])
  }
})

tool('without a way to limit memory it runs all the same', async () => {
  const machine = hostWith({ ...built, '/scratch/model': { stdout: summary(17, 0) } })
  const result = await rumur(machine.host).run(exported, options)
  assert.equal([result.verdict, result.states, result.seconds], ['holds', 17, 4])
})

tool('a run that ends without an answer is an error', async () => {
  const crash: Partial<Executed> = { code: null, ended: 'signal', stderr: 'no luck' }
  try {
    await rumur(hostWith({ ...built, prlimit: crash }).host).run(exported, options)
    assert.unreachable()
  } catch (problem) {
    assert.match(String(problem), /without an answer \(signal\)\nno luck/)
  }
})

tool('where a bound comes first it is told to go on', async () => {
  const stdout = `${error('3 bound: as planned', 'main 1')}${summary(2, 1)}`
  const machine = hostWith({ ...built, prlimit: { code: 1, stdout } })
  const result = await rumur(machine.host).run(exported, options)
  assert.equal([result.verdict, result.limit, result.fault], ['incomplete', 'bound', 3])
  const generations = machine.executed.filter(([command]) => command === 'rumur')
  const told = generations.map((args) => args[args.indexOf('--max-errors') + 1])
  assert.equal(told, ['1', '1000'])
})

tool('after an error of every rule it may tell of a deadlock that is none', () => {
  const output = [
    error('3 bound: as planned', 'main 1', 'main 2'),
    error('deadlock', 'main 1'),
    error('deadlock', 'main 4'),
  ].join('')
  assert.equal(
    reportsOf(output, 99).map(({ fault, depth, isBound }) => [fault, depth, isBound]),
    [
      [3, 2, true],
      [99, 1, false],
    ],
  )
})

tool('what it complains of in its own words is an error of ours', () => {
  const output = error('model.m:52.5-17: write of out-of-range value into x', 'main 1')
  assert.throws(() => reportsOf(output, 99), /write of out-of-range value into x/)
})

tool.run()

const back = suite('a trace of Rumur')

const family = program({
  processes: ['vcpu0', 'vcpu1', 'vmm'].map((name, process) => ({
    name,
    code: process === 2 ? 1 : 0,
    daemon: false,
  })),
  codes: [
    { name: 'vcpu', first: 0, last: 1, symmetric: true },
    { name: 'vmm', first: 2, last: 2, symmetric: false },
  ],
  actions: [action(0, 'vcpu', 12, always, plain()), action(1, 'vmm', 3, always, plain())],
})

const POINTS = [
  { process: 1, at: 12 },
  { process: 2, at: 3 },
]

back('for machines', () => {
  const trace = [
    START,
    '<state>\n<state_component name="x" value="0"/>\n</state>\n',
    '<transition>Rule &quot;vcpu 12&quot;<parameter name="self">1</parameter><parameter name="pick">0</parameter></transition>\n',
    '<transition>Rule &quot;vmm 3&quot;<parameter name="pick">2</parameter></transition>\n',
    step('at rest'),
  ].join('')
  assert.equal(readRumur(trace, family), { points: POINTS, refusal: null })
})

back('for people', () => {
  const trace = `The following is the error trace for the error:

Startstate "init" fired.
x:0
----------

Rule "vcpu 12", self: 1, pick: 0 fired.
x:1
----------

Rule "vmm 3", pick: 2 fired.
----------
`
  assert.equal(readRumur(trace, family).points, POINTS)
})

back('the first of several', () => {
  const output = error('1 assert: no', 'vmm 3') + error('2 assert: no', 'vmm 3', 'vmm 3')
  assert.equal(readRumur(output, family).points, [{ process: 2, at: 3 }])
})

back('what is of no trace, or of another model, is refused', () => {
  const refusals: Readonly<Record<string, string>> = {
    'pan: wrote model.pml.trail': 'this is no trace of Rumur: it has no start state',
    [`${START}${step('vmm 4')}`]: 'rule 1: the model has no step "vmm 4"',
    [`${START}<transition>Rule &quot;vcpu 12&quot;<parameter name="self">2</parameter></transition>\n`]:
      'rule 1: "vcpu 12" is not a step of process 2',
  }
  for (const [trace, refusal] of Object.entries(refusals)) {
    assert.equal(readRumur(trace, family), { points: null, refusal })
  }
})

back.run()
