import type * as syntax from '../syntax/tree.js'
import { predefined } from './builtins.js'
import { ambiguousName, nobodyRuns, opAsValue, unknownEnumerator, unknownName } from './errors.js'
import type { Enumeration, Expression, Type } from './model.js'
import { notConstant } from './model-errors.js'
import { nearest } from './nearest.js'
import { type Context, ownersOf, visibleNames } from './scopes.js'
import { intType, isPoison, poison } from './types.js'

/** What a name stands for at its place: a value of the expected choice, a local, then a global name. */

type NameSyntax = syntax.Expression & { readonly kind: 'name' }

export const poisoned = (span: Expression['span']): Expression => ({
  kind: 'literal',
  value: 0,
  span,
  type: poison,
})

/** Whether a name means something without knowing what it is compared with. */
export const standsAlone = (context: Context, name: string): boolean =>
  context.scope.find(name) !== null ||
  context.globals.values.has(name) ||
  name === 'current' ||
  Object.hasOwn(predefined, name)

export const enumerator = (
  name: NameSyntax | { readonly name: string; readonly span: Expression['span'] },
  owner: Enumeration,
): Expression => ({
  kind: 'literal',
  value: owner.values.indexOf(name.name),
  span: name.span,
  type: { kind: 'enum', enumeration: owner },
})

export function checkName(context: Context, name: NameSyntax, expected: Type | null): Expression {
  const owner = expected?.kind === 'enum' ? expected.enumeration : null
  const found = find(context, name)
  if (owner?.values.includes(name.name)) {
    if (found?.type.kind === 'enum' && found.type.enumeration === owner) {
      const other = declaredAt(context, name.name)
      if (other) context.globals.report(ambiguousName(name.span, name.name, owner, other))
    }
    return enumerator(name, owner)
  }
  if (found) return found
  const { globals } = context
  // it may be a value of a type that is not understood, which has been said already
  if (expected && isPoison(expected)) return poisoned(name.span)
  if (globals.values.get(name.name)?.kind === 'op') {
    globals.report(opAsValue(name.span, name.name))
  } else if (owner && ownersOf(globals, name.name).length === 0) {
    const near = nearest(name.name, owner.values)
    const declared = globals.enumerations.get(owner)
    globals.report(unknownEnumerator(name.span, name.name, owner, declared, near))
  } else {
    const near = nearest(name.name, visibleNames(context))
    const owners = ownersOf(globals, name.name)
    globals.report(unknownName(name.span, name.name, near, owners))
  }
  return poisoned(name.span)
}

function declaredAt(context: Context, name: string): Expression['span'] | undefined {
  return context.scope.find(name)?.span ?? context.globals.values.get(name)?.span
}

/** Bodies that no process runs. */
const nowhere: Readonly<Record<string, string>> = {
  init: '`init`',
  invariant: 'an `invariant`',
  finally: '`finally`',
  condition: 'a condition on the whole state',
}

/** The value of that name, or null when there is none or it is an op. */
function find(context: Context, name: NameSyntax): Expression | null {
  const { globals } = context
  const { span } = name
  const local = context.scope.find(name.name)
  if (local) {
    if (context.constant) return variable(context, name, `\`${name.name}\``)
    return { kind: 'local', local, span, type: local.type }
  }
  if (name.name === 'current') {
    if (context.constant) return variable(context, name, '`current`')
    globals.used.add(globals.tasks)
    const where = context.body && nowhere[context.body.what]
    if (where) globals.report(nobodyRuns(span, where))
    const to: Type = { kind: 'struct', struct: globals.tasks.struct }
    return { kind: 'current', span, type: { kind: 'pointer', to } }
  }
  const entry = globals.values.get(name.name)
  switch (entry?.kind) {
    case 'constant': {
      const constant = entry.resolve()
      if (!constant) return poisoned(span)
      globals.used.add(constant)
      return { kind: 'constant', constant, span, type: constant.type }
    }
    case 'variable':
      globals.used.add(entry.variable)
      if (context.constant) return variable(context, name, `the variable \`${name.name}\``)
      return { kind: 'shared', variable: entry.variable, span, type: entry.variable.type }
    case 'pool':
      globals.used.add(entry.pool)
      if (context.constant) return variable(context, name, `the pool \`${name.name}\``)
      return {
        kind: 'pool',
        pool: entry.pool,
        span,
        type: { kind: 'struct', struct: entry.pool.struct },
      }
    case 'unknown':
      return poisoned(span)
    default: {
      const value = Object.hasOwn(predefined, name.name) ? predefined[name.name] : undefined
      return value === undefined ? null : { kind: 'literal', value, span, type: intType }
    }
  }
}

function variable(context: Context, name: NameSyntax, what: string): Expression {
  context.globals.report(notConstant(name.span, what, context.constant ?? ''))
  return poisoned(name.span)
}
