import type * as syntax from '../syntax/tree.js'
import { addLocal, checkAssign, checkDeclare, checkStep } from './check-assign.js'
import { checks } from './check-expression.js'
import { unknownKind, unknownName, unknownPool } from './errors.js'
import { kinds } from './kinds.js'
import { barrierOf, branchBarrier, enteredBy } from './labels.js'
import type { Range, Statement, Type } from './model.js'
import {
  chooseTarget,
  gotoInto,
  notACall,
  outsideLoop,
  returnMissingValue,
  returnUnexpected,
  unknownLabel,
} from './model-errors.js'
import { nearest } from './nearest.js'
import { type Barrier, type Context, Scope } from './scopes.js'
import { intType, isPoison, poison } from './types.js'

/** Statements: each is checked in the scope it stands in; blocks open scopes of their own. */

type Of<Kind extends syntax.Statement['kind']> = syntax.Statement & { readonly kind: Kind }

const inner = (context: Context, barrier?: Barrier): Context => ({
  ...context,
  scope: new Scope(context.scope),
  enclosing: barrier ? [...context.enclosing, barrier] : context.enclosing,
})

export const checkBlock = (
  context: Context,
  statements: readonly syntax.Statement[],
): readonly Statement[] => statements.flatMap((statement) => checkStatement(context, statement))

/** One statement where the tree has one: the arm of an `if`, the body of a loop. A declaration becomes a block. */
function checkArm(context: Context, statement: syntax.Statement): Statement {
  const checked = checkStatement(inner(context), statement)
  const [only] = checked
  if (checked.length === 1 && only && only.kind !== 'declare') return only
  return { kind: 'block', body: checked, span: statement.span, annotation: null }
}

export function checkStatement(
  context: Context,
  statement: syntax.Statement,
): readonly Statement[] {
  const { span, annotation } = statement
  const at = { span, annotation }
  switch (statement.kind) {
    case 'declare':
      return checkDeclare(context, statement)
    case 'block': {
      const body = checkBlock(inner(context), statement.body.statements)
      return [{ kind: 'block', body, ...at }]
    }
    case 'assign':
      return [checkAssign(context, statement)]
    case 'step':
      return [checkStep(context, statement)]
    case 'call': {
      const expression = checks.raw(context, statement.call)
      if (statement.call.kind !== 'call') context.globals.report(notACall(span))
      return [{ kind: 'evaluate', expression, ...at }]
    }
    case 'if': {
      const test = checks.condition(context, statement.test)
      const then = checkArm(context, statement.then)
      const otherwise = statement.otherwise && checkArm(context, statement.otherwise)
      return [{ kind: 'if', test, then, otherwise, ...at }]
    }
    case 'while': {
      const test = checks.condition(context, statement.test)
      const body = checkArm({ ...context, loop: true }, statement.body)
      return [{ kind: 'while', test, body, ...at }]
    }
    case 'for-range':
      return [checkForRange(context, statement)]
    case 'for-pool':
      return [checkForPool(context, statement)]
    case 'break':
    case 'continue':
      if (!context.loop) context.globals.report(outsideLoop(span, statement.kind))
      return [{ kind: statement.kind, ...at }]
    case 'skip':
      return [{ kind: 'skip', ...at }]
    default:
      return [checkOther(context, statement)]
  }
}

type Other = Of<
  'return' | 'label' | 'goto' | 'either' | 'choose' | 'await' | 'atomic' | 'assert' | 'fail'
>

function checkOther(context: Context, statement: Other): Statement {
  const { span, annotation } = statement
  const at = { span, annotation }
  switch (statement.kind) {
    case 'return':
      return checkReturn(context, statement)
    case 'label': {
      const entry = context.body?.labels.get(statement.name.text)
      const label = entry?.label ?? { kind: 'label', name: statement.name.text, span }
      return { kind: 'label', label, ...at }
    }
    case 'goto':
      return checkGoto(context, statement)
    case 'either': {
      const branches = statement.branches.map((branch) =>
        checkBlock(inner(context, branchBarrier(branch)), branch.statements),
      )
      return { kind: 'either', branches, ...at }
    }
    case 'choose':
      return checkChoose(context, statement)
    case 'await': {
      const condition = checks.condition(context, statement.condition)
      const { otherwise } = statement
      if (otherwise) checkKind(context, otherwise)
      return { kind: 'await', condition, otherwise: otherwise?.text ?? null, ...at }
    }
    case 'atomic': {
      const body = checkBlock(inner(context, barrierOf(statement)), statement.body.statements)
      return { kind: 'atomic', body, ...at }
    }
    case 'assert': {
      const condition = checks.condition(context, statement.condition)
      return { kind: 'assert', condition, message: statement.message, ...at }
    }
    case 'fail':
      checkKind(context, statement.violation)
      return {
        kind: 'fail',
        violation: statement.violation.text,
        message: statement.message,
        ...at,
      }
  }
}

/** A violation kind of the semantics or of the model; reports an unknown one. */
export function checkKind(context: Pick<Context, 'globals'>, kind: syntax.Name): boolean {
  const { globals } = context
  if (Object.hasOwn(kinds, kind.text)) return true
  if (globals.violations.has(kind.text)) return true
  const near = nearest(kind.text, [...globals.violations.keys(), ...Object.keys(kinds)])
  globals.report(unknownKind(kind.span, kind.text, near))
  return false
}

/** Bounds that may be computed as the model runs. */
const checkRange = (context: Context, range: syntax.RangeSyntax): Range => ({
  from: checks.fitting(context, range.from, { type: intType }),
  to: checks.fitting(context, range.to, { type: intType }),
})

function checkForRange(context: Context, statement: Of<'for-range'>): Statement {
  const { span, annotation } = statement
  const range = checkRange(context, statement.range)
  const inside = inner({ ...context, loop: true }, barrierOf(statement))
  const local = addLocal(inside, statement.name, intType, 'loop')
  const body = checkArm(inside, statement.body)
  return { kind: 'for-range', local, range, body, span, annotation }
}

function checkForPool(context: Context, statement: Of<'for-pool'>): Statement {
  const { globals } = context
  const { span, annotation, name } = statement
  const { text } = statement.pool
  const entry = globals.values.get(text)
  const inside = inner({ ...context, loop: true }, barrierOf(statement))
  if (entry?.kind !== 'pool') {
    if (entry?.kind !== 'unknown') {
      const pools = [...globals.values].flatMap(([each, { kind }]) => (kind === 'pool' ? each : []))
      globals.report(unknownPool(statement.pool.span, text, nearest(text, pools)))
    }
    addLocal(inside, name, poison, 'loop')
    return checkArm(inside, statement.body)
  }
  const { pool } = entry
  globals.used.add(pool)
  const type: Type = { kind: 'pointer', to: { kind: 'struct', struct: pool.struct } }
  const local = addLocal(inside, name, type, 'loop')
  const body = checkArm(inside, statement.body)
  return { kind: 'for-pool', local, pool, body, span, annotation }
}

function checkReturn(context: Context, statement: Of<'return'>): Statement {
  const { globals, body } = context
  const { span, annotation, value } = statement
  const result = body?.result ?? null
  const declared = body?.op?.span ?? null
  if (!value) {
    if (result && !isPoison(result)) globals.report(returnMissingValue(span, result, declared))
    return { kind: 'return', value: null, span, annotation }
  }
  if (!result) {
    const what = body?.op ? `\`${body.op.name}\`` : 'this body'
    globals.report(returnUnexpected(value.span, what, declared))
    return { kind: 'return', value: null, span, annotation }
  }
  const wanted = declared ? { span: declared, text: 'declared here' } : undefined
  const given = checks.fitting(context, value, { type: result, declared: wanted })
  return { kind: 'return', value: given, span, annotation }
}

function checkGoto(context: Context, statement: Of<'goto'>): Statement {
  const { globals, body } = context
  const { span, annotation } = statement
  const { text, span: at } = statement.label
  const entry = body?.labels.get(text)
  if (!entry) {
    globals.report(unknownLabel(at, text, nearest(text, body?.labels.keys() ?? [])))
    return { kind: 'skip', span, annotation }
  }
  const entered = enteredBy(entry, context.enclosing)
  if (entered) globals.report(gotoInto(span, text, entered.what, entry.label.span))
  return { kind: 'goto', label: entry.label, span, annotation }
}

function checkChoose(context: Context, statement: Of<'choose'>): Statement {
  const { globals } = context
  const { span, annotation, name } = statement
  const range = checkRange(context, statement.range)
  const local = context.scope.find(name.text)
  if (local && local.role === 'local' && local.type.kind === 'int') {
    return { kind: 'choose', local, range, span, annotation }
  }
  if (local && isPoison(local.type)) return { kind: 'skip', span, annotation }
  if (local || globals.values.has(name.text)) globals.report(chooseTarget(name.span, name.text))
  else {
    const near = nearest(name.text, context.scope.names())
    globals.report(unknownName(name.span, name.text, near, []))
  }
  return { kind: 'skip', span, annotation }
}
