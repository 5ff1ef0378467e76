import type { Diagnostic } from '../diagnostics/diagnostic.js'
import type { Span } from '../source/span.js'
import { attempt, domainMax } from './configuration.js'
import { evaluate } from './evaluate.js'
import type { CheckedModel, Configuration, Constant, Expression, Op, Range, Type } from './model.js'
import {
  domainTooLarge,
  initialOutsideRange,
  rangeEmpty,
  tooSmall,
  zeroOutsideRange,
} from './model-errors.js'
import { walkStatements } from './walk.js'

/**
 * What must be true of sizes and ranges in each configuration: no empty range, nothing smaller than one,
 * initial values inside their ranges. `where` says which configuration it is, if not the default.
 */
export function checkBounds(
  model: CheckedModel,
  configuration: Configuration,
  where: string,
): readonly Diagnostic[] {
  const checker: Checker = { configuration, where, diagnostics: [] }
  for (const constant of model.constants) checkConstantDomain(checker, constant)
  for (const pool of model.pools) {
    if (pool.size) checkSize(checker, pool.size, 'the size of a pool')
  }
  for (const struct of model.structs) {
    for (const member of struct.members) checkStored(checker, member)
  }
  for (const variable of model.variables) checkStored(checker, variable)
  for (const op of model.ops) checkOpBounds(checker, op)
  for (const process of model.processes) {
    if (process.family) checkRange(checker, process.family.range, 1)
  }
  for (const body of bodiesOf(model)) checkLocals(checker, body)
  for (const { when } of model.expectations) if (when) number(checker, when)
  return checker.diagnostics
}

interface Checker {
  readonly configuration: Configuration
  readonly where: string
  readonly diagnostics: Diagnostic[]
}

const bodiesOf = (model: CheckedModel) => [
  ...model.ops.map((op) => op.body),
  ...model.init,
  ...model.processes.map((process) => process.body),
  ...model.invariants.map((property) => property.body),
  ...model.finals.map((property) => property.body),
]

/** The value of a constant expression; null, reported, when it has none. */
function number(checker: Checker, expression: Expression): number | null {
  const value = attempt(() => evaluate(expression, checker.configuration))
  if (typeof value === 'number') return value
  checker.diagnostics.push(value)
  return null
}

/** `slack` 1: a range with no values is legal, as long as it only just has none. */
function checkRange(
  checker: Checker,
  range: Range,
  slack = 0,
): { from: number; to: number } | null {
  const from = number(checker, range.from)
  const to = number(checker, range.to)
  if (from === null || to === null) return null
  if (from <= to + slack) return { from, to }
  const at: Span = { ...range.from.span, to: range.to.span.to }
  checker.diagnostics.push(rangeEmpty(at, from, to, checker.where))
  return null
}

function checkSize(checker: Checker, size: Expression, what: string): void {
  const value = number(checker, size)
  if (value === null || value >= 1) return
  checker.diagnostics.push(tooSmall(size.span, what, value, checker.where))
}

/** Ranges and lengths in a type; gives the bounds of its elements, if they have a range. */
function checkType(checker: Checker, type: Type): { from: number; to: number; at: Span } | null {
  if (type.kind === 'array') {
    checkSize(checker, type.length, 'the length of an array')
    return checkType(checker, type.of)
  }
  if (type.kind === 'pointer' && type.to.kind !== 'struct') checkType(checker, type.to)
  if ((type.kind !== 'int' && type.kind !== 'counter') || !type.range) return null
  const bounds = checkRange(checker, type.range)
  const at: Span = { ...type.range.from.span, to: type.range.to.span.to }
  return bounds && { ...bounds, at }
}

function checkStored(
  checker: Checker,
  stored: {
    readonly name: string
    readonly span: Span
    readonly type: Type
    readonly initial: Expression | null
  },
): void {
  const bounds = checkType(checker, stored.type)
  const { initial } = stored
  const value = initial ? number(checker, initial) : 0
  if (!bounds || value === null || (value >= bounds.from && value <= bounds.to)) return
  const { from, to, at } = bounds
  checker.diagnostics.push(
    initial
      ? initialOutsideRange(initial.span, value, from, to, at, checker.where)
      : zeroOutsideRange(stored.span, stored.name, from, to),
  )
}

function checkConstantDomain(checker: Checker, constant: Constant): void {
  if (constant.type.kind !== 'int' || !constant.type.range) return
  const bounds = checkType(checker, constant.type)
  const value = checker.configuration.get(constant)
  if (!bounds || value === undefined) return
  const { from, to, at } = bounds
  const count = to - from + 1
  if (constant.role === 'design' && count > domainMax) {
    checker.diagnostics.push(domainTooLarge(at, constant.name, count))
  }
  if (value >= from && value <= to) return
  const { span } = constant.value
  checker.diagnostics.push(initialOutsideRange(span, value, from, to, at, checker.where))
}

function checkOpBounds(checker: Checker, op: Op): void {
  for (const parameter of op.parameters) checkType(checker, parameter.type)
  checkType(checker, op.result)
}

function checkLocals(checker: Checker, body: Parameters<typeof walkStatements>[0]): void {
  walkStatements(body, (statement) => {
    if (statement.kind === 'declare') checkType(checker, statement.local.type)
  })
}
