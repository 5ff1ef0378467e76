import type { Expression, Struct, Type } from './model.js'

/** Types: what they are called, when two are one, and which value fits where. */

/**
 * The type of something that already has its diagnostic. Known by identity, so that nothing is said twice;
 * a model with such a type never leaves the room.
 */
export const poison: Type = { kind: 'void' }
export const isPoison = (type: Type): boolean => type === poison

export const voidType: Type = { kind: 'void' }
export const boolType: Type = { kind: 'bool' }
export const intType: Type = { kind: 'int', range: null }
export const nullType: Type = { kind: 'null' }

/** As people write it. Ranges are left out: they say which values are legal, not what may be assigned. */
export function typeName(type: Type): string {
  switch (type.kind) {
    case 'void':
    case 'null':
    case 'bool':
    case 'int':
      return type.kind
    case 'enum':
      return type.enumeration.name
    case 'bits':
      return isBitlock(type) ? 'bitlock' : `bits { ${type.bits.join(', ')} }`
    case 'counter':
    case 'lock':
      return type.which
    case 'struct':
      return type.struct.name
    case 'pointer':
      return type.to.kind === 'pointer' ? `${typeName(type.to)}*` : `${typeName(type.to)} *`
    case 'array':
      return `array of ${typeName(type.of)}`
  }
}

/** A `bitlock` is a word with the one bit `locked`. */
export const isBitlock = (type: Type): boolean =>
  type.kind === 'bits' && type.bits.length === 1 && type.bits[0] === 'locked'

export const isLock = (type: Type): boolean => type.kind === 'lock' || isBitlock(type)

/** Whether a lock is somewhere inside: then it cannot be copied nor be a local. */
export function holdsLock(type: Type): boolean {
  switch (type.kind) {
    case 'array':
      return holdsLock(type.of)
    case 'struct':
      return type.struct.members.some((member) => holdsLock(member.type))
    default:
      return isLock(type)
  }
}

/** A number when read: int, bool and the counters. */
export const isNumber = (type: Type): boolean =>
  type.kind === 'int' || type.kind === 'bool' || type.kind === 'counter'

/** One access reads or writes it whole. */
export const isScalar = (type: Type): boolean =>
  isNumber(type) || type.kind === 'enum' || type.kind === 'bits' || type.kind === 'pointer'

export const poolStruct = (type: Type): Struct | null =>
  type.kind === 'pointer' && type.to.kind === 'struct' && type.to.struct.pools.length > 0
    ? type.to.struct
    : null

/** The type of the value a place of this type gives: a counter reads as an int. */
export const valueType = (type: Type): Type => (type.kind === 'counter' ? intType : type)

/** The same type, ranges aside. */
export function sameType(first: Type, second: Type): boolean {
  switch (first.kind) {
    case 'void':
    case 'null':
    case 'bool':
    case 'int':
      return first.kind === second.kind
    case 'enum':
      return second.kind === 'enum' && first.enumeration === second.enumeration
    case 'bits':
      return (
        second.kind === 'bits' &&
        first.bits.length === second.bits.length &&
        first.bits.every((bit, index) => bit === second.bits[index])
      )
    case 'counter':
      return second.kind === 'counter' && first.which === second.which
    case 'lock':
      return second.kind === 'lock' && first.which === second.which
    case 'struct':
      return second.kind === 'struct' && first.struct === second.struct
    case 'pointer':
      return second.kind === 'pointer' && sameType(first.to, second.to)
    case 'array':
      return second.kind === 'array' && sameType(first.of, second.of)
  }
}

const isLiteral = (value: Expression, ...numbers: readonly number[]): boolean =>
  value.kind === 'literal' && value.type.kind === 'int' && numbers.includes(value.value)

/**
 * Whether a value may be stored in a place: as in C where that is harmless (a bool is 0 or 1, null fits
 * every pointer, 0 clears a bit word), not where it hides a mistake (an int in a bool).
 */
export function fits(target: Type, value: Expression): boolean {
  const type = value.type
  if (isPoison(target) || isPoison(type)) return true
  switch (target.kind) {
    case 'bool':
      return type.kind === 'bool' || isLiteral(value, 0, 1)
    case 'int':
    case 'counter':
      return isNumber(type)
    case 'enum':
      return sameType(target, type)
    case 'bits':
      return sameType(target, type) || isLiteral(value, 0)
    case 'pointer':
      return type.kind === 'null' || sameType(target, type)
    case 'struct':
      return sameType(target, type) && !holdsLock(target)
    default:
      return false
  }
}
