import type {
  Block,
  Body,
  End,
  Fault,
  Index,
  Num,
  Procedure,
  Program,
  Statement,
  Temporary,
  Test,
  Variable,
} from '../../checker/export/program.js'
import type { Random } from '../helpers/random.js'
import {
  action,
  arithmetic,
  assign,
  block,
  body,
  compare,
  fault,
  num,
  program,
  read,
  self,
  set,
  temporary,
  variable,
} from './hand-made.js'

/**
 * Programs that use every construct there is, in no order that makes sense. Processes only go forward, so they end; how
 * many states there are is for others to find out.
 */
export const randomProgram = (random: Random, withFaults: boolean): Program =>
  new Maker(random, withFaults).make()

const LOCATIONS = 3

const array = (
  name: string,
  [from, to]: readonly [number, number],
  ...sizes: readonly (readonly [number, number])[]
): Variable => ({
  ...variable(name, from, to, Math.max(from, 0)),
  dimensions: sizes.map(([from, to]) => ({ from, to, over: 'index' })),
})

class Maker {
  readonly #random: Random
  readonly #withFaults: boolean
  readonly #faults: Fault[] = []
  readonly #at = array('p.at', [0, LOCATIONS], [0, 2])
  readonly #variables = [
    array('grid', [-2, 3], [1, 2], [-1, 0]),
    array('one', [0, 4], [3, 3]),
    { ...array('bits', [0, 1], [0, 1]), initial: [0, 1] },
    variable('wide', 0, 300),
    variable('linux', -1, 2, -1),
  ]
  readonly #procedure: Procedure

  constructor(random: Random, withFaults: boolean) {
    this.#random = random
    this.#withFaults = withFaults
    const parameters = [temporary('left', -2, 300), temporary('right', -2, 300)]
    const statements = this.#statements(parameters, [], 2)
    this.#procedure = { name: 'shake', parameters, statements }
  }

  make(): Program {
    const codes = [
      { name: 'p', first: 0, last: 1, symmetric: false },
      { name: 'q', first: 2, last: 2, symmetric: false },
    ]
    const at = read(this.#at, self)
    const actions = codes.flatMap(({ name }, code) =>
      Array.from({ length: LOCATIONS }, (_, location) => {
        const here = compare(at, '==', num(location))
        const open = this.#test([], [], 1)
        const enabled: Test = this.#chance(15) ? { kind: 'and', operands: [here, open] } : here
        const next = set(this.#at, num(location + 1), self)
        return action(code, name, location, enabled, this.#body([next]))
      }),
    )
    const process: Index = { name: 'each', from: 0, to: 2, over: 'process' }
    const condition: Test = {
      kind: 'every',
      index: process,
      test: compare(read(this.#at, { kind: 'index', index: process }), '==', num(LOCATIONS)),
    }
    const checks = this.#withFaults ? [{ name: 'always', body: this.#check() }] : []
    const atRest = this.#withFaults ? [{ name: 'finally', body: this.#check() }] : []
    const stuck = { number: 0, kind: 'deadlock', message: 'nobody can move', place: null }
    return program({
      processes: codes.flatMap(({ first, last }, code) =>
        Array.from({ length: last - first + 1 }, (_, n) => ({
          name: `x${first + n}`,
          code,
          daemon: false,
        })),
      ),
      codes,
      variables: [this.#at, ...this.#variables],
      procedures: [this.#procedure],
      init: this.#initial(),
      actions,
      checks,
      rest: { condition, checks: atRest, stuck },
      faults: [...this.#faults, stuck],
    })
  }

  /** No process moves yet, so what asks which one it is has no answer. */
  #initial(): Body {
    const chosen = temporary('chosen', 0, 2)
    const options = [0, 1, 2].map((value) => ({ when: this.#constant(true), value: num(value) }))
    const wide = this.#variables[3] as Variable
    return body(
      [block([{ kind: 'select', temporary: chosen, options }, set(wide, read(chosen))])],
      [chosen],
    )
  }

  #check(): Body {
    const when: Test = {
      kind: 'and',
      operands: [this.#test([], [], 2, false), this.#test([], [], 2, false)],
    }
    return body([block([{ kind: 'fault', when, fault: this.#fault() }])])
  }

  #body(first: readonly Statement[]): Body {
    const temporaries = [temporary('t', -2, 300), temporary('u', -2, 300)]
    const given = temporaries.map((each) => assign(each, num(this.#random.integer(-2, 3))))
    const count = this.#random.integer(1, 4)
    const turns = temporary('turns', 0, 2)
    const blocks = Array.from({ length: count }, (_, at): Block => {
      const statements = this.#statements(temporaries, [], 2, true)
      return block(statements, this.#end(at, count, temporaries))
    })
    // The last block may go back to the first one but for what is set up, twice.
    const again = compare(read(turns), '<', num(2))
    const isCyclic = this.#chance(4)
    const back = [
      block([], { kind: 'branch', test: again, then: count + 1, otherwise: count + 2 }),
      block([assign(turns, arithmetic(read(turns), '+', num(1)))], { kind: 'goto', block: 0 }),
      block([]),
    ]
    const last: Block = {
      statements: blocks[count - 1]?.statements ?? [],
      end: { kind: 'goto', block: count },
    }
    const all = isCyclic ? [...blocks.slice(0, -1), last, ...back] : blocks
    const setUp = block([...first, ...given, assign(turns, num(0))], { kind: 'goto', block: 1 })
    return body([setUp, ...all.map(later)], [...temporaries, turns])
  }

  #end(at: number, count: number, temporaries: readonly Temporary[]): End {
    if (at === count - 1) return { kind: 'done' }
    const target = () => this.#random.integer(at + 1, count - 1)
    switch (this.#random.integer(0, 3)) {
      case 0:
        return { kind: 'goto', block: target() }
      case 1:
        return { kind: 'either', blocks: [target(), target()] }
      default:
        return {
          kind: 'branch',
          test: this.#test(temporaries, [], 1),
          then: target(),
          otherwise: target(),
        }
    }
  }

  #statements(
    temporaries: readonly Temporary[],
    indexes: readonly Index[],
    depth: number,
    isTop = false,
  ): readonly Statement[] {
    return Array.from({ length: this.#random.integer(0, 2) }, () =>
      this.#statement(temporaries, indexes, depth, isTop),
    )
  }

  #statement(
    temporaries: readonly Temporary[],
    indexes: readonly Index[],
    depth: number,
    isTop: boolean,
  ): Statement {
    const value = () => this.#num(temporaries, indexes, 1)
    const way = this.#random.integer(0, 9)
    const [some] = temporaries
    if (way === 0 && depth > 0) {
      return {
        kind: 'if',
        test: this.#test(temporaries, indexes, 1),
        then: this.#statements(temporaries, indexes, depth - 1),
        otherwise: this.#statements(temporaries, indexes, depth - 1),
      }
    }
    if (way === 1 && depth > 0 && indexes.length === 0) {
      const index: Index = { name: 'each', from: 0, to: 2, over: 'index' }
      const statements = [this.#set(temporaries, [index]), this.#set(temporaries, [index])]
      return { kind: 'each', index, statements }
    }
    if (isTop && way === 2 && some !== undefined) {
      return assign(some, this.#within(-2, 300, value()))
    }
    if (isTop && way === 3 && some !== undefined) {
      const options = [
        { when: this.#constant(true), value: num(0) },
        { when: this.#test(temporaries, indexes, 1), value: num(1) },
      ]
      return { kind: 'select', temporary: some, options }
    }
    if (isTop && way === 4) {
      const passed = [value(), value()].map((each) => this.#within(-2, 300, each))
      return { kind: 'call', procedure: this.#procedure, arguments: passed }
    }
    if (isTop && way === 5 && this.#withFaults) {
      const when: Test = {
        kind: 'and',
        operands: [this.#test(temporaries, [], 1), this.#test(temporaries, [], 1)],
      }
      return { kind: 'fault', when, fault: this.#fault() }
    }
    return this.#set(temporaries, indexes)
  }

  #set(temporaries: readonly Temporary[], indexes: readonly Index[]): Statement {
    const target = this.#random.pick(this.#variables)
    const value = this.#within(target.from, target.to, this.#num(temporaries, indexes, 2))
    return set(target, value, ...this.#indexesOf(target, indexes, temporaries))
  }

  #indexesOf(
    { dimensions }: Variable,
    indexes: readonly Index[],
    temporaries: readonly Temporary[],
  ): readonly Num[] {
    return dimensions.map(({ from, to }) =>
      this.#chance(2)
        ? num(this.#random.integer(from, to))
        : this.#within(from, to, this.#num(temporaries, indexes, 0)),
    )
  }

  #within(from: number, to: number, value: Num): Num {
    const size = num(to - from + 1)
    const rest = arithmetic(arithmetic(arithmetic(value, '%', size), '+', size), '%', size)
    return from === 0 ? rest : arithmetic(rest, '+', num(from))
  }

  #num(temporaries: readonly Temporary[], indexes: readonly Index[], depth: number): Num {
    const inner = () => this.#num(temporaries, indexes, depth - 1)
    switch (this.#random.integer(depth > 0 ? 0 : 4, 9)) {
      case 0:
        return arithmetic(inner(), this.#random.pick(['+', '-', '*', '&', '|', '^']), inner())
      case 1: {
        // What cannot be worked out stands on the side that is not taken.
        const [left, right] = [inner(), inner()]
        const operator = this.#random.pick(['/', '%'] as const)
        const test = compare(right, '==', num(0))
        const otherwise = arithmetic(left, operator, right)
        return { kind: 'conditional', test, then: left, otherwise }
      }
      case 2:
        return { kind: this.#random.pick(['negate', 'complement'] as const), operand: inner() }
      case 3: {
        const test = this.#test(temporaries, indexes, 0)
        return { kind: 'conditional', test, then: inner(), otherwise: inner() }
      }
      case 4:
        return num(this.#random.integer(-3, 5))
      case 5:
        return temporaries.length > 0 ? read(this.#random.pick(temporaries)) : num(2)
      case 6:
        return indexes.length > 0
          ? { kind: 'index', index: this.#random.pick(indexes) }
          : num(this.#random.integer(-1, 1))
      case 7:
        return depth > 0 ? arithmetic(inner(), '>>', num(1)) : num(1)
      default: {
        const of = this.#random.pick(this.#variables)
        const places = of.dimensions.map(({ from, to }) => num(this.#random.integer(from, to)))
        return read(of, ...places)
      }
    }
  }

  #test(
    temporaries: readonly Temporary[],
    indexes: readonly Index[],
    depth: number,
    mayBeSure = true,
  ): Test {
    const inner = (more: readonly Index[] = []) =>
      this.#test(temporaries, [...indexes, ...more], depth - 1)
    const way = this.#random.integer(depth > 0 ? 0 : 3, 8)
    if (way === 0) return { kind: 'not', operand: inner() }
    if (way === 1) {
      const index: Index = { name: 'each', from: -1, to: 1, over: 'index' }
      const kind = this.#random.pick(['some', 'every'] as const)
      return { kind, index, test: inner([index]) }
    }
    if (way === 2) {
      const operands = Array.from({ length: this.#random.integer(0, 3) }, () => inner())
      return { kind: this.#random.pick(['and', 'or'] as const), operands }
    }
    if (way === 3 && mayBeSure) return this.#constant(this.#chance(2))
    const operator = this.#random.pick(['==', '!=', '<', '<=', '>', '>='] as const)
    return compare(this.#num(temporaries, indexes, 1), operator, this.#num(temporaries, indexes, 1))
  }

  #constant(value: boolean): Test {
    return { kind: 'constant', value }
  }

  #fault(): Fault {
    const number = this.#faults.length + 1
    const made = fault(number, this.#random.pick(['assert', 'leak', null]))
    this.#faults.push(made)
    return made
  }

  #chance(oneIn: number): boolean {
    return this.#random.integer(1, oneIn) === 1
  }
}

/** The first block comes before all others: they are one later. */
function later({ statements, end }: Block): Block {
  switch (end.kind) {
    case 'goto':
      return block(statements, { ...end, block: end.block + 1 })
    case 'branch':
      return block(statements, { ...end, then: end.then + 1, otherwise: end.otherwise + 1 })
    case 'either':
      return block(statements, { ...end, blocks: end.blocks.map((each) => each + 1) })
    default:
      return block(statements, end)
  }
}
