import { type Diagnostic, error, type Label } from '../diagnostics/diagnostic.js'
import type { Span } from '../source/span.js'
import type { Local, Type } from './model.js'
import { isPoison, typeName } from './types.js'

/** Diagnostics about types, places and pointers: one function each. */

const named = (type: Type): string => `\`${typeName(type)}\``

// ---- declarations

export const rangeMissing = (at: Span, what: string, name: string): Diagnostic =>
  error('range-missing', at, `shared ${what} \`${name}\` needs a range`, {
    notes: ['a search ends because every shared variable has finitely many values'],
    help: `write \`${what} 0..7 ${name}\`, with the largest value a run may reach`,
  })

export const domainMissing = (at: Span, what: string, name: string): Diagnostic =>
  error('range-missing', at, `${what} \`${name}\` needs a range`, {
    notes: ['it must be known which values may be given to it'],
    help: `write \`${name} : 1..4\``,
  })

export const typeCycle = (at: Span, name: string): Diagnostic =>
  error('type-cycle', at, `type \`${name}\` contains itself`, {
    notes: ['its size would be infinite'],
    help: 'hold a pointer to it instead, and declare a pool for the objects',
  })

export const localLock = (at: Span, name: string, type: Type): Diagnostic =>
  error('local-lock', at, `\`${name}\` cannot be a local: ${named(type)} is or holds a lock`, {
    notes: ['a lock nobody else can reach protects nothing'],
    help: 'declare it outside of the op, as a shared variable or a member',
  })

export const pointerWithoutPool = (at: Span, type: Type): Diagnostic =>
  error(
    'pointer-without-pool',
    at,
    `a ${named(type)} cannot be stored: no pool holds what it points to`,
    {
      notes: [
        'a stored pointer names an object of a pool',
        'a pointer to a variable or a member is passed to an op, never stored',
      ],
      help: 'declare a pool for the struct, or pass `&place` as an argument',
    },
  )

export const valueType = (at: Span, what: string, type: Type): Diagnostic =>
  error('type-mismatch', at, `${what} cannot be of type ${named(type)}`, {
    notes: ['it is a number, a condition or one of some named values'],
    help: 'use `bool`, a range such as `1..4`, or `{ one, two }`',
  })

export const initialOfAggregate = (at: Span, type: Type): Diagnostic =>
  error('type-mismatch', at, `a ${named(type)} has no initial value of its own`, {
    notes: ['locks begin free, and members begin with their own initialisers'],
    help: 'remove the initialiser',
  })

// ---- values

export interface Wanted {
  readonly type: Type
  /** `\`x\` is declared here`, for the second label. */
  readonly declared?: Label | undefined
}

export function mismatch(at: Span, wanted: Wanted, given: Type): Diagnostic {
  const type = wanted.type
  const help =
    type.kind === 'bool' && given.kind !== 'enum'
      ? given.kind === 'pointer'
        ? 'write `… != null`'
        : 'write `… != 0`'
      : type.kind === 'pointer' && given.kind === 'struct'
        ? 'take its address with `&`'
        : given.kind === 'pointer'
          ? 'read through the pointer with `*` or `->`'
          : `give a value of type ${named(type)}`
  return error('type-mismatch', at, `this is ${article(given)}, not ${article(type)}`, {
    labels: wanted.declared ? [wanted.declared] : [],
    notes:
      type.kind === 'bool' && given.kind === 'int'
        ? ['a bool in memory is 0 or 1; another number would be cut silently']
        : [],
    help,
  })
}

function article(type: Type): string {
  if (type.kind === 'null') return '`null`'
  if (type.kind === 'void') return 'nothing'
  return `${/^[aeiou]/.test(typeName(type)) ? 'an' : 'a'} ${named(type)}`
}

export const voidValue = (at: Span, name: string, declared: Span | null): Diagnostic =>
  error('void-value', at, `\`${name}\` returns nothing`, {
    labels: declared ? [{ span: declared, text: 'declared here without a result' }] : [],
    notes: ['it can be a statement, but no value'],
    help: 'call it as a statement of its own',
  })

export const notACondition = (at: Span, type: Type): Diagnostic =>
  error('not-a-condition', at, `a ${named(type)} is no condition`, {
    notes: ['a condition is a bool, a number (not 0) or a pointer (not null)'],
    help: type.kind === 'bits' ? 'test a bit: `test_bit(BIT, &word)`' : 'compare it with something',
  })

export const operandType = (at: Span, operator: string, type: Type, wanted: string): Diagnostic =>
  error('operand-type', at, `\`${operator}\` does not work on a ${named(type)}`, {
    notes: [`it takes ${wanted}`],
    help:
      type.kind === 'bits'
        ? 'use `test_bit`, `set_bit`, `clear_bit`'
        : type.kind === 'lock'
          ? 'locks are only locked and unlocked, through `&lock`'
          : 'check the operands',
  })

export const notComparable = (at: Span, left: Type, right: Type): Diagnostic =>
  error('operand-type', at, `a ${named(left)} cannot be compared with a ${named(right)}`, {
    notes: ['numbers compare with numbers, pointers with pointers to the same struct or `null`'],
    help: 'compare values of one type',
  })

export const armsDiffer = (at: Span, then: Type, otherwise: Type): Diagnostic =>
  error(
    'type-mismatch',
    at,
    `the two sides of \`:\` are a ${named(then)} and a ${named(otherwise)}`,
    {
      notes: ['the value of `?:` has one type'],
      help: 'make both sides the same type',
    },
  )

// ---- places and pointers

export const notAPlace = (at: Span, why: string): Diagnostic =>
  error('not-a-place', at, 'this is a value, not a place that can be read and written', {
    notes: [why],
    help: 'name a variable, a member, an array element or `*pointer`',
  })

export const readOnly = (at: Span, name: string, what: string, declared: Span): Diagnostic =>
  error('read-only', at, `\`${name}\` cannot be changed: it is ${what}`, {
    labels: [{ span: declared, text: 'declared here' }],
    notes: [
      what.startsWith('a param') || what.startsWith('a design') || what.startsWith('a const')
        ? 'constants are fixed before a run begins'
        : 'its value comes from the loop, the family or the caller',
    ],
    help: 'use a variable of your own',
  })

export const counterAssigned = (at: Span): Diagnostic =>
  error('counter-assigned', at, 'a `refcount_t` is not assigned to outside of `init`', {
    notes: [
      'the kernel has no plain store to a refcount_t: it would hide underflow and saturation',
    ],
    help: 'use `refcount_set(&…, n)`',
  })

export const structAssigned = (at: Span, type: Type): Diagnostic =>
  error('lock-copied', at, `a ${named(type)} cannot be assigned: it is or holds a lock`, {
    notes: ['a copy of a lock that is held would be held by nobody'],
    help: 'assign the other members one by one',
  })

export const arrayAssigned = (at: Span): Diagnostic =>
  error('type-mismatch', at, 'an array is not assigned as a whole', {
    notes: ['as in C'],
    help: 'assign its elements in a `for`',
  })

export const addressStored = (at: Span, type: Type): Diagnostic =>
  error('address-stored', at, 'the address of a place is passed on, never kept', {
    notes: [
      isPoison(type)
        ? 'only pointers into pools are values'
        : `no object of a pool is behind this ${named(type)}; only pointers into pools are values`,
    ],
    help: 'give `&place` straight to an op or a built-in function, or name the place itself',
  })

export const placeKept = (
  at: Span,
  parameter: Local,
  op: string,
  kept: { readonly parameter: Local; readonly at: Span },
): Diagnostic =>
  error('address-stored', at, `\`${op}\` treats \`${parameter.name}\` as a pointer into a pool`, {
    caption: 'this is no object of a pool',
    labels: [{ span: kept.at, text: `\`${kept.parameter.name}\` is kept or compared here` }],
    notes: ['the address of a variable or a member is passed on, never kept'],
    help: 'take the object from its pool, or let the op only read and write through the pointer',
  })

export const notAPointer = (at: Span, type: Type, wanted: string): Diagnostic =>
  error('not-a-pointer', at, `this is ${article(type)}, not ${wanted}`, {
    notes: ['functions that change something are given a pointer to it, as in C'],
    help: type.kind === 'pointer' ? `give ${wanted}` : 'write `&` before the place',
  })

export const wrongPointer = (at: Span, given: Type, wanted: string, help: string): Diagnostic =>
  error('type-mismatch', at, `this points to ${article(given)}, not to ${wanted}`, {
    notes: [`the function works on ${wanted}`],
    help,
  })

export const notDereferenced = (at: Span, type: Type): Diagnostic =>
  error('operand-type', at, `\`*\` reads through a pointer; this is ${article(type)}`, {
    notes: ['only pointers lead to another place'],
    help: 'leave out the `*`',
  })

export const arrowOnStruct = (at: Span, name: string): Diagnostic =>
  error('arrow-or-dot', at, `\`->${name}\` is for pointers; this is a struct itself`, {
    notes: ['as in C'],
    help: `write \`.${name}\``,
  })

export const dotOnPointer = (at: Span, name: string): Diagnostic =>
  error('arrow-or-dot', at, `\`.${name}\` is for structs; this is a pointer`, {
    notes: ['as in C'],
    help: `write \`->${name}\``,
  })

export const noMembers = (at: Span, type: Type, name: string): Diagnostic =>
  error('unknown-member', at, `${article(type)} has no member \`${name}\``, {
    notes: ['only structs have members'],
    help: 'name a struct, or a pointer to one',
  })

export const notIndexed = (at: Span, type: Type): Diagnostic =>
  error('not-indexable', at, `${article(type)} has no elements`, {
    notes: ['`[…]` follows an array or a pool'],
    help: 'leave out the index, or declare an array',
  })

export const poolAsValue = (at: Span, name: string): Diagnostic =>
  error('operand-type', at, `\`${name}\` is a pool, not a value`, {
    notes: [
      'a pool is indexed (`pool[i]`), subtracted (`p - pool`), allocated from, or gone through',
    ],
    help: `write \`&${name}[0]\` for its first object`,
  })

export const notAPool = (at: Span, holder: string | undefined): Diagnostic =>
  error('not-a-pool', at, 'this is not a pool', {
    notes: holder
      ? [`the struct's objects are in the pool \`${holder}\``]
      : ['objects come from pools'],
    help: holder
      ? `write \`${holder}\``
      : 'name a pool declared by `pool STRUCT NAME[SIZE];`, or one of its slots: `&NAME[i]`',
  })

// ---- calls

export const argumentCount = (
  at: Span,
  name: string,
  wanted: string,
  given: number,
  declared: Span | null,
  signature: string,
): Diagnostic =>
  error(
    'argument-count',
    at,
    `\`${name}\` takes ${wanted}; ${given === 0 ? 'none' : given} given`,
    {
      labels: declared ? [{ span: declared, text: 'declared here' }] : [],
      notes: [`it is \`${signature}\``],
      help: 'give one argument for each parameter',
    },
  )
