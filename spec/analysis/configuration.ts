import type { Diagnostic } from '../diagnostics/diagnostic.js'
import type { Span } from '../source/span.js'
import { ConstantError, evaluate } from './evaluate.js'
import type { Configuration, Constant, Expression, Range, Type } from './model.js'
import { badShift, constantOverflow, divisionByZero, notConstant } from './model-errors.js'

/** From constants and the values somebody chose to one configuration, and what goes wrong on the way. */

export interface Evaluated {
  readonly configuration: Configuration
  readonly diagnostics: readonly Diagnostic[]
}

/** Constants come in an order in which each uses only earlier ones. A value that cannot be computed is 0. */
export function evaluateConstants(
  constants: readonly Constant[],
  chosen: ReadonlyMap<Constant, number>,
): Evaluated {
  const configuration = new Map<Constant, number>()
  const diagnostics: Diagnostic[] = []
  for (const constant of constants) {
    const value = chosen.get(constant)
    if (value !== undefined) {
      configuration.set(constant, value)
      continue
    }
    const computed = attempt(() => evaluate(constant.value, configuration))
    if (typeof computed !== 'number') diagnostics.push(computed)
    configuration.set(constant, typeof computed === 'number' ? computed : 0)
  }
  return { configuration, diagnostics }
}

/** The number, or the diagnostic of a constant expression that has none. */
export function attempt(compute: () => number): number | Diagnostic {
  try {
    return compute()
  } catch (thrown) {
    if (thrown instanceof ConstantError) return constantDiagnostic(thrown)
    throw thrown
  }
}

function constantDiagnostic(error: ConstantError): Diagnostic {
  switch (error.reason) {
    case 'division-by-zero':
      return divisionByZero(error.at)
    case 'overflow':
      return constantOverflow(error.at)
    case 'shift':
      return badShift(error.at)
    case 'not-constant':
      return notConstant(error.at, 'this', 'it')
  }
}

/** The bounds of a range, or null when one has no value (which is reported where the bound stands). */
export function boundsOf(
  range: Range,
  configuration: Configuration,
): { readonly from: number; readonly to: number } | null {
  const from = attempt(() => evaluate(range.from, configuration))
  const to = attempt(() => evaluate(range.to, configuration))
  return typeof from === 'number' && typeof to === 'number' ? { from, to } : null
}

/** Larger domains are no designs to compare one by one. */
export const domainMax = 64

/** Every value of a param's or choice's type, in order. */
export function domainOf(type: Type, configuration: Configuration): readonly number[] {
  switch (type.kind) {
    case 'bool':
      return [0, 1]
    case 'enum':
      return [...type.enumeration.values.keys()]
    case 'int': {
      const bounds = type.range && boundsOf(type.range, configuration)
      if (!bounds) return []
      const count = Math.min(bounds.to - bounds.from + 1, domainMax)
      return Array.from({ length: Math.max(0, count) }, (_, index) => bounds.from + index)
    }
    default:
      return []
  }
}

/** Whether a value is in the domain; an int's is not listed, for it may be long. */
export function inDomain(type: Type, value: number, configuration: Configuration): boolean {
  if (type.kind !== 'int') return domainOf(type, configuration).includes(value)
  if (!type.range) return true
  const bounds = boundsOf(type.range, configuration)
  return !bounds || (value >= bounds.from && value <= bounds.to)
}

/** A value as people write it. */
export function valueText(type: Type, value: number): string {
  if (type.kind === 'bool') return value === 0 ? 'false' : 'true'
  if (type.kind === 'enum') return type.enumeration.values[value] ?? `${value}`
  return `${value}`
}

/** The constants somebody may choose, in the order in which the model's files declare them. */
export function chosenIn(
  constants: readonly Constant[],
  role: 'param' | 'design',
  files: Iterable<string>,
): readonly Constant[] {
  const rank = new Map([...files].map((path, index) => [path, index]))
  const place = (span: Span): number => rank.get(span.file) ?? rank.size
  return constants
    .filter((constant) => constant.role === role && constant.settable)
    .sort((a, b) => place(a.span) - place(b.span) || a.span.from - b.span.from)
}

/** Whether a constant expression has the same value whatever params are given. */
export function paramFree(expression: Expression): boolean {
  switch (expression.kind) {
    case 'literal':
      return true
    case 'constant': {
      const { constant } = expression
      if (constant.role === 'param' && constant.settable) return false
      return constant.role === 'design' || paramFree(constant.value)
    }
    case 'unary':
      return paramFree(expression.operand)
    case 'binary':
      return paramFree(expression.left) && paramFree(expression.right)
    case 'conditional':
      return [expression.test, expression.then, expression.otherwise].every(paramFree)
    default:
      return false
  }
}

/** Whether it has the same value in every configuration. */
export function fixed(expression: Expression): boolean {
  switch (expression.kind) {
    case 'literal':
      return true
    case 'constant':
      return !expression.constant.settable && fixed(expression.constant.value)
    case 'unary':
      return fixed(expression.operand)
    case 'binary':
      return fixed(expression.left) && fixed(expression.right)
    case 'conditional':
      return [expression.test, expression.then, expression.otherwise].every(fixed)
    default:
      return false
  }
}
