import { type Diagnostic, hasErrors, type Outcome } from '../diagnostics/diagnostic.js'
import { checkBounds } from './bounds.js'
import { checkConstant } from './check-expression.js'
import { checkOps, resolveSignatures } from './check-ops.js'
import { checkParts, type Parts } from './check-parts.js'
import { attempt, evaluateConstants, fixed } from './configuration.js'
import { designRowCount, designRows, rowText } from './configure.js'
import { type Declared, declare } from './declare.js'
import { evaluate } from './evaluate.js'
import { checkKeptPointers } from './kept-pointers.js'
import type { LoadedFiles } from './load.js'
import type { CheckedModel, Configuration, Constant, Op, Pool, Struct } from './model.js'
import { checkRecursion } from './recursion.js'
import { reportDuplicates, sharedInitial, sharedType } from './resolve-type.js'
import type { Draft, Globals } from './scopes.js'
import { applySettings } from './settings.js'
import { typeCycle } from './type-errors.js'
import { intType, isPoison } from './types.js'
import { findWarnings } from './warnings.js'

/** Rows beyond this are not looked at one by one: their bounds are judged when they are configured. */
const rowsMax = 4096

/**
 * The whole analysis: names, types, finiteness. Never throws on what a user wrote; says as much in one run
 * as can be said without guessing. `result` is null exactly when there is an error.
 */
export function analyse(loaded: LoadedFiles): Outcome<CheckedModel> {
  const diagnostics: Diagnostic[] = []
  const globals = emptyGlobals(loaded, diagnostics)
  const declared = declare(globals, loaded)
  applySettings(declared, loaded)
  const constants = declared.constants.finish()
  resolveStorage(declared)
  const scopes = resolveSignatures(declared)
  checkOps(declared, scopes)
  const parts = checkParts(declared, loaded)
  const order = checkRecursion(
    globals,
    declared.ops.map((each) => each.op),
  )
  checkKeptPointers(globals)
  checkConstants(globals, constants)
  if (hasErrors(diagnostics)) return { result: null, diagnostics: inOrder(loaded, diagnostics) }
  const model = assemble(loaded, declared, constants, order, parts)
  diagnostics.push(...checkRows(globals, model))
  if (hasErrors(diagnostics)) return { result: null, diagnostics: inOrder(loaded, diagnostics) }
  diagnostics.push(...findWarnings(model, loaded, globals))
  return { result: model, diagnostics: inOrder(loaded, diagnostics) }
}

function emptyGlobals(loaded: LoadedFiles, diagnostics: Diagnostic[]): Globals {
  const span = { file: loaded.model.path, from: 0, to: 0 }
  const struct: Draft<Struct> = { kind: 'struct', name: 'task', span, members: [], pools: [] }
  const tasks: Pool = { kind: 'pool', name: 'tasks', span, struct, size: null, safety: 'ordinary' }
  struct.pools = [tasks]
  const said = new Set<string>()
  return {
    types: new Map(),
    values: new Map(),
    enumerations: new Map(),
    violations: new Map(),
    tasks,
    used: new Set(),
    calls: [],
    pointerUses: { kept: new Map(), handedOn: [], places: [] },
    divisors: [],
    report(diagnostic) {
      // a type is resolved at each of its names, and would repeat itself
      const { at } = diagnostic
      const key = `${diagnostic.code} ${at.from} ${at.to} ${at.file}`
      if (said.has(key)) return
      said.add(key)
      diagnostics.push(diagnostic)
    },
  }
}

/** Evaluates the defaults, unless a mistake leaves one of them open: what follows from it would be guessed. */
function checkConstants(globals: Globals, constants: readonly Constant[]): void {
  if (constants.some((constant) => isPoison(constant.value.type))) return
  for (const each of evaluateConstants(constants, new Map()).diagnostics) globals.report(each)
}

/** Members, pools and shared variables. */
function resolveStorage(declared: Declared): void {
  const { globals } = declared
  for (const { struct, members } of declared.structs) {
    const declarators = members.flatMap((member) =>
      member.declarators.map((declarator) => ({ member, declarator })),
    )
    reportDuplicates(
      globals,
      declarators.map(({ declarator }) => declarator.name),
    )
    struct.members = declarators.map(({ member, declarator }) => {
      const { text: name, span } = declarator.name
      const type = sharedType(globals, member.type, declarator)
      const initial = sharedInitial(globals, type, declarator.initial)
      return { kind: 'member', name, span, type, initial }
    })
  }
  for (const { struct } of declared.structs) checkNesting(globals, struct)
  for (const { pool, size } of declared.pools) {
    pool.size = checkConstant(globals, size, intType, 'the size of a pool')
  }
  for (const { variable, type, declarator } of declared.variables) {
    variable.type = sharedType(globals, type, declarator)
    variable.initial = sharedInitial(globals, variable.type, declarator.initial)
  }
}

/** A struct that holds itself by value; its members are taken out, so that nothing walks in circles. */
function checkNesting(globals: Globals, root: Draft<Struct>): void {
  const reaches = (struct: Struct, seen: Set<Struct>): boolean => {
    for (const member of struct.members) {
      let { type } = member
      while (type.kind === 'array') type = type.of
      if (type.kind !== 'struct') continue
      if (type.struct === root) return true
      if (seen.has(type.struct)) continue
      seen.add(type.struct)
      if (reaches(type.struct, seen)) return true
    }
    return false
  }
  if (!reaches(root, new Set())) return
  globals.report(typeCycle(root.span, root.name))
  root.members = root.members.filter(({ type }) => type.kind !== 'struct' && type.kind !== 'array')
}

function assemble(
  loaded: LoadedFiles,
  declared: Declared,
  constants: readonly Constant[],
  order: readonly Op[],
  parts: Parts,
): CheckedModel {
  const { globals } = declared
  const withTasks = globals.used.has(globals.tasks)
  const model = loaded.model.tree.declarations.find((each) => each.kind === 'model')
  return {
    name: model?.kind === 'model' ? model.name.text : '',
    sources: loaded.sources,
    constants,
    structs: declared.structs
      .map((each) => each.struct)
      .filter((struct) => withTasks || struct !== globals.tasks.struct),
    pools: [...(withTasks ? [globals.tasks] : []), ...declared.pools.map((each) => each.pool)],
    variables: declared.variables.map((each) => each.variable),
    ops: order.filter((op) => !declared.overridden.has(op)),
    ...parts,
    violations: new Map([...globals.violations].map(([kind, { headline }]) => [kind, headline])),
  }
}

/** What depends on the values of constants, in the default row and in every other one. */
function checkRows(globals: Globals, model: CheckedModel): readonly Diagnostic[] {
  const found = new Map<string, Diagnostic>()
  const keep = (diagnostics: readonly Diagnostic[]): void => {
    for (const each of diagnostics) {
      const key = `${each.code} ${each.at.from} ${each.at.file}`
      if (!found.has(key)) found.set(key, each)
    }
  }
  const { configuration } = evaluateConstants(model.constants, new Map())
  keep(checkBounds(model, configuration, ''))
  keep(checkDivisors(globals, configuration))
  if (found.size > 0 || designRowCount(model) > rowsMax) return [...found.values()]
  for (const row of designRows(model)) keep(checkBounds(model, row, rowText(model, row)))
  return [...found.values()]
}

function checkDivisors(globals: Globals, configuration: Configuration): readonly Diagnostic[] {
  return globals.divisors.filter(fixed).flatMap((divisor) => {
    const one = { kind: 'literal', value: 1, span: divisor.span, type: intType } as const
    const quotient = attempt(() =>
      evaluate(
        {
          kind: 'binary',
          operator: '/',
          left: one,
          right: divisor,
          span: divisor.span,
          type: intType,
        },
        configuration,
      ),
    )
    return typeof quotient === 'number' || isPoison(divisor.type) ? [] : [quotient]
  })
}

/** By place: the model's own file first, then the others as they were read. */
function inOrder(loaded: LoadedFiles, diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const rank = new Map([...loaded.sources.keys()].map((path, index) => [path, index]))
  return [...diagnostics].sort(
    (a, b) =>
      (rank.get(a.at.file) ?? 0) - (rank.get(b.at.file) ?? 0) ||
      a.at.from - b.at.from ||
      a.at.to - b.at.to,
  )
}
