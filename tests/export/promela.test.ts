import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { elaborate } from '../../checker/export/elaborate/elaborate.js'
import { promela } from '../../checker/export/promela/promela.js'
import { readSpin } from '../../checker/export/read-back/spin.js'
import { faultIn } from '../../checker/export/tools/spin.js'
import { lower } from '../../spec/index.js'
import { corpusRow } from '../helpers/corpus.js'
import { golden } from '../helpers/golden.js'
import { action, always, num, plain, program, read, self, set, variable } from './hand-made.js'
import { textOf } from './promela-text.js'

const text = suite('a program as Promela')

text('names that Promela or C keep, that clash or that hold dots get others', () => {
  const variables = ['do', 'linux', 'self', 'fault', 'a.b', 'a_b', 'main'].map((name) =>
    variable(name, 0, 1),
  )
  assert.equal(textOf(program({ variables })).match(/^bit \w+/gm), [
    'bit do_2',
    'bit linux_2',
    'bit self_2',
    'bit fault_2',
    'bit a_b',
    'bit a_b_2',
    'bit main',
  ])
  assert.match(textOf(program({ variables })), 'proctype main_2()')
})

text('a variable has the smallest type that holds it, an array one dimension', () => {
  const grid = {
    ...variable('grid', -2, 2, 0),
    dimensions: [
      { from: 1, to: 2, over: 'index' as const },
      { from: -1, to: 1, over: 'index' as const },
    ],
  }
  const place = [self, num(0)]
  const step = plain(set(grid, read(grid, num(1), num(-1)), ...place))
  const variables = [variable('a', 0, 255), variable('b', 0, 256), variable('c', -1, 0, -1), grid]
  const made = textOf(program({ variables, actions: [action(0, 'main', 0, always, step)] }))
  for (const line of ['byte a;', 'short b;', 'short c = -1;', 'short grid[6];']) {
    assert.match(made, line)
  }
  assert.match(textOf(program({ variables: [variable('one', 0, 9, 4)] })), 'byte one = 4;')
  assert.match(made, 'grid[-2] = grid[0];')
})

text('what SPIN has no room for is refused', () => {
  const wide = promela(program({ variables: [variable('wide', 0, 2 ** 31)] }))
  assert.match(wide.refusals?.[0]?.construct ?? '', 'wide in 0..2147483648')
  const processes = Array.from({ length: 254 }, (_, n) => ({
    name: `main${n}`,
    code: 0,
    daemon: false,
  }))
  assert.match(promela(program({ processes })).refusals?.[0]?.construct ?? '', '253 processes')
})

text('a comment cannot end early, nor a text in the source do anything', () => {
  const note = { file: 'a.gmem', line: 3, text: 'x = 1; /* once */ // "%d" \\' }
  const step = { ...action(0, 'main', 0, always, plain()), place: note }
  const made = textOf(program({ actions: [step] }))
  assert.match(made, '/* a.gmem:3: x = 1; / * once * / // "%d" \\ */')
})

text('the number of a fault is read, and nothing else taken for one', () => {
  const said = (complaint: string) =>
    `pan:1: ${complaint} (at depth 7)\npan: wrote model.pml.trail\n`
  assert.is(faultIn(said('assertion violated ((fault==12)|| !((1!=0)))')), 12)
  assert.is(faultIn('pan: elapsed time 0 seconds\n'), null)
  assert.throws(() => faultIn(said('indexing a[5] out of bounds')), /out of bounds/)
})

text('a trail is read only if it is whole and of this model', () => {
  const actions = [action(0, 'main', 3, always, plain())]
  const of = program({ actions })
  const end = 'spin: trail ends after 9 steps\n'
  assert.equal(readSpin(`      main 3, process 0\n${end}`, of).points, [{ process: 0, at: 3 }])
  assert.match(readSpin(`main 4, process 0\n${end}`, of).refusal ?? '', 'no step "main 4"')
  assert.match(readSpin(`main 3, process 1\n${end}`, of).refusal ?? '', 'process 1')
  assert.match(readSpin('main 3, process 0\n', of).refusal ?? '', 'no end')
})

for (const file of ['01-two-increments', '18-either-states', '33-leak']) {
  text(`${file} as it is written`, () => {
    const { model, configuration } = corpusRow(`litmus/${file}.gmem`, 0)
    const { result: system } = lower(model, configuration)
    const { program: of } = system === null ? { program: null } : elaborate(system)
    if (of === null) throw new Error(`${file} cannot be exported`)
    golden(`tests/export/golden/${file}.pml`, textOf(of))
  })
}

text.run()
