import type { CheckedModel, Statement } from './model.js'

/** What becomes of one statement, of which the inner ones have been edited. */
export type Edit = (statement: Statement) => Statement

/** A model with each of its statements as `edit` gives it. Names, types and places stay those of the text. */
export function editStatements(model: CheckedModel, edit: Edit): CheckedModel {
  const bodies = <Part extends { readonly body: readonly Statement[] }>(parts: readonly Part[]) =>
    parts.map((part) => ({ ...part, body: editBody(part.body, edit) }))
  return {
    ...model,
    ops: bodies(model.ops),
    init: model.init.map((body) => editBody(body, edit)),
    processes: bodies(model.processes),
    shrinkers: bodies(model.shrinkers),
    invariants: bodies(model.invariants),
    finals: bodies(model.finals),
  }
}

export const editBody = (body: readonly Statement[], edit: Edit): readonly Statement[] =>
  body.map((statement) => edit(editInside(statement, edit)))

function editInside(statement: Statement, edit: Edit): Statement {
  const one = (inner: Statement): Statement => edit(editInside(inner, edit))
  switch (statement.kind) {
    case 'block':
    case 'atomic':
      return { ...statement, body: editBody(statement.body, edit) }
    case 'if': {
      const otherwise = statement.otherwise && one(statement.otherwise)
      return { ...statement, then: one(statement.then), otherwise }
    }
    case 'while':
    case 'for-range':
    case 'for-pool':
      return { ...statement, body: one(statement.body) }
    case 'either': {
      const branches = statement.branches.map((branch) => editBody(branch, edit))
      return { ...statement, branches }
    }
    default:
      return statement
  }
}

/** Every body of statements there is, in the order of the parts of a model. */
export const bodiesOf = (model: CheckedModel): readonly (readonly Statement[])[] => [
  ...model.ops.map((op) => op.body),
  ...model.init,
  ...[...model.processes, ...model.shrinkers].map((part) => part.body),
  ...[...model.invariants, ...model.finals].map((property) => property.body),
]
