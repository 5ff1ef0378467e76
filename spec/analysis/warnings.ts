import type { Diagnostic } from '../diagnostics/diagnostic.js'
import { attempt, fixed, paramFree } from './configuration.js'
import { designRowCount, designRows } from './configure.js'
import { evaluate } from './evaluate.js'
import { flowOf } from './flow.js'
import type { LoadedFiles } from './load.js'
import type { CheckedModel, Configuration, Expression, Statement } from './model.js'
import type { Globals } from './scopes.js'
import { findUnlocks } from './unlocks.js'
import { walkStatements } from './walk.js'
import { neverMatched, neverTaken, neverUsed, noStep, unreachable } from './warning-messages.js'

/** Beyond this many rows nothing is said about "every design". */
const rowsMax = 4096

/** What is legal in a sound model and most likely not meant. Libraries are not judged: models use parts of them. */
export function findWarnings(
  model: CheckedModel,
  loaded: LoadedFiles,
  globals: Globals,
): readonly Diagnostic[] {
  const { path } = loaded.model
  const rows = designRowCount(model) <= rowsMax ? designRows(model) : []
  const bodies = ownBodies(model)
  return [
    ...findUnmatched(model, rows),
    ...findUnused(model, globals),
    ...findIdle(model),
    ...bodies.flatMap((body) => flowOf(body).unreachable.map((each) => unreachable(each.span))),
    ...bodies.flatMap((body) => findUntaken(body, rows)),
    ...findUnlocks(model),
  ].filter((diagnostic) => diagnostic.at.file === path)
}

const ownBodies = (model: CheckedModel): readonly (readonly Statement[])[] => [
  ...model.ops.map((op) => op.body),
  ...model.init,
  ...model.processes.map((process) => process.body),
  ...model.invariants.map((property) => property.body),
  ...model.finals.map((property) => property.body),
]

const truth = (condition: Expression, row: Configuration): boolean => {
  const value = attempt(() => evaluate(condition, row))
  return typeof value === 'number' && value !== 0
}

function findUnmatched(model: CheckedModel, rows: readonly Configuration[]): readonly Diagnostic[] {
  if (rows.length === 0) return []
  const open = new Set(rows)
  const found: Diagnostic[] = []
  for (const { when, span } of model.expectations) {
    // `otherwise` is there for the rows nobody thought of; a params' row is met with those params only
    if (!when) continue
    if (!paramFree(when)) continue
    const fitting = rows.filter((row) => truth(when, row))
    if (!fitting.some((row) => open.has(row))) found.push(neverMatched(span, fitting.length > 0))
    for (const row of fitting) open.delete(row)
  }
  return found
}

function findUnused(model: CheckedModel, globals: Globals): readonly Diagnostic[] {
  const unused = (thing: object): boolean => !globals.used.has(thing)
  const roles = { param: 'param', design: 'design choice', const: 'const' }
  return [
    ...model.constants
      .filter(unused)
      .map((constant) => neverUsed(constant.span, roles[constant.role], constant.name)),
    ...model.variables
      .filter(unused)
      .map((variable) => neverUsed(variable.span, 'variable', variable.name)),
    ...model.ops.filter(unused).map((op) => neverUsed(op.span, 'op', op.name)),
  ]
}

function findIdle(model: CheckedModel): readonly Diagnostic[] {
  return model.processes.flatMap((process) => {
    let acts = false
    walkStatements(process.body, (statement) => {
      if (statement.kind !== 'block' && statement.kind !== 'skip') acts = true
    })
    if (acts) return []
    return [noStep(process.span, process.daemon ? 'daemon' : 'thread', process.name)]
  })
}

/** Branches that no design takes. Conditions that are plainly `true` or depend on params are meant as they are. */
function findUntaken(
  body: readonly Statement[],
  rows: readonly Configuration[],
): readonly Diagnostic[] {
  const found: Diagnostic[] = []
  if (rows.length === 0) return found
  walkStatements(body, (statement) => {
    if (statement.kind !== 'if') return
    const { test, otherwise } = statement
    if (!paramFree(test) || fixed(test)) return
    const truths = rows.map((row) => truth(test, row))
    if (!truths.includes(true)) found.push(neverTaken(test.span, false))
    else if (!truths.includes(false) && otherwise) found.push(neverTaken(test.span, true))
  })
  return found
}
