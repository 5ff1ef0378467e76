import type {
  Body,
  Check,
  Index,
  Num,
  Program,
  Statement,
  Temporary,
  Test,
  Variable,
} from '../../checker/export/program.js'

/**
 * What a program does, read off it as it stands: the oracle for printers, and for what elaboration makes. Expressions
 * become closures once; everything else is as plain as can be.
 */
export interface Explored {
  readonly states: number
  /** By number: the fewest steps to each fault. */
  readonly faults: ReadonlyMap<number, number>
}

interface Machine {
  cells: Int32Array
  self: number
  /** The picks of this run of a body, and how far they have been used. */
  picks: number[]
  used: number
  /** The ways there were at each pick. */
  widths: number[]
  fault: number | null
}

type Value = (machine: Machine) => number
type Truth = (machine: Machine) => boolean
/** False: the path has ended in a fault. */
type Run = (machine: Machine) => boolean

export function exploreProgram(program: Program, statesMax = 1_000_000): Explored {
  return new Compiler(program).explore(statesMax)
}

class Compiler {
  readonly #program: Program
  readonly #offsets = new Map<Variable, number>()
  readonly #values = new Map<Temporary | Index, { value: number }>()
  readonly #size: number

  constructor(program: Program) {
    this.#program = program
    let size = 0
    for (const variable of program.variables) {
      this.#offsets.set(variable, size)
      size += sizeOf(variable)
    }
    this.#size = size
  }

  explore(statesMax: number): Explored {
    const { init, actions, checks, codes, rest, variables } = this.#program
    const start = new Int32Array(this.#size)
    for (const variable of variables) {
      const { initial } = variable
      for (let at = 0; at < sizeOf(variable); at++) {
        const value = typeof initial === 'number' ? initial : initial[at]
        if (value === undefined) throw new Error(`${variable.name}: no initial value ${at}`)
        start[(this.#offsets.get(variable) as number) + at] = value
      }
    }
    const judge = this.#checks(checks)
    const judgeRest = this.#checks(rest.checks)
    const condition = this.#test(rest.condition)
    const moves = actions.flatMap(({ code, enabled, body }) => {
      const { first = 0, last = -1 } = codes[code] ?? {}
      const [test, run] = [this.#test(enabled), this.#body(body)]
      return Array.from({ length: last - first + 1 }, (_, at) => ({ self: first + at, test, run }))
    })
    const faults = new Map<number, number>()
    const known = new Set<string>()
    let frontier: Int32Array[] = []
    let next: Int32Array[] = []
    let depth = 0
    const report = (number: number) => {
      if (!faults.has(number)) faults.set(number, depth)
    }
    /** Runs a body in every way it can go. */
    const fire = (from: Int32Array, self: number, run: Run): void => {
      for (let picks: number[] | null = []; picks !== null; ) {
        const machine: Machine = {
          cells: from.slice(),
          self,
          picks,
          used: 0,
          widths: [],
          fault: null,
        }
        if (run(machine) && judge(machine)) {
          const key = String.fromCharCode(...new Uint16Array(machine.cells.buffer))
          if (!known.has(key)) {
            known.add(key)
            next.push(machine.cells)
          }
        } else report(machine.fault as number)
        picks = following(machine)
      }
    }
    fire(start, -1, this.#body(init))
    while (next.length > 0) {
      if (known.size > statesMax) throw new Error(`more than ${statesMax} states`)
      frontier = next
      next = []
      depth++
      for (const cells of frontier) {
        const machine: Machine = { cells, self: -1, picks: [], used: 0, widths: [], fault: null }
        let isEnabled = false
        for (const { self, test, run } of moves) {
          machine.self = self
          if (!test(machine)) continue
          isEnabled = true
          fire(cells, self, run)
        }
        if (isEnabled) continue
        depth--
        if (!condition(machine)) report(rest.stuck.number)
        else if (!judgeRest(machine)) report(machine.fault as number)
        depth++
      }
    }
    return { states: known.size, faults }
  }

  #checks(checks: readonly Check[]): Run {
    const runs = checks.map(({ body }) => this.#body(body))
    return (machine) => runs.every((run) => run(machine))
  }

  #body({ blocks }: Body): Run {
    const runs = blocks.map(({ statements }) => this.#statements(statements))
    const tests = blocks.map(({ end }) =>
      end.kind === 'branch' ? this.#test(end.test) : () => false,
    )
    return (machine) => {
      for (let at = 0; ; ) {
        if (!(runs[at] as Run)(machine)) return false
        const end = blocks[at]?.end
        if (end === undefined) throw new Error(`no block ${at}`)
        if (end.kind === 'done') return true
        if (end.kind === 'goto') at = end.block
        else if (end.kind === 'either') at = end.blocks[pick(machine, end.blocks.length)] as number
        else at = (tests[at] as Truth)(machine) ? end.then : end.otherwise
      }
    }
  }

  #statements(statements: readonly Statement[]): Run {
    const runs = statements.map((each) => this.#statement(each))
    return (machine) => runs.every((run) => run(machine))
  }

  #statement(statement: Statement): Run {
    switch (statement.kind) {
      case 'set': {
        const { variable } = statement
        const place = this.#place(variable, statement.indexes)
        const value = this.#num(statement.value)
        return (machine) => {
          const result = value(machine)
          if (!(result >= variable.from && result <= variable.to)) {
            throw new Error(`${variable.name} = ${result}`)
          }
          machine.cells[place(machine)] = result
          return true
        }
      }
      case 'let': {
        const [cell, value] = [this.#cell(statement.temporary), this.#num(statement.value)]
        return (machine) => {
          cell.value = value(machine)
          return true
        }
      }
      case 'fault': {
        const test = this.#test(statement.when)
        return (machine) => {
          if (test(machine)) machine.fault = statement.fault.number
          return machine.fault === null
        }
      }
      case 'select': {
        const cell = this.#cell(statement.temporary)
        const options = statement.options.map(({ when, value }) => ({
          when: this.#test(when),
          value: this.#num(value),
        }))
        return (machine) => {
          const ready = options.filter(({ when }) => when(machine))
          if (ready.length === 0) throw new Error('nothing can be selected')
          cell.value = (ready[pick(machine, ready.length)] as { value: Value }).value(machine)
          return true
        }
      }
      case 'if': {
        const test = this.#test(statement.test)
        const then = this.#statements(statement.then)
        const otherwise = this.#statements(statement.otherwise)
        return (machine) => (test(machine) ? then : otherwise)(machine)
      }
      case 'each': {
        const { from, to } = statement.index
        const cell = this.#cell(statement.index)
        const run = this.#statements(statement.statements)
        return (machine) => {
          for (let value = from; value <= to; value++) {
            cell.value = value
            if (!run(machine)) return false
          }
          return true
        }
      }
      case 'call': {
        const values = statement.arguments.map((each) => this.#num(each))
        const cells = statement.procedure.parameters.map((each) => this.#cell(each))
        const run = this.#statements(statement.procedure.statements)
        return (machine) => {
          const passed = values.map((value) => value(machine))
          cells.forEach((cell, at) => {
            cell.value = passed[at] as number
          })
          return run(machine)
        }
      }
    }
  }

  #cell(of: Temporary | Index): { value: number } {
    const cell = this.#values.get(of) ?? { value: Number.NaN }
    this.#values.set(of, cell)
    return cell
  }

  #place(variable: Variable, indexes: readonly Num[]): Value {
    const offset = this.#offsets.get(variable)
    if (offset === undefined) throw new Error(`${variable.name} is no variable of the program`)
    const values = indexes.map((index) => this.#num(index))
    const { dimensions, name } = variable
    if (values.length !== dimensions.length) throw new Error(`${name}: ${values.length} indexes`)
    return (machine) => {
      let place = 0
      for (const [at, { from, to }] of dimensions.entries()) {
        const index = (values[at] as Value)(machine)
        if (!(index >= from && index <= to)) throw new Error(`${name}[${index}]`)
        place = place * (to - from + 1) + index - from
      }
      return offset + place
    }
  }

  #num(num: Num): Value {
    switch (num.kind) {
      case 'number':
        return () => num.value
      case 'read': {
        const place = this.#place(num.variable, num.indexes)
        return (machine) => machine.cells[place(machine)] as number
      }
      case 'temporary':
      case 'index': {
        const of = num.kind === 'index' ? num.index : num.temporary
        const cell = this.#cell(of)
        return () => {
          if (Number.isNaN(cell.value)) throw new Error(`${of.name} has no value`)
          return cell.value
        }
      }
      case 'self':
        return ({ self }) => self
      case 'negate':
      case 'complement': {
        const operand = this.#num(num.operand)
        return num.kind === 'negate' ? (m) => -operand(m) : (m) => ~operand(m)
      }
      case 'arithmetic': {
        const [left, right] = [this.#num(num.left), this.#num(num.right)]
        const operation = OPERATIONS[num.operator]
        return (machine) => operation(left(machine), right(machine))
      }
      case 'conditional': {
        const test = this.#test(num.test)
        const [then, otherwise] = [this.#num(num.then), this.#num(num.otherwise)]
        return (machine) => (test(machine) ? then : otherwise)(machine)
      }
    }
  }

  #test(test: Test): Truth {
    switch (test.kind) {
      case 'constant':
        return () => test.value
      case 'compare': {
        const [left, right] = [this.#num(test.left), this.#num(test.right)]
        const compare = COMPARISONS[test.operator]
        return (machine) => compare(left(machine), right(machine))
      }
      case 'not': {
        const operand = this.#test(test.operand)
        return (machine) => !operand(machine)
      }
      case 'and':
      case 'or': {
        const operands = test.operands.map((each) => this.#test(each))
        return test.kind === 'and'
          ? (machine) => operands.every((each) => each(machine))
          : (machine) => operands.some((each) => each(machine))
      }
      case 'some':
      case 'every': {
        const { from, to } = test.index
        const cell = this.#cell(test.index)
        const inner = this.#test(test.test)
        const isSome = test.kind === 'some'
        return (machine) => {
          for (let value = from; value <= to; value++) {
            cell.value = value
            if (inner(machine) === isSome) return isSome
          }
          return !isSome
        }
      }
    }
  }
}

const sizeOf = ({ dimensions }: Variable): number =>
  dimensions.reduce((size, { from, to }) => size * (to - from + 1), 1)

function pick(machine: Machine, width: number): number {
  const at = machine.used++
  machine.widths[at] = width
  if (machine.picks[at] === undefined) machine.picks[at] = 0
  return machine.picks[at] as number
}

/** The picks of the next way a body can go; null after the last. */
function following({ picks, widths, used }: Machine): number[] | null {
  for (let at = used - 1; at >= 0; at--) {
    const pick = picks[at] as number
    if (pick + 1 < (widths[at] as number)) return [...picks.slice(0, at), pick + 1]
  }
  return null
}

const OPERATIONS = {
  '+': (left: number, right: number) => left + right,
  '-': (left: number, right: number) => left - right,
  '*': (left: number, right: number) => left * right,
  '/': (left: number, right: number) => Math.trunc(left / right),
  '%': (left: number, right: number) => left % right,
  '&': (left: number, right: number) => left & right,
  '|': (left: number, right: number) => left | right,
  '^': (left: number, right: number) => left ^ right,
  '<<': (left: number, right: number) => left << right,
  '>>': (left: number, right: number) => left >> right,
}

const COMPARISONS = {
  '==': (left: number, right: number) => left === right,
  '!=': (left: number, right: number) => left !== right,
  '<': (left: number, right: number) => left < right,
  '<=': (left: number, right: number) => left <= right,
  '>': (left: number, right: number) => left > right,
  '>=': (left: number, right: number) => left >= right,
}
