import type { Index, Num, Statement, Test, Variable } from '../program.js'
import { partsOf, readsOf } from './working.js'

/** Whether every turn sets and reads only its own elements of what the turns set: the order of the turns is nothing. */
export function hasOwnElements(index: Index, statements: readonly Statement[]): boolean {
  const targets = new Set<Variable>()
  let isOwn = true
  const places: { readonly variable: Variable; readonly indexes: readonly Num[] }[] = []
  const look = (node: Num | Test): void => {
    if (node.kind === 'read') places.push(node)
    partsOf(node).forEach(look)
  }
  const visit = (statement: Statement): void => {
    switch (statement.kind) {
      case 'set':
        targets.add(statement.variable)
        places.push(statement)
        break
      case 'if':
        statement.then.forEach(visit)
        statement.otherwise.forEach(visit)
        break
      default:
        isOwn = false
    }
    nodesOf(statement).forEach(look)
  }
  statements.forEach(visit)
  return isOwn && places.every((place) => !targets.has(place.variable) || isFirst(index, place))
}

const isFirst = (index: Index, { indexes }: { readonly indexes: readonly Num[] }): boolean => {
  const [first] = indexes
  return first?.kind === 'index' && first.index === index
}

/** What a statement itself reads, without those inside of it. */
export function nodesOf(statement: Statement): readonly (Num | Test)[] {
  switch (statement.kind) {
    case 'set':
      return [...statement.indexes, statement.value]
    case 'let':
      return [statement.value]
    case 'fault':
      return [statement.when]
    case 'select':
      return statement.options.flatMap(({ when, value }) => [when, value])
    case 'if':
      return [statement.test]
    case 'each':
      return []
    case 'call':
      return statement.arguments
  }
}

export function partsIn(statement: Statement): readonly Statement[] {
  if (statement.kind === 'if') return [...statement.then, ...statement.otherwise]
  return statement.kind === 'each' ? statement.statements : []
}

/** Every variable that statements read. */
export function readIn(statements: readonly Statement[]): ReadonlySet<Variable> {
  const found = new Set<Variable>()
  for (const statement of statements) {
    for (const variable of readsOf(nodesOf(statement))) found.add(variable)
    for (const variable of readIn(partsIn(statement))) found.add(variable)
  }
  return found
}
