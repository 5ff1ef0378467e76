import type { Span } from '../source/span.js'
import type * as syntax from '../syntax/tree.js'
import { checkConstant } from './check-expression.js'
import type { Constant, Enumeration, Type } from './model.js'
import { constantCycle } from './model-errors.js'
import { reportDuplicates, resolveType } from './resolve-type.js'
import type { Globals } from './scopes.js'
import { domainMissing, valueType } from './type-errors.js'
import { intType, isPoison, poison } from './types.js'

/**
 * Consts, params and design choices. Each is understood when it is first needed, so that the order in which
 * they are finished is one in which each uses only earlier ones; one that is needed while it is being
 * understood depends on itself.
 */

/** What was written about one constant, from all the places that have a say. */
export interface ConstantSource {
  readonly name: string
  /** Where it was declared first: a promoted param keeps the file of its library. */
  readonly home: string
  span: Span
  role: Constant['role']
  /** Null for a const: its type is its value's. */
  readonly type: syntax.TypeSyntax | null
  value: syntax.Expression
  /** Where `use … with` or a design entry has given it a value. */
  setAt: Span | null
  settable: boolean
}

export interface Constants {
  /** Declares one; the returned function gives it, or null after an error that has been reported. */
  declare(source: ConstantSource): () => Constant | null
  /** Every sound constant, each after those it uses. */
  finish(): readonly Constant[]
}

export function createConstants(globals: Globals): Constants {
  const sources: ConstantSource[] = []
  const done = new Map<ConstantSource, Constant | null>()
  const order: Constant[] = []
  const stack: ConstantSource[] = []

  const resolve = (source: ConstantSource): Constant | null => {
    const known = done.get(source)
    if (known !== undefined) return known
    const begin = stack.indexOf(source)
    if (begin >= 0) {
      const circle = [...stack.slice(begin), source]
      globals.report(constantCycle(source.span, circle))
      for (const each of circle) done.set(each, null)
      return null
    }
    stack.push(source)
    const constant = understand(globals, source)
    stack.pop()
    // a circle found on the way has already marked it
    if (done.get(source) === null) return null
    done.set(source, constant)
    if (constant) order.push(constant)
    return constant
  }

  return {
    declare(source) {
      sources.push(source)
      return () => resolve(source)
    },
    finish() {
      for (const source of sources) resolve(source)
      return order
    },
  }
}

function understand(globals: Globals, source: ConstantSource): Constant | null {
  const { name, span, role, settable } = source
  const type = source.type ? domainType(globals, source, source.type) : null
  if (type && isPoison(type)) return null
  const what = {
    param: 'the value of a param',
    design: 'the value of a design choice',
    const: 'the value of a const',
  }[role]
  const value = checkConstant(globals, source.value, type, what)
  const given = type ?? value.type
  // with a type of its own it is known well enough for what mentions it
  if (isPoison(given)) return null
  if (given.kind !== 'int' && given.kind !== 'bool' && given.kind !== 'enum') {
    globals.report(valueType(value.span, 'a const', given))
    return null
  }
  // a const has the values of its expression: the range of a param it comes from says nothing about it
  return {
    kind: 'constant',
    name,
    span,
    role,
    type: type ?? (given.kind === 'int' ? intType : given),
    value,
    settable,
  }
}

function domainType(globals: Globals, source: ConstantSource, written: syntax.TypeSyntax): Type {
  if (written.kind === 'choice') {
    reportDuplicates(globals, written.values)
    const enumeration: Enumeration = {
      kind: 'enumeration',
      name: source.name,
      values: written.values.map((value) => value.text),
    }
    globals.enumerations.set(enumeration, source.span)
    return { kind: 'enum', enumeration }
  }
  const type = resolveType(globals, written)
  if (isPoison(type) || type.kind === 'bool' || type.kind === 'enum') return type
  const what = source.role === 'param' ? 'param' : 'design choice'
  if (type.kind !== 'int') {
    globals.report(valueType(written.span, `a ${what}`, type))
    return poison
  }
  if (!type.range) {
    globals.report(domainMissing(source.span, what, source.name))
    return poison
  }
  return type
}
