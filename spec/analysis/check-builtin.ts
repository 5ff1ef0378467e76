import type * as syntax from '../syntax/tree.js'
import { type Builtin, type BuiltinName, builtins } from './builtins.js'
import { poisoned } from './check-name.js'
import { checkPointer } from './check-pointer.js'
import type { Checks } from './checks.js'
import { notACallback, unknownBit } from './errors.js'
import type { Expression, Pool, Type } from './model.js'
import { nearest } from './nearest.js'
import { isPlace, isPoolSlot, requireWritable } from './places.js'
import type { Context } from './scopes.js'
import {
  argumentCount,
  counterAssigned,
  notAPlace,
  notAPointer,
  notAPool,
  wrongPointer,
} from './type-errors.js'
import {
  boolType,
  intType,
  isBitlock,
  isPoison,
  isScalar,
  poison,
  poolStruct,
  sameType,
  typeName,
  valueType,
  voidType,
} from './types.js'

/** Calls of built-in functions, by the sorts of argument that `builtins.ts` gives each of them. */

type CallSyntax = syntax.Expression & { readonly kind: 'call' }

interface BuiltinCall {
  readonly checks: Checks
  readonly context: Context
  readonly name: BuiltinName
  /** The type the first pointer or place leads to: what `value`, `bit`, `local*` and `same` refer to. */
  target: Type
  pool: Pool | null
}

export function checkBuiltin(checks: Checks, context: Context, call: CallSyntax): Expression {
  const name = call.callee.text as BuiltinName
  const declared: Builtin = builtins[name]
  const sorts = declared.arguments
  const made: BuiltinCall = { checks, context, name, target: voidType, pool: null }
  const given = call.arguments
  // a bitlock has one bit, which need not be named
  const omitted = given.length === sorts.length - 1 && sorts.includes('bit')
  const written = omitted ? sorts.filter((sort) => sort !== 'bit') : sorts
  const needed = written.filter((sort) => !sort.endsWith('?')).length
  if (given.length < needed || given.length > written.length) return miscounted(made, call, sorts)

  const checked = new Map<string, Expression>()
  const leadingFirst = [...written.keys()].sort(
    (a, b) => rank(written[a]) - rank(written[b]) || a - b,
  )
  for (const index of leadingFirst) {
    const argument = given[index]
    if (!argument) continue
    checked.set(`${index}`, checkSort(made, written[index] ?? '', argument))
  }
  if ([...checked.values()].some((each) => isPoison(each.type))) return poisoned(call.span)
  if (omitted && !isBitlock(made.target)) return miscounted(made, call, sorts)

  const values = written.flatMap((_, index) => checked.get(`${index}`) ?? [])
  if (omitted) {
    const bit: Expression = { kind: 'literal', value: 0, span: call.span, type: intType }
    values.splice(sorts.indexOf('bit'), 0, bit)
  }
  const type = resultType(made, declared)
  return { kind: 'builtin', builtin: name, arguments: values, span: call.span, type }
}

/** Places and pointers first: what they lead to says what the others may be. */
const rank = (sort: string | undefined): number =>
  sort === 'place' || sort === 'slot' || (sort?.endsWith('*') && sort !== 'local*') ? 0 : 1

function miscounted(made: BuiltinCall, call: CallSyntax, sorts: readonly string[]): Expression {
  const least = sorts.filter((sort) => !sort.endsWith('?')).length
  const most = sorts.length
  const wanted =
    most === 0
      ? 'no arguments'
      : `${least === most ? most : `${least} or ${most}`} argument${most === 1 ? '' : 's'}`
  const text = `${made.name}(${sorts.map(sortText).join(', ')})`
  made.context.globals.report(
    argumentCount(call.span, made.name, wanted, call.arguments.length, null, text),
  )
  return poisoned(call.span)
}

const sortTexts: Readonly<Record<string, string>> = {
  place: 'place',
  'scalar*': '&place',
  'counter*': '&counter',
  'refcount*': '&refcount',
  'bits*': '&word',
  bit: 'BIT',
  callback: 'op',
  'local*': '&local',
  slot: 'pool or &pool[i]',
  bool: 'condition',
  int: 'number',
  'int?': '[gfp]',
}
const sortText = (sort: string): string =>
  sort.startsWith('lock:') ? '&lock' : (sortTexts[sort] ?? sort)

function resultType(made: BuiltinCall, declared: Builtin): Type {
  switch (declared.result) {
    case 'void':
      return voidType
    case 'bool':
      return boolType
    case 'int':
      return intType
    case 'same':
      return valueType(made.target)
    case 'object':
      return made.pool
        ? { kind: 'pointer', to: { kind: 'struct', struct: made.pool.struct } }
        : poison
  }
}

function checkSort(made: BuiltinCall, sort: string, argument: syntax.Expression): Expression {
  const { checks, context } = made
  switch (sort) {
    case 'place':
      return checkPlace(made, argument)
    case 'value':
      return checks.fitting(context, argument, { type: made.target })
    case 'int':
    case 'int?':
      return checks.fitting(context, argument, { type: intType })
    case 'bool':
      return checks.condition(context, argument)
    case 'pointer':
      return checkObject(made, argument)
    case 'pool':
    case 'slot':
      return checkPool(made, argument, sort)
    case 'bit':
      return checkBit(made, argument)
    case 'callback':
      return checkCallback(made, argument)
    default:
      return checkPointed(made, sort, argument)
  }
}

function checkPlace(made: BuiltinCall, argument: syntax.Expression): Expression {
  const { checks, context, name } = made
  const place = checks.raw(context, argument)
  if (isPoison(place.type)) return refuse(made, argument)
  const writes = name === 'WRITE_ONCE' || name === 'rcu_assign_pointer'
  if (!isPlace(place) || !isScalar(place.type)) {
    const why = isPlace(place)
      ? `one access reads or writes a number, a choice, a bit word or a pointer, not a \`${typeName(place.type)}\``
      : `\`${name}\` is given the place itself`
    context.globals.report(notAPlace(place.span, why))
    return refuse(made, argument)
  }
  if (writes && !requireWritable(context, place)) return refuse(made, argument)
  if (writes && isRefcount(place.type) && context.body?.what !== 'init') {
    context.globals.report(counterAssigned(place.span))
    return refuse(made, argument)
  }
  made.target = place.type
  return place
}

const isRefcount = (type: Type): boolean => type.kind === 'counter' && type.which === 'refcount_t'

/** Poison for this argument and for those that depend on it. */
function refuse(made: BuiltinCall, argument: syntax.Expression): Expression {
  made.target = poison
  return poisoned(argument.span)
}

function checkPointed(made: BuiltinCall, sort: string, argument: syntax.Expression): Expression {
  const { checks, context, name } = made
  const { globals } = context
  const pointer = checkPointer(checks, context, argument)
  const wanted = wantedText(made, sort)
  if (pointer.origin === 'none') {
    if (!isPoison(pointer.expression.type)) {
      globals.report(notAPointer(argument.span, pointer.expression.type, `a pointer to ${wanted}`))
    }
    return sort === 'local*' ? poisoned(argument.span) : refuse(made, argument)
  }
  const { to } = pointer
  if (isPoison(to)) return refuse(made, argument)
  if (sort === 'local*') {
    const local = pointer.expression.kind === 'address' && pointer.expression.of.kind === 'local'
    if (isPoison(made.target)) return poisoned(argument.span)
    if (local && sameType(valueType(made.target), to)) return pointer.expression
    globals.report(wrongPointer(argument.span, to, wanted, `give \`&\` and a local of that type`))
    return poisoned(argument.span)
  }
  if (!matches(sort, name, to)) {
    globals.report(wrongPointer(argument.span, to, wanted, helpFor(name, to)))
    return refuse(made, argument)
  }
  made.target = to
  return pointer.expression
}

function matches(sort: string, name: BuiltinName, to: Type): boolean {
  switch (sort) {
    case 'scalar*':
      return isScalar(to)
    case 'counter*':
      return to.kind === 'counter' && (to.which === 'atomic_t' || name === 'atomic_read')
    case 'refcount*':
      return isRefcount(to)
    case 'bits*':
      return to.kind === 'bits'
    default:
      return to.kind === 'lock' && sort.slice('lock:'.length).split('|').includes(to.which)
  }
}

function wantedText(made: BuiltinCall, sort: string): string {
  switch (sort) {
    case 'scalar*':
      return 'a number, a choice, a bit word or a pointer'
    case 'counter*':
      return 'an `atomic_t`'
    case 'refcount*':
      return 'a `refcount_t`'
    case 'bits*':
      return 'a `bits { … }` word or a `bitlock`'
    case 'local*':
      return `a local of type \`${typeName(valueType(made.target))}\``
    default:
      return sort
        .slice('lock:'.length)
        .split('|')
        .map((kind) => `a \`${kind}\``)
        .join(' or ')
  }
}

const lockFunctions: Readonly<Record<string, string>> = {
  spinlock_t: 'spin_lock, spin_unlock',
  rwlock_t: 'read_lock, write_lock, …',
  mutex: 'mutex_lock, mutex_unlock',
  rwsem: 'down_read, down_write, …',
  srcu: 'srcu_read_lock, synchronize_srcu, …',
  rcu_head: 'call_rcu',
  lockdep_map: 'lock_map_acquire, lock_map_release',
}

function helpFor(name: BuiltinName, to: Type): string {
  if (to.kind === 'lock') return `a \`${to.which}\` is for ${lockFunctions[to.which]}`
  if (isRefcount(to) && name.startsWith('atomic_')) {
    return `use \`refcount_${name.slice('atomic_'.length)}\` or another \`refcount_…\` function`
  }
  if (to.kind === 'counter') return `use \`atomic_…\` functions`
  if (to.kind === 'pointer') return 'leave out the `&`'
  return 'give a pointer to such a place'
}

function checkObject(made: BuiltinCall, argument: syntax.Expression): Expression {
  const { checks, context, name } = made
  const pointer = checks.value(context, argument)
  if (isPoison(pointer.type)) return pointer
  if (poolStruct(pointer.type)) return pointer
  context.globals.report(
    notAPointer(argument.span, pointer.type, `a pointer to an object, which \`${name}\` takes`),
  )
  return poisoned(argument.span)
}

function checkPool(made: BuiltinCall, argument: syntax.Expression, sort: string): Expression {
  const { checks, context } = made
  const { globals } = context
  // a struct's name is the likely mistake, and says which pool was meant
  if (argument.kind === 'name' && !context.scope.find(argument.name)) {
    const type = globals.types.get(argument.name)?.resolve()
    if (type?.kind === 'struct' && !globals.values.has(argument.name)) {
      globals.report(notAPool(argument.span, type.struct.pools[0]?.name))
      return refuse(made, argument)
    }
  }
  const given = checks.raw(context, argument)
  if (isPoison(given.type)) return refuse(made, argument)
  const slot = given.kind === 'address' && isPoolSlot(given.of) ? given.of : null
  const array = slot?.kind === 'index' ? slot.array : null
  const pool = given.kind === 'pool' ? given.pool : array?.kind === 'pool' ? array.pool : null
  if (!pool || (sort === 'pool' && slot) || pool === globals.tasks) {
    globals.report(notAPool(argument.span, poolStruct(given.type)?.pools[0]?.name))
    return refuse(made, argument)
  }
  made.pool = pool
  return given
}

/** The op that `call_rcu` queues: it will be given the object the head is in. */
function checkCallback(made: BuiltinCall, argument: syntax.Expression): Expression {
  const { globals } = made.context
  const name = argument.kind === 'name' ? argument.name : ''
  const entry = globals.values.get(name)
  const parameter = entry?.kind === 'op' ? entry.op.parameters[0] : undefined
  const struct = parameter && poolStruct(parameter.type)
  const fits =
    entry?.kind === 'op' && entry.op.parameters.length === 1 && entry.op.result.kind === 'void'
  if (entry?.kind !== 'op' || !fits || !struct || parameter?.role === 'macro') {
    globals.report(notACallback(argument.span, name || 'this', 'struct'))
    return poisoned(argument.span)
  }
  globals.used.add(entry.op)
  return { kind: 'call', op: entry.op, arguments: [], span: argument.span, type: voidType }
}

function checkBit(made: BuiltinCall, argument: syntax.Expression): Expression {
  const { target, context } = made
  if (target.kind !== 'bits') return poisoned(argument.span)
  const { span } = argument
  const name = argument.kind === 'name' ? argument.name : null
  const index = name === null ? -1 : target.bits.indexOf(name)
  if (index < 0) {
    const near = name === null ? undefined : nearest(name, target.bits)
    context.globals.report(unknownBit(span, name ?? 'this', target.bits, near))
    return poisoned(span)
  }
  return { kind: 'literal', value: index, span, type: intType }
}
