import type { Span } from '../source/span.js'
import type * as syntax from '../syntax/tree.js'
import { checkConstant } from './check-expression.js'
import { duplicateName, unknownType } from './errors.js'
import type { Range, Type } from './model.js'
import { nearest } from './nearest.js'
import type { Globals } from './scopes.js'
import {
  initialOfAggregate,
  localLock,
  pointerWithoutPool,
  rangeMissing,
  valueType,
} from './type-errors.js'
import { boolType, holdsLock, intType, isPoison, isScalar, poison, poolStruct } from './types.js'

/** Types as written: what they mean, and where each may stand. */

export function resolveRange(globals: Globals, range: syntax.RangeSyntax, what: string): Range {
  return {
    from: checkConstant(globals, range.from, intType, what),
    to: checkConstant(globals, range.to, intType, what),
  }
}

const resolveOptionalRange = (globals: Globals, range: syntax.RangeSyntax | null): Range | null =>
  range && resolveRange(globals, range, 'the bounds of a range')

export function resolveType(globals: Globals, type: syntax.TypeSyntax): Type {
  switch (type.kind) {
    case 'bool':
      return boolType
    case 'int':
      return type.range
        ? { kind: 'int', range: resolveOptionalRange(globals, type.range) }
        : intType
    case 'counter':
      return {
        kind: 'counter',
        which: type.which,
        range: resolveOptionalRange(globals, type.range),
      }
    case 'lock':
      return type.which === 'bitlock'
        ? { kind: 'bits', bits: ['locked'] }
        : { kind: 'lock', which: type.which }
    case 'bits':
      reportDuplicates(globals, type.bits)
      return { kind: 'bits', bits: type.bits.map((bit) => bit.text) }
    case 'choice':
      // the grammar has it in `param` and `design` entries only, and constants.ts takes it from there
      throw new Error('values in braces belong to a param or a design entry')
    case 'named': {
      const { text, span } = type.name
      const entry = globals.types.get(text)
      if (entry) return entry.resolve()
      globals.report(unknownType(span, text, nearest(text, typeNames(globals))))
      return poison
    }
    case 'pointer': {
      const to = resolveType(globals, type.to)
      return isPoison(to) ? poison : { kind: 'pointer', to }
    }
  }
}

function* typeNames(globals: Globals): Iterable<string> {
  yield* globals.types.keys()
  yield* [
    'bool',
    'int',
    'refcount_t',
    'atomic_t',
    'spinlock_t',
    'rwlock_t',
    'mutex',
    'rwsem',
    'bitlock',
    'srcu',
    'rcu_head',
    'lockdep_map',
  ]
}

/** One name twice in a list of enumerators, bits or members. */
export function reportDuplicates(globals: Globals, names: readonly syntax.Name[]): void {
  const first = new Map<string, Span>()
  for (const name of names) {
    const before = first.get(name.text)
    if (before) globals.report(duplicateName(name.span, name.text, before))
    else first.set(name.text, name.span)
  }
}

function withDimensions(
  globals: Globals,
  type: Type,
  dimensions: readonly syntax.Expression[],
): Type {
  if (isPoison(type)) return type
  return dimensions.reduceRight<Type>((of, dimension) => {
    const length = checkConstant(globals, dimension, intType, 'the length of an array')
    return { kind: 'array', of, length }
  }, type)
}

const elementType = (type: Type): Type => (type.kind === 'array' ? elementType(type.of) : type)

/** Whether the type, or an element of it, is a pointer that may not be stored. */
function reportPointer(globals: Globals, at: Span, type: Type): boolean {
  const element = elementType(type)
  if (element.kind !== 'pointer' || poolStruct(element)) return false
  globals.report(pointerWithoutPool(at, element))
  return true
}

/** The type of a shared variable or of a member: finite, and no pointer to a mere place. */
export function sharedType(
  globals: Globals,
  written: syntax.TypeSyntax,
  declarator: syntax.Declarator,
): Type {
  const type = withDimensions(globals, resolveType(globals, written), declarator.dimensions)
  const element = elementType(type)
  if (reportPointer(globals, written.span, type)) return poison
  if ((element.kind === 'int' || element.kind === 'counter') && !element.range) {
    const what = element.kind === 'int' ? 'int' : element.which
    globals.report(rangeMissing(declarator.name.span, what, declarator.name.text))
  }
  return type
}

/** The initial value of a shared variable or member: of its elements, if it is an array. */
export function sharedInitial(globals: Globals, type: Type, initial: syntax.Expression | null) {
  if (!initial) return null
  const element = elementType(type)
  if (isPoison(element)) return null
  if (!isScalar(element)) {
    globals.report(initialOfAggregate(initial.span, element))
    return null
  }
  const wanted = element.kind === 'counter' ? intType : element
  return checkConstant(globals, initial, wanted, 'an initial value')
}

export function localType(
  globals: Globals,
  written: syntax.TypeSyntax,
  declarator: syntax.Declarator,
): Type {
  const type = withDimensions(globals, resolveType(globals, written), declarator.dimensions)
  if (isPoison(type)) return type
  if (reportPointer(globals, written.span, type)) return poison
  if (holdsLock(type)) {
    globals.report(localLock(declarator.name.span, declarator.name.text, type))
    return poison
  }
  return type
}

/** A parameter takes a value, or a pointer to anything that is not itself such a pointer. */
export function parameterType(globals: Globals, written: syntax.TypeSyntax): Type {
  const type = resolveType(globals, written)
  if (isPoison(type)) return type
  if (type.kind === 'pointer') {
    return reportPointer(globals, written.span, type.to) ? poison : type
  }
  if (isScalar(type) && type.kind !== 'counter') return type
  globals.report(valueType(written.span, 'a parameter', type))
  return poison
}

export function resultType(globals: Globals, written: syntax.TypeSyntax): Type {
  const type = resolveType(globals, written)
  if (isPoison(type) || reportPointer(globals, written.span, type)) return poison
  if (isScalar(type) && type.kind !== 'counter') return type
  globals.report(valueType(written.span, 'a result', type))
  return poison
}
