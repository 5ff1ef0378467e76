import type { Expression } from '../analysis/model.js'
import { load, poolsOf } from './access.js'
import type { Builder } from './builder.js'
import type { Environment } from './environment.js'
import type { Expr, ValueType } from './expression.js'
import { addressesEqual, binary, conditional, literal, truth, unary } from './fold.js'
import { lowerBuiltin } from './lower-builtin.js'
import { lowerCall } from './lower-call.js'
import { lowerPlace } from './lower-place.js'
import { isPure } from './purity.js'
import { settled } from './steady.js'
import { target } from './target.js'

/**
 * The value of an expression. Writes the loads and calls it needs, in the order of the text, and returns what is
 * left to compute on locals.
 */
export function lowerValue(b: Builder, env: Environment, e: Expression): Expr {
  switch (e.kind) {
    case 'literal':
      return literal(e.value)
    case 'constant':
      return literal(b.shared.types.constant(e))
    case 'local':
      return localValue(b, env, e)
    case 'shared':
    case 'member':
    case 'index':
    case 'deref':
      return load(b, lowerPlace(b, env, e), false, e)
    case 'current':
      return { kind: 'current' }
    case 'address':
      return address(b, env, e.of)
    case 'call':
      return lowerCall(b, env, e)
    case 'builtin':
      return lowerBuiltin(b, env, e)
    case 'unary': {
      const operand = lowerValue(b, env, e.operand)
      return unary(e.operator, operand)
    }
    case 'binary':
      return binaryValue(b, env, e)
    case 'conditional':
      return conditionalValue(b, env, e)
    case 'pool':
      throw new Error('a pool is not a value')
  }
}

/** 0 or 1: ints and pointers are true when they are not 0. */
export const lowerCondition = (b: Builder, env: Environment, e: Expression): Expr =>
  truth(lowerValue(b, env, e))

function localValue(b: Builder, env: Environment, e: Expression & { kind: 'local' }): Expr {
  const binding = env.bindings.get(e.local)
  if (!binding) {
    if (e.local.role === 'family') return { kind: 'family' }
    throw new Error(`no binding for ${e.local.name}`)
  }
  switch (binding.kind) {
    case 'slot':
      return { kind: 'slot', slot: binding.slot }
    case 'value':
      return binding.value
    case 'macro':
      return lowerValue(b, binding.environment, binding.expression)
    case 'place':
      // `&x` is never null; nothing else can be asked of it here.
      return literal(1)
  }
}

/** `&pool[i]`, `&p[0]`, `&*p`: pointers as values. */
function address(b: Builder, env: Environment, of: Expression): Expr {
  if (of.kind === 'index' && of.array.kind === 'pool') {
    const pool = b.shared.pools.get(of.array.pool)
    if (pool === undefined) throw new Error('unknown pool')
    return { kind: 'object', pool, index: lowerValue(b, env, of.index) }
  }
  if (of.kind === 'deref') return lowerValue(b, env, of.pointer)
  throw new Error('the address of this place is not a value')
}

function binaryValue(b: Builder, env: Environment, e: Expression & { kind: 'binary' }): Expr {
  if (e.operator === '&&' || e.operator === '||') return shortCircuit(b, env, e)
  if (e.operator === '-' && e.right.kind === 'pool') {
    const pool = b.shared.pools.get(e.right.pool) ?? 0
    return { kind: 'index-in-pool', pointer: lowerValue(b, env, e.left), pool }
  }
  const type = b.shared.types.resolve(e.left.type)
  const left = settled(b, env, lowerValue(b, env, e.left), type, [e.right])
  const right = lowerValue(b, env, e.right)
  const pointers = isPointer(e.left) || isPointer(e.right)
  if (!pointers) return binary(e.operator, left, right)
  if (e.operator === '==') return addressesEqual(left, right)
  if (e.operator === '!=') return unary('!', addressesEqual(left, right))
  const pools = poolsOf(b, isPointer(e.left) ? e.left : e.right)
  if (e.operator === '+') {
    return isPointer(e.left)
      ? { kind: 'advance', pointer: left, by: right, pools }
      : { kind: 'advance', pointer: right, by: left, pools }
  }
  return { kind: 'advance', pointer: left, by: unary('-', right), pools }
}

const isPointer = (e: Expression): boolean => e.type.kind === 'pointer' || e.type.kind === 'null'

/** The right side is evaluated only when the left does not decide; where it takes steps, that is a branch. */
function shortCircuit(b: Builder, env: Environment, e: Expression & { kind: 'binary' }): Expr {
  const operator = e.operator === '&&' ? '&&' : '||'
  const left = truth(lowerValue(b, env, e.left))
  if (left.kind === 'literal') {
    const decided = operator === '&&' ? left.value === 0 : left.value !== 0
    return decided ? left : lowerCondition(b, env, e.right)
  }
  if (isPure(env, e.right)) return binary(operator, left, lowerCondition(b, env, e.right))
  const result = b.temporary('', { kind: 'bool' })
  const more = target()
  const done = target()
  b.emit({ kind: 'assign', slot: result, value: left })
  if (operator === '&&') b.emit({ kind: 'branch', test: left, then: more, otherwise: done })
  else b.emit({ kind: 'branch', test: left, then: done, otherwise: more })
  b.place(more)
  b.emit({ kind: 'assign', slot: result, value: lowerCondition(b, env, e.right) })
  b.place(done)
  return { kind: 'slot', slot: result }
}

function conditionalValue(
  b: Builder,
  env: Environment,
  e: Expression & { kind: 'conditional' },
): Expr {
  const test = lowerCondition(b, env, e.test)
  if (test.kind === 'literal') return lowerValue(b, env, test.value ? e.then : e.otherwise)
  if (isPure(env, e.then) && isPure(env, e.otherwise)) {
    return conditional(test, lowerValue(b, env, e.then), lowerValue(b, env, e.otherwise))
  }
  const type: ValueType = b.shared.types.resolve(
    e.then.type.kind === 'null' ? e.otherwise.type : e.type,
  )
  const result = b.temporary('', type)
  const then = target()
  const otherwise = target()
  const done = target()
  b.emit({ kind: 'branch', test, then, otherwise })
  b.place(then)
  b.emit({ kind: 'assign', slot: result, value: lowerValue(b, env, e.then) })
  b.goto(done)
  b.place(otherwise)
  b.emit({ kind: 'assign', slot: result, value: lowerValue(b, env, e.otherwise) })
  b.place(done)
  return { kind: 'slot', slot: result }
}
