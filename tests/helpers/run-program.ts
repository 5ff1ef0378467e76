import type {
  Body,
  Num,
  Program,
  Statement,
  Temporary,
  Test,
  Variable,
} from '../../checker/export/program.js'

/**
 * A program executed as it is written, breadth first: what it says, with nothing known of the language. Every value is
 * checked against the range it is declared with.
 */
export interface Ran {
  readonly states: number
  /** False: there were more states than were wanted. */
  readonly isWhole: boolean
  /** By kind, `bound` for a bound: the least depth at which it is met. */
  readonly kinds: ReadonlyMap<string, number>
  /** The least depth of a state in which nothing is enabled though not everything rests. */
  readonly stuck: number | null
}

type State = Int32Array

interface Way {
  readonly state: State
  readonly cells: Map<Temporary, number>
  readonly block: number
  readonly from: number
}

export function runProgram(program: Program, statesMax: number): Ran {
  const machine = new Machine(program)
  const known = new Set<string>()
  const kinds = new Map<string, number>()
  let stuck: number | null = null
  let next: State[] = []
  let depth = 0
  const note = (kind: string): void => {
    if (!kinds.has(kind)) kinds.set(kind, depth)
  }
  const judged = (checks: Program['checks'], state: State): boolean =>
    checks.every(({ body }) => {
      let fine = true
      machine.execute(body, state, -1, (after, fault) => {
        if (fault !== null) {
          fine = false
          note(fault)
        } else if (after.join() !== state.join()) throw new Error('a check has changed the state')
      })
      return fine
    })
  const reach = (state: State, fault: string | null): void => {
    if (fault !== null) return note(fault)
    const key = state.join()
    if (known.has(key)) return
    known.add(key)
    if (judged(program.checks, state)) next.push(state)
  }
  machine.execute(program.init, machine.initial(), -1, reach)
  while (next.length > 0 && known.size <= statesMax) {
    const frontier = next
    next = []
    for (const state of frontier) {
      let moves = false
      depth++
      machine.successors(state, (after, fault) => {
        moves = true
        reach(after, fault)
      })
      depth--
      const rests = machine.holds(program.rest.condition, state, -1)
      if (rests && moves) throw new Error('something is enabled at rest')
      if (rests) judged(program.rest.checks, state)
      else if (!moves) stuck ??= depth
    }
    depth++
  }
  return { states: known.size, isWhole: next.length === 0, kinds, stuck }
}

class Machine {
  readonly #program: Program
  readonly #offsets = new Map<Variable, number>()
  #size = 0

  constructor(program: Program) {
    this.#program = program
    for (const variable of program.variables) {
      this.#offsets.set(variable, this.#size)
      this.#size += sizeOf(variable)
    }
  }

  initial(): State {
    const state = new Int32Array(this.#size)
    for (const variable of this.#program.variables) {
      const offset = this.#offsets.get(variable) ?? 0
      for (let at = 0; at < sizeOf(variable); at++) {
        const { initial } = variable
        const value = typeof initial === 'number' ? initial : initial[at]
        if (value === undefined) throw new Error(`${variable.name} lacks an initial value`)
        state[offset + at] = inRange(value, variable)
      }
    }
    return state
  }

  successors(state: State, visit: (after: State, fault: string | null) => void): void {
    for (const action of this.#program.actions) {
      const code = this.#program.codes[action.code]
      for (let self = code?.first ?? 0; self <= (code?.last ?? -1); self++) {
        if (!this.holds(action.enabled, state, self)) continue
        this.execute(action.body, state, self, visit)
      }
    }
  }

  holds(test: Test, state: State, self: number): boolean {
    return new Frame(this.#offsets, state, self, new Map()).test(test)
  }

  execute(
    body: Body,
    state: State,
    self: number,
    visit: (after: State, fault: string | null) => void,
  ): void {
    const ways: Way[] = [{ state: state.slice(), cells: new Map(), block: 0, from: 0 }]
    let fuel = 100_000
    for (let way = ways.pop(); way; way = ways.pop()) {
      if (fuel-- < 0) throw new Error('a body that does not end')
      const frame = new Frame(this.#offsets, way.state, self, way.cells)
      const block = body.blocks[way.block]
      if (!block) throw new Error(`no block ${way.block}`)
      let ended = false
      for (let at = way.from; at < block.statements.length && !ended; at++) {
        const statement = block.statements[at] as Statement
        if (statement.kind === 'select') {
          const options = statement.options.filter(({ when }) => frame.test(when))
          if (options.length === 0) throw new Error('nothing to select')
          for (const { value } of options) {
            const cells = new Map(way.cells)
            cells.set(statement.temporary, inRange(frame.num(value), statement.temporary))
            ways.push({ ...way, state: way.state.slice(), cells, from: at + 1 })
          }
          ended = true
        } else {
          const fault = frame.perform(statement)
          if (fault === null) continue
          visit(way.state, fault)
          ended = true
        }
      }
      if (ended) continue
      const { end } = block
      const go = (to: number, copy: boolean): void => {
        const state = copy ? way.state.slice() : way.state
        ways.push({ state, cells: copy ? new Map(way.cells) : way.cells, block: to, from: 0 })
      }
      if (end.kind === 'done') visit(way.state, null)
      else if (end.kind === 'goto') go(end.block, false)
      else if (end.kind === 'branch') go(frame.test(end.test) ? end.then : end.otherwise, false)
      else for (const to of end.blocks) go(to, true)
    }
  }
}

const sizeOf = ({ dimensions }: Variable): number =>
  dimensions.reduce((size, { from, to }) => size * (to - from + 1), 1)

function inRange(value: number, cell: { name: string; from: number; to: number }): number {
  if (Number.isInteger(value) && value >= cell.from && value <= cell.to) return value
  throw new Error(`${cell.name} would be ${value}, outside ${cell.from}..${cell.to}`)
}

class Frame {
  readonly #offsets: ReadonlyMap<Variable, number>
  readonly #state: State
  readonly #self: number
  readonly #cells: Map<Temporary, number>
  readonly #indexes = new Map<object, number>()

  constructor(
    offsets: ReadonlyMap<Variable, number>,
    state: State,
    self: number,
    cells: Map<Temporary, number>,
  ) {
    this.#offsets = offsets
    this.#state = state
    this.#self = self
    this.#cells = cells
  }

  /** The kind of the fault when there is one. */
  perform(statement: Statement): string | null {
    switch (statement.kind) {
      case 'set': {
        const value = inRange(this.num(statement.value), statement.variable)
        this.#state[this.#place(statement.variable, statement.indexes)] = value
        return null
      }
      case 'let':
        this.#cells.set(
          statement.temporary,
          inRange(this.num(statement.value), statement.temporary),
        )
        return null
      case 'fault':
        return this.test(statement.when) ? (statement.fault.kind ?? 'bound') : null
      case 'if':
        return this.#all(this.test(statement.test) ? statement.then : statement.otherwise)
      case 'each': {
        const { index } = statement
        for (let at = index.from; at <= index.to; at++) {
          this.#indexes.set(index, at)
          const fault = this.#all(statement.statements)
          if (fault !== null) return fault
        }
        this.#indexes.delete(index)
        return null
      }
      case 'call': {
        const { parameters, statements } = statement.procedure
        const values = statement.arguments.map((argument) => this.num(argument))
        const cells = new Map(
          parameters.map((one, at) => [one, inRange(values[at] ?? Number.NaN, one)]),
        )
        return new Frame(this.#offsets, this.#state, Number.NaN, cells).#all(statements)
      }
      case 'select':
        throw new Error('a select where none may be')
    }
  }

  #all(statements: readonly Statement[]): string | null {
    for (const statement of statements) {
      const fault = this.perform(statement)
      if (fault !== null) return fault
    }
    return null
  }

  #place(variable: Variable, indexes: readonly Num[]): number {
    const { dimensions } = variable
    if (dimensions.length !== indexes.length) throw new Error(`${variable.name} is not indexed so`)
    let place = 0
    for (const [level, { from, to }] of dimensions.entries()) {
      const index = this.num(indexes[level] as Num)
      inRange(index, { name: `an index of ${variable.name}`, from, to })
      place = place * (to - from + 1) + index - from
    }
    const offset = this.#offsets.get(variable)
    if (offset === undefined) throw new Error(`${variable.name} is not declared`)
    return offset + place
  }

  num(num: Num): number {
    switch (num.kind) {
      case 'number':
        return num.value
      case 'read':
        return this.#state[this.#place(num.variable, num.indexes)] as number
      case 'temporary':
        return given(this.#cells.get(num.temporary), num.temporary.name)
      case 'index':
        return given(this.#indexes.get(num.index), num.index.name)
      case 'self':
        return given(this.#self < 0 || Number.isNaN(this.#self) ? undefined : this.#self, 'self')
      case 'negate':
        return 0 - this.num(num.operand)
      case 'complement':
        return ~this.num(num.operand)
      case 'conditional':
        return this.num(this.test(num.test) ? num.then : num.otherwise)
      case 'arithmetic':
        return arithmetic(num.operator, this.num(num.left), this.num(num.right))
    }
  }

  test(test: Test): boolean {
    switch (test.kind) {
      case 'constant':
        return test.value
      case 'compare':
        return compare(test.operator, this.num(test.left), this.num(test.right))
      case 'not':
        return !this.test(test.operand)
      case 'and':
        return test.operands.every((operand) => this.test(operand))
      case 'or':
        return test.operands.some((operand) => this.test(operand))
      default: {
        const { index } = test
        const wanted = test.kind === 'some'
        for (let at = index.from; at <= index.to; at++) {
          this.#indexes.set(index, at)
          if (this.test(test.test) === wanted) return wanted
        }
        this.#indexes.delete(index)
        return !wanted
      }
    }
  }
}

function given(value: number | undefined, name: string): number {
  if (value === undefined) throw new Error(`${name} has no value`)
  return value
}

function compare(
  operator: (Test & { kind: 'compare' })['operator'],
  a: number,
  b: number,
): boolean {
  switch (operator) {
    case '==':
      return a === b
    case '!=':
      return a !== b
    case '<':
      return a < b
    case '<=':
      return a <= b
    case '>':
      return a > b
    case '>=':
      return a >= b
  }
}

function arithmetic(
  operator: (Num & { kind: 'arithmetic' })['operator'],
  a: number,
  b: number,
): number {
  const value = compute(operator, a, b)
  if (!Number.isInteger(value) || Math.abs(value) > 2 ** 32) {
    throw new Error(`${a} ${operator} ${b} has no value`)
  }
  return value
}

function compute(operator: string, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '/':
      return b === 0 ? Number.NaN : Math.trunc(a / b) + 0
    case '%':
      return b === 0 ? Number.NaN : (a % b) + 0
    case '&':
      return a & b
    case '|':
      return a | b
    case '^':
      return a ^ b
    case '<<':
      return b < 0 || b > 31 ? Number.NaN : a * 2 ** b
    default:
      return b < 0 || b > 31 ? Number.NaN : a >> b
  }
}
