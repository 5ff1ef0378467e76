import { following } from '../blocks.js'
import type { Block, Num, Statement, Temporary, Test, Variable } from '../program.js'
import { always, and, compare, literal, never, not, number, or, textOf } from './terms.js'
import { numsIn, numsInTest, substituteIn, within } from './walk.js'

/** What is known to hold at a point of a body, whichever way led there. */
export class Facts {
  readonly #tests: Map<string, { readonly test: Test; readonly holds: boolean }>
  /** By the text of a cell: its value. */
  readonly #values: Map<string, { readonly cell: Num; readonly value: number }>

  constructor(other: Facts | null = null) {
    this.#tests = new Map(other ? other.#tests : [])
    this.#values = new Map(other ? other.#values : [])
  }

  /** Notes that a test holds, or does not; and what follows from that. */
  learn(test: Test, holds: boolean): void {
    switch (test.kind) {
      case 'constant':
        return
      case 'not':
        return this.learn(test.operand, !holds)
      case 'and':
      case 'or':
        if ((test.kind === 'and') === holds) for (const one of test.operands) this.learn(one, holds)
        return
      case 'compare': {
        this.#tests.set(textOf(test), { test, holds })
        const opposite = not(test)
        this.#tests.set(textOf(opposite), { test: opposite, holds: !holds })
        for (const equality of [test, opposite]) {
          const value = equality.kind === 'compare' ? literal(equality.right) : null
          const isKnown = equality.kind === 'compare' && (equality === test) === holds
          if (value === null || !isKnown || equality.operator !== '==') continue
          if (isCell(equality.left)) this.learnValue(equality.left, value)
        }
        return
      }
      default:
        this.#tests.set(textOf(test), { test, holds })
    }
  }

  /** The value of a cell is known. */
  learnValue(cell: Num, value: number): void {
    this.#values.set(textOf(cell), { cell, value })
  }

  /** What is left of a test by what is known. */
  simplified(test: Test): Test {
    switch (test.kind) {
      case 'constant':
        return test
      case 'not':
        return not(this.simplified(test.operand))
      case 'and':
      case 'or': {
        // A later operand is only looked at where the earlier ones did not decide.
        const here = new Facts(this)
        const left: Test[] = []
        for (const operand of test.operands) {
          const now = here.simplified(operand)
          left.push(now)
          here.learn(now, test.kind === 'and')
        }
        return test.kind === 'and' ? and(...left) : or(...left)
      }
      default: {
        const known = this.#tests.get(textOf(test))
        if (known) return known.holds ? always : never
        if (test.kind !== 'compare') return test
        const left = this.valueOf(test.left)
        const right = literal(test.right) ?? this.valueOf(test.right)
        if (left === null || right === null) return test
        return compare(test.operator, number(left), number(right))
      }
    }
  }

  /** The value of a number, where facts say it. */
  valueOf(num: Num): number | null {
    return isCell(num) ? (this.#values.get(textOf(num))?.value ?? null) : null
  }

  forget(isChanged: (cell: Num) => boolean): void {
    for (const [text, { test }] of this.#tests) {
      if (someNum((visit) => numsInTest(test, visit), isChanged)) this.#tests.delete(text)
    }
    for (const [text, { cell }] of this.#values) {
      if (someNum((visit) => numsIn(cell, visit), isChanged)) this.#values.delete(text)
    }
  }

  /** Keeps what both know; whether anything was lost. */
  meet(other: Facts): boolean {
    const before = this.#tests.size + this.#values.size
    for (const [text, { holds }] of this.#tests) {
      if (other.#tests.get(text)?.holds !== holds) this.#tests.delete(text)
    }
    for (const [text, { value }] of this.#values) {
      if (other.#values.get(text)?.value !== value) this.#values.delete(text)
    }
    return this.#tests.size + this.#values.size < before
  }
}

const isCell = ({ kind }: Num): boolean => kind === 'read' || kind === 'temporary'

function someNum(
  walk: (visit: (num: Num) => void) => void,
  wanted: (num: Num) => boolean,
): boolean {
  let found = false
  walk((num) => {
    if (wanted(num)) found = true
  })
  return found
}

/** Tests that what came before has decided go, and so do the ways they do not lead. */
export function useFacts(blocks: readonly Block[], start: Facts): readonly Block[] {
  const entry = new Map<number, Facts>([[0, start]])
  const work = [0]
  for (let at = work.pop(); at !== undefined; at = work.pop()) {
    const block = blocks[at]
    const facts = new Facts(entry.get(at) ?? null)
    if (!block) continue
    for (const statement of block.statements) pass(statement, facts)
    for (const { to, facts: after } of waysOn(block, facts)) {
      const known = entry.get(to)
      if (!known) entry.set(to, after)
      if (!known || known.meet(after)) work.push(to)
    }
  }
  return blocks.map((block, at) => {
    const known = entry.get(at)
    if (!known) return block
    const facts = new Facts(known)
    const statements: Statement[] = []
    for (const statement of block.statements) {
      const left = reduced(statement, facts)
      statements.push(...left)
      pass(statement, facts)
      const [first] = left
      if (first?.kind === 'fault' && first.when.kind === 'constant' && first.when.value) {
        return { statements, end: { kind: 'done' } }
      }
    }
    const { end } = block
    if (end.kind !== 'branch') return { statements, end }
    const test = facts.simplified(end.test)
    if (test.kind !== 'constant') return { statements, end: { ...end, test } }
    return { statements, end: { kind: 'goto', block: test.value ? end.then : end.otherwise } }
  })
}

function waysOn(
  block: Block,
  facts: Facts,
): readonly { readonly to: number; readonly facts: Facts }[] {
  const { end } = block
  if (end.kind !== 'branch') {
    const all = following({ temporaries: [], blocks: [block] }, 0)
    return all.map((to) => ({ to, facts: new Facts(facts) }))
  }
  const test = facts.simplified(end.test)
  const ways: { to: number; facts: Facts }[] = []
  for (const [to, holds] of [
    [end.then, true],
    [end.otherwise, false],
  ] as const) {
    if (test.kind === 'constant' && test.value !== holds) continue
    const after = new Facts(facts)
    after.learn(end.test, holds)
    ways.push({ to, facts: after })
  }
  return ways
}

/** What is known after a statement. */
function pass(statement: Statement, facts: Facts): void {
  switch (statement.kind) {
    case 'fault':
      return facts.learn(statement.when, false)
    case 'let':
    case 'select': {
      const { temporary } = statement
      const value = statement.kind === 'let' ? numberOf(statement.value, facts) : null
      forgetTemporary(facts, temporary)
      if (value !== null) facts.learnValue({ kind: 'temporary', temporary }, value)
      return
    }
    case 'set': {
      const { variable, indexes } = statement
      const value = numberOf(statement.value, facts)
      const cell: Num = { kind: 'read', variable, indexes }
      facts.forget(
        (one) => one.kind === 'read' && one.variable === variable && mayBeSame(one, cell),
      )
      if (value !== null) facts.learnValue(cell, value)
      return
    }
    case 'if':
    case 'each':
      within(statement, (one) => forgetWritten(facts, one))
      return
    case 'call':
      for (const one of statement.procedure.statements)
        within(one, (inner) => forgetWritten(facts, inner))
  }
}

const numberOf = (num: Num, facts: Facts): number | null => literal(num) ?? facts.valueOf(num)

/** Elements with different constant indexes are different cells. */
function mayBeSame(one: Num & { kind: 'read' }, other: Num & { kind: 'read' }): boolean {
  return one.indexes.every((index, at) => {
    const here = literal(index)
    const there = literal(other.indexes[at] ?? index)
    return here === null || there === null || here === there
  })
}

function forgetWritten(facts: Facts, statement: Statement): void {
  if (statement.kind === 'set') forgetVariable(facts, statement.variable)
  if (statement.kind === 'let' || statement.kind === 'select') {
    forgetTemporary(facts, statement.temporary)
  }
  if (statement.kind === 'call') {
    for (const one of statement.procedure.statements)
      within(one, (inner) => forgetWritten(facts, inner))
  }
}

const forgetVariable = (facts: Facts, variable: Variable): void =>
  facts.forget((one) => one.kind === 'read' && one.variable === variable)

const forgetTemporary = (facts: Facts, temporary: Temporary): void =>
  facts.forget((one) => one.kind === 'temporary' && one.temporary === temporary)

function reduced(statement: Statement, facts: Facts): readonly Statement[] {
  switch (statement.kind) {
    case 'fault': {
      const when = facts.simplified(statement.when)
      return when.kind === 'constant' && !when.value ? [] : [{ ...statement, when }]
    }
    case 'if': {
      const test = facts.simplified(statement.test)
      if (test.kind !== 'constant') return [{ ...statement, test }]
      return test.value ? statement.then : statement.otherwise
    }
    case 'set': {
      const value = literal(statement.value)
      const cell: Num = { kind: 'read', variable: statement.variable, indexes: statement.indexes }
      return value !== null && facts.valueOf(cell) === value ? [] : [withValues(statement, facts)]
    }
    case 'each':
      return [statement]
    default:
      return [withValues(statement, facts)]
  }
}

/** Cells whose values are known, by those values. */
function withValues(statement: Statement, facts: Facts): Statement {
  return substituteIn(statement, (leaf) => {
    if (leaf.kind !== 'read' && leaf.kind !== 'temporary') return null
    const value = facts.valueOf(leaf)
    return value === null ? null : number(value)
  })
}
