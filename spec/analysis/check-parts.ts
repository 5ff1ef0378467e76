import type * as syntax from '../syntax/tree.js'
import { addLocal } from './check-assign.js'
import { checkConstant, checks } from './check-expression.js'
import { checkBlock, checkKind } from './check-statement.js'
import type { Declared } from './declare.js'
import { duplicateName, unknownProcess } from './errors.js'
import { optionalKinds } from './kinds.js'
import { collectLabels } from './labels.js'
import type { LoadedFiles } from './load.js'
import type {
  Cover,
  Expectation,
  Expression,
  Process,
  Property,
  Shrinker,
  Statement,
} from './model.js'
import { expectNotTotal, notOptional } from './model-errors.js'
import { nearest } from './nearest.js'
import { resolveRange } from './resolve-type.js'
import { type Body, bodyContext, type Globals, Scope } from './scopes.js'
import { boolType, intType } from './types.js'

/** The parts of a model that run or are judged: init, processes, properties, checks, expectations. */

export interface Parts {
  readonly init: readonly (readonly Statement[])[]
  readonly processes: readonly Process[]
  readonly shrinkers: readonly Shrinker[]
  readonly invariants: readonly Property[]
  readonly finals: readonly Property[]
  readonly covers: readonly Cover[]
  readonly checks: ReadonlyMap<string, boolean>
  readonly expectations: readonly Expectation[]
}

interface Collected extends Parts {
  readonly init: (readonly Statement[])[]
  readonly processes: Process[]
  readonly shrinkers: Shrinker[]
  /** Where handlers name the process they interrupt. */
  readonly interrupted: syntax.Name[]
  readonly invariants: Property[]
  readonly finals: Property[]
  readonly covers: Cover[]
  readonly checks: Map<string, boolean>
  readonly expectations: Expectation[]
}

type Of<Kind extends syntax.Declaration['kind']> = syntax.Declaration & { readonly kind: Kind }

export function checkParts(declared: Declared, loaded: LoadedFiles): Parts {
  const { globals } = declared
  const parts: Collected = {
    init: [],
    processes: [],
    shrinkers: [],
    interrupted: [],
    invariants: [],
    finals: [],
    covers: [],
    checks: new Map(),
    expectations: [],
  }
  for (const file of loaded.files) {
    for (const declaration of file.tree.declarations) checkPart(globals, parts, loaded, declaration)
  }
  checkInterrupted(globals, parts)
  const last = parts.expectations.at(-1)
  if (last?.when) globals.report(expectNotTotal(last.span))
  return parts
}

function checkPart(
  globals: Globals,
  parts: Collected,
  loaded: LoadedFiles,
  declaration: syntax.Declaration,
): void {
  switch (declaration.kind) {
    case 'init':
      parts.init.push(checkBody(globals, 'init', declaration.body))
      return
    case 'process':
      checkProcess(globals, parts, declaration)
      return
    case 'shrinker':
      parts.shrinkers.push(checkShrinker(globals, declaration))
      return
    case 'invariant':
      parts.invariants.push(checkInvariant(globals, declaration))
      return
    case 'finally': {
      const body = checkBody(globals, 'finally', declaration.body)
      parts.finals.push({ name: null, span: declaration.span, body })
      return
    }
    case 'cover': {
      const condition = checkCondition(globals, declaration.condition)
      const { span } = declaration.condition
      const source = loaded.sources.get(span.file)
      const name = declaration.name?.text ?? source?.excerpt(span) ?? 'cover'
      parts.covers.push({ name, span: declaration.name?.span ?? span, condition })
      return
    }
    case 'check':
      for (const item of declaration.items) checkItem(globals, parts, item)
      return
    case 'expect':
      parts.expectations.push(checkExpectation(globals, declaration))
      return
    default:
      return
  }
}

const plainBody = (what: Body['what'], labels: Body['labels']): Body => ({
  what,
  op: null,
  result: null,
  labels,
})

function checkBody(
  globals: Globals,
  what: Body['what'],
  block: syntax.Block,
  scope = new Scope(null),
): readonly Statement[] {
  const labels = collectLabels(globals, block.statements)
  const context = bodyContext(globals, scope, plainBody(what, labels))
  return checkBlock(context, block.statements)
}

const checkCondition = (globals: Globals, condition: syntax.Expression): Expression =>
  checks.condition(
    bodyContext(globals, new Scope(null), plainBody('condition', new Map())),
    condition,
  )

function checkProcess(
  globals: Globals,
  parts: Collected,
  declaration: syntax.ProcessDeclaration,
): void {
  const { name, family, context, daemon } = declaration
  if (context) parts.interrupted.push(context.on)
  const before = parts.processes.find((process) => process.name === name.text)
  if (before) globals.report(duplicateName(name.span, name.text, before.span))
  const scope = new Scope(null)
  const outside = bodyContext(globals, scope, plainBody('process', new Map()))
  const members = family && {
    index: addLocal(outside, family.index, intType, 'family'),
    range: resolveRange(globals, family.range, 'the size of a family'),
  }
  const body = checkBody(globals, 'process', declaration.body, new Scope(scope))
  const process: Process = {
    kind: 'process',
    name: name.text,
    span: name.span,
    daemon,
    family: members,
    context: context && { which: context.which, on: context.on.text },
    body,
  }
  parts.processes.push(process)
}

/** A handler runs on the CPU of one thread or daemon, which is no handler itself. */
function checkInterrupted(globals: Globals, parts: Collected): void {
  const tasks = parts.processes.filter((process) => !process.context && !process.family)
  const names = tasks.map((process) => process.name)
  for (const { text, span } of parts.interrupted) {
    if (!names.includes(text)) globals.report(unknownProcess(span, text, nearest(text, names)))
  }
}

function checkShrinker(globals: Globals, declaration: Of<'shrinker'>): Shrinker {
  const { name, span, body } = declaration
  const scope = new Scope(null)
  const outside = bodyContext(globals, scope, plainBody('process', new Map()))
  const gfp = addLocal(outside, { text: 'gfp', span: name.span }, intType, 'family')
  const statements = checkBody(globals, 'process', body, new Scope(scope))
  return { kind: 'shrinker', name: name.text, span, gfp, body: statements }
}

function checkInvariant(globals: Globals, declaration: Of<'invariant'>): Property {
  const { name, span, condition, body } = declaration
  const at = name?.span ?? span
  if (body)
    return { name: name?.text ?? null, span: at, body: checkBody(globals, 'invariant', body) }
  if (!condition) return { name: name?.text ?? null, span: at, body: [] }
  const operand = checkCondition(globals, condition)
  const where = { span: condition.span, annotation: null }
  const then: Statement = {
    kind: 'fail',
    violation: 'invariant',
    message: name?.text ?? null,
    ...where,
  }
  const test: Expression = {
    kind: 'unary',
    operator: '!',
    operand,
    span: condition.span,
    type: boolType,
  }
  const guard: Statement = { kind: 'if', test, then, otherwise: null, ...where }
  return { name: name?.text ?? null, span: at, body: [guard] }
}

function checkItem(globals: Globals, parts: Collected, item: syntax.CheckItem): void {
  const { text, span } = item.kind
  if (!checkKind({ globals }, item.kind)) return
  if (!item.on && !optionalKinds.has(text)) {
    globals.report(notOptional(span, text, [...optionalKinds]))
    return
  }
  parts.checks.set(text, item.on)
}

function checkExpectation(globals: Globals, declaration: Of<'expect'>): Expectation {
  const { span, verdict, kinds, when } = declaration
  for (const kind of kinds) checkKind({ globals }, kind)
  return {
    span,
    verdict,
    kinds: kinds.map((kind) => kind.text),
    when: when && checkConstantCondition(globals, when),
  }
}

/** `when` of an expectation: a constant, and like every condition a number counts as `!= 0`. */
function checkConstantCondition(globals: Globals, when: syntax.Expression): Expression {
  return checkConstant(globals, when, boolType, 'the condition of an `expect`')
}
