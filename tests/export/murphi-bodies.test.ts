import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { childHost } from '../../checker/cli/host.js'
import { murphi } from '../../checker/export/murphi/murphi.js'
import type { Block, Body, End, Program, Statement } from '../../checker/export/program.js'
import { rumur } from '../../checker/export/tools/rumur.js'
import { Random } from '../helpers/random.js'
import {
  action,
  arithmetic,
  assign,
  block,
  body,
  compare,
  done,
  fault,
  goto,
  num,
  program,
  read,
  set,
  temporary,
  variable,
} from './hand-made.js'

/**
 * Bodies whose blocks hang together in any way do in Murphi what they say: each block leaves its mark in `mark`, and
 * a check compares that with what following the blocks by hand gives.
 */

const BODIES = 40
const INPUTS = 8
const MARKS = 1009
/** A body with loops leaves by the last block after so many blocks. */
const TURNS_MAX = 12

const input = variable('input', 0, INPUTS - 1)
const at = variable('main.at', 0, BODIES)
const mark = variable('mark', 0, MARKS - 1)
const turn = temporary('turn', 0, 100)

/** What a block asks before it goes on; by hand and in a program. */
interface Question {
  readonly factor: number
  readonly remainder: number
}

const answer = ({ factor, remainder }: Question, of: number, turns: number): boolean =>
  (of * factor + turns) % 3 === remainder

const asked = ({ factor, remainder }: Question) =>
  compare(
    arithmetic(arithmetic(arithmetic(read(input), '*', num(factor)), '+', read(turn)), '%', num(3)),
    '==',
    num(remainder),
  )

interface Shape {
  readonly nexts: readonly number[]
  readonly question: Question
}

/** Blocks of which the last one is the way out of every loop. */
function randomShapes(random: Random, isCyclic: boolean): readonly Shape[] {
  const count = random.integer(1, 9)
  return Array.from({ length: count }, (_, number) => {
    const question = { factor: random.integer(1, 5), remainder: random.integer(0, 2) }
    const isLast = number === count - 1
    const least = isCyclic ? 0 : number + 1
    const target = () => random.integer(Math.min(least, count - 1), count - 1)
    const nexts = isLast ? [] : random.list(0, 2, target)
    return { nexts, question }
  })
}

const marked = (before: number, number: number): number => (before * 7 + number + 1) % MARKS

function byHand(shapes: readonly Shape[], of: number): number {
  let mark = 0
  let turns = 0
  for (let number = 0; ; ) {
    mark = marked(mark, number)
    turns++
    const { nexts, question } = shapes[number] as Shape
    const [first, second] = nexts
    if (first === undefined) return mark
    if (turns > TURNS_MAX) number = shapes.length - 1
    else number = second === undefined || answer(question, of, turns) ? first : second
  }
}

const marking = (number: number): readonly Statement[] => [
  set(
    mark,
    arithmetic(
      arithmetic(arithmetic(read(mark), '*', num(7)), '+', num(number + 1)),
      '%',
      num(MARKS),
    ),
  ),
  assign(turn, arithmetic(read(turn), '+', num(1))),
]

function onward({ nexts: [then, otherwise], question }: Shape): End {
  if (then === undefined) return done
  if (otherwise === undefined) return goto(then)
  return { kind: 'branch', test: asked(question), then, otherwise }
}

/** With loops, each block is two: one that leaves where it has been long enough, and one that goes on. */
function bodyOf(shapes: readonly Shape[], position: number, isCyclic: boolean): Body {
  const first = block(
    [set(at, num(position + 1)), set(mark, num(0)), assign(turn, num(0))],
    goto(0),
  )
  const count = shapes.length
  const test = compare(read(turn), '>', num(TURNS_MAX))
  const ends = shapes.map(onward)
  const leaving = shapes.map(
    ({ nexts }, number): End =>
      nexts.length === 0
        ? done
        : { kind: 'branch', test, then: count - 1, otherwise: count + number },
  )
  const heads = shapes.map((_, number) =>
    block(marking(number), (isCyclic ? leaving : ends)[number] ?? done),
  )
  const tails = isCyclic ? ends.map((end) => block([], end)) : []
  return body([first, ...heads, ...tails].map(shift), [turn])
}

/** The first block sets things up: all others come one later. */
function shift({ statements, end }: Block): Block {
  switch (end.kind) {
    case 'goto':
      return block(statements, goto(end.block + 1))
    case 'branch':
      return block(statements, { ...end, then: end.then + 1, otherwise: end.otherwise + 1 })
    default:
      return block(statements, end)
  }
}

function marksProgram(seed: number, isCyclic: boolean): Program {
  const random = new Random(seed)
  const bodies = Array.from({ length: BODIES }, () => randomShapes(random, isCyclic))
  const wrong = bodies.flatMap((shapes, position) =>
    Array.from(
      { length: INPUTS },
      (_, of): Statement => ({
        kind: 'fault',
        when: {
          kind: 'and',
          operands: [
            compare(read(at), '==', num(position + 1)),
            compare(read(input), '==', num(of)),
            compare(read(mark), '!=', num(byHand(shapes, of))),
          ],
        },
        fault: fault(position * INPUTS + of, 'assert', `body ${position}, input ${of}`),
      }),
    ),
  )
  const chosen = temporary('chosen', 0, INPUTS - 1)
  const options = Array.from({ length: INPUTS }, (_, value) => ({
    when: compare(num(0), '==', num(0)),
    value: num(value),
  }))
  return program({
    variables: [input, at, mark],
    init: body(
      [block([{ kind: 'select', temporary: chosen, options }, set(input, read(chosen))])],
      [chosen],
    ),
    actions: bodies.map((shapes, position) =>
      action(
        0,
        'main',
        position,
        compare(read(at), '==', num(position)),
        bodyOf(shapes, position, isCyclic),
      ),
    ),
    checks: [{ name: 'marks', body: body([block(wrong)]) }],
    rest: { ...program({}).rest, condition: compare(read(at), '==', num(BODIES)) },
  })
}

const tool = rumur(childHost())
const bodies = suite('blocks that hang together in any way')
const test = (await tool.version()) === null ? bodies.skip : bodies

for (const isCyclic of [false, true]) {
  const seed = Number(process.env.SEED ?? 1)
  test(`${isCyclic ? 'with' : 'without'} loops, seed ${seed}`, async () => {
    const { text = '' } = murphi(marksProgram(seed, isCyclic)) as { text?: string }
    const result = await tool.run(
      { files: [{ name: 'model.m', text }], kinds: new Map() },
      { only: null, timeoutSeconds: 300, memoryBytes: 2 ** 31, maxStates: 2 ** 20, isSmall: true },
    )
    assert.is(result.verdict, 'holds', result.output)
    assert.is(result.states, INPUTS * (BODIES + 1))
  })
}

bodies.run()
