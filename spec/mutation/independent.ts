import type { Expression, Statement } from '../syntax/tree.js'
import { expressionsIn, leaves, withInner } from './bodies.js'

/** Whether two statements look as if their order did not matter. */

/** Whether it can stand anywhere in its block: it names no place to go to and goes nowhere, and is no label. */
export function isExchangeable(statement: Statement): boolean {
  return withInner(statement).every(
    (each) =>
      ['assign', 'step', 'call', 'declare', 'if', 'block', 'atomic'].includes(each.kind) &&
      !leaves(each),
  )
}

/** Whether `reader` mentions a variable that `writer` declares or assigns as a whole. */
export function mentionsWritten(writer: Statement, reader: Statement): boolean {
  const written = new Set(withInner(writer).flatMap(writtenBy))
  if (written.size === 0) return false
  const declared = withInner(reader).flatMap((each) =>
    each.kind === 'declare' ? each.declarators.map(({ name }) => name.text) : [],
  )
  const names = expressionsIn(reader).flatMap((each) => (each.kind === 'name' ? [each.name] : []))
  return [...declared, ...names].some((name) => written.has(name))
}

function writtenBy(statement: Statement): readonly string[] {
  switch (statement.kind) {
    case 'declare':
      return statement.declarators.map(({ name }) => name.text)
    case 'assign':
    case 'step':
      return nameOf(statement.target)
    case 'call':
      // `WRITE_ONCE(x, …)`, and locals behind a pointer: `try_cmpxchg(&word, &old, new)`.
      return statement.call.kind === 'call'
        ? statement.call.arguments.flatMap((each) => {
            if (each.kind === 'unary' && each.operator === '&') return nameOf(each.operand)
            return WRITERS.test(calleeOf(statement.call)) ? nameOf(each) : []
          })
        : []
    default:
      return []
  }
}

const WRITERS = /^(?:WRITE_ONCE|rcu_assign_pointer)$/

const calleeOf = (call: Expression): string => (call.kind === 'call' ? call.callee.text : '')

const nameOf = (target: Expression): readonly string[] =>
  target.kind === 'name' ? [target.name] : []

/** Whether a statement only computes with locals: where it stands among others makes no difference to anybody. */
export function isLocal(statement: Statement, locals: ReadonlySet<string>): boolean {
  return expressionsIn(statement).every((part) => {
    if (part.kind === 'name') return locals.has(part.name)
    return !['call', 'index', 'member'].includes(part.kind)
  })
}
