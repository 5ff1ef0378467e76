import type { Index, Num, Statement, Temporary, Test, Variable } from '../program.js'
import { numText, testText } from './expression.js'
import { hasOwnElements, readIn } from './independent.js'
import type { Lines } from './words.js'
import {
  isName,
  isPlain,
  readsOf,
  type Scope,
  valueText,
  type Working,
  type Worth,
  withTemporary,
  withVariable,
  worthOf,
} from './working.js'

/** A working state, and the definitions (`LET x == … IN`) in which its texts hold. */
export interface Reached {
  readonly lets: Lines
  readonly working: Working
}

/** Statements that neither choose nor fault. */
export function reach(statements: readonly Statement[], working: Working, scope: Scope): Reached {
  let reached: Reached = { lets: [], working }
  for (const statement of statements) {
    const { lets, working: next } = reachOne(statement, reached.working, scope)
    reached = { lets: [...reached.lets, ...lets], working: next }
  }
  return reached
}

function reachOne(statement: Statement, working: Working, scope: Scope): Reached {
  switch (statement.kind) {
    case 'set': {
      const { variable, indexes, value } = statement
      const read = nameRead([...indexes, value], working, scope)
      const named = nameBase(variable, read, scope)
      const text = (num: Num) => numText(num, named.working, scope)
      const worth = worthOf(variable, named.working, scope)
      const places = indexes.slice(worth.fixed).map(text)
      const changed = changedAt(worth, places, text(value))
      return { lets: named.lets, working: withVariable(named.working, variable, changed) }
    }
    case 'let': {
      const named = nameRead([statement.value], working, scope)
      const text = numText(statement.value, named.working, scope)
      return define(statement.temporary, text, named, scope)
    }
    case 'if':
      return reachEither(statement, working, scope)
    case 'each':
      return reachEach(statement, working, scope)
    case 'call': {
      const { procedure, arguments: passed } = statement
      let reached = nameRead(passed, working, scope)
      for (const [at, parameter] of procedure.parameters.entries()) {
        const argument = passed[at]
        if (argument === undefined) throw new Error(`${procedure.name} lacks an argument`)
        // Arguments are texts over what is named already: no parameter hides what a later one reads.
        const text = numText(
          argument,
          { ...reached.working, temporaries: working.temporaries },
          scope,
        )
        reached = define(parameter, text, reached, scope)
      }
      const inside = reach(procedure.statements, reached.working, scope)
      return { lets: [...reached.lets, ...inside.lets], working: inside.working }
    }
    default:
      throw new Error(`${statement.kind} is no plain statement`)
  }
}

function changedAt(worth: Worth, places: readonly string[], value: string): Worth {
  if (places.length === 0) return { ...worth, base: value, updates: [] }
  const update = `!${places.map((place) => `[${place}]`).join('')} = ${value}`
  return { ...worth, updates: [...worth.updates, update] }
}

function define(
  temporary: Parameters<typeof withTemporary>[1],
  text: string,
  { lets, working }: Reached,
  scope: Scope,
): Reached {
  if (isName(text)) return { lets, working: withTemporary(working, temporary, text) }
  const name = scope.names.fresh(temporary.name)
  return {
    lets: [...lets, `LET ${name} == ${text} IN`],
    working: withTemporary(working, temporary, name),
  }
}

/** Gives a name to what changed and is now read. */
export function nameRead(nodes: readonly (Num | Test)[], working: Working, scope: Scope): Reached {
  return nameAll([...readsOf(nodes)], working, scope)
}

function nameAll(variables: readonly Variable[], working: Working, scope: Scope): Reached {
  const lets: string[] = []
  let named = working
  for (const variable of variables) {
    const worth = worthOf(variable, named, scope)
    if (isPlain(worth)) continue
    const name = scope.names.fresh(variable.name)
    lets.push(`LET ${name} == ${valueText(worth)} IN`)
    named = withVariable(named, variable, { base: name, fixed: worth.fixed, updates: [] })
  }
  return { lets, working: named }
}

/** What is updated by elements has a name or is an element itself. */
function nameBase(variable: Variable, reached: Reached, scope: Scope): Reached {
  const worth = worthOf(variable, reached.working, scope)
  if (worth.fixed === variable.dimensions.length || isPlain({ ...worth, updates: [] }))
    return reached
  const { lets, working } = nameAll([variable], reached.working, scope)
  return { lets: [...reached.lets, ...lets], working }
}

/** Every variable that statements may set. */
export function setsOf(statements: readonly Statement[]): ReadonlySet<Variable> {
  const found = new Set<Variable>()
  const visit = (statement: Statement): void => {
    if (statement.kind === 'set') found.add(statement.variable)
    if (statement.kind === 'if') {
      statement.then.forEach(visit)
      statement.otherwise.forEach(visit)
    }
    if (statement.kind === 'each') statement.statements.forEach(visit)
    if (statement.kind === 'call') statement.procedure.statements.forEach(visit)
  }
  statements.forEach(visit)
  return found
}

/** One of two ways without choice or fault: what they leave behind is told apart for each thing they set. */
function reachEither(
  { test, then, otherwise }: Extract<Statement, { readonly kind: 'if' }>,
  before: Working,
  scope: Scope,
): Reached {
  if (test.kind === 'constant') return reach(test.value ? then : otherwise, before, scope)
  const both = [...then, ...otherwise]
  const sets = setsOf(both)
  const start = nameRead([test], before, scope)
  // What is kept aside would be written on both sides.
  const named = nameAll([...sets], start.working, scope)
  const question = testText(test, named.working, scope)
  const arms = [then, otherwise].map((arm) => reach(arm, named.working, scope))
  const choose = (textIn: (after: Working) => string): string => {
    const [yes = '', no = ''] = arms.map(({ lets, working }) =>
      [...lets, textIn(working)].join(' '),
    )
    return yes === no ? yes : `IF ${question} THEN ${yes} ELSE ${no}`
  }
  let reached: Reached = { lets: [...start.lets, ...named.lets], working: named.working }
  for (const variable of sets) {
    const { fixed } = worthOf(variable, named.working, scope)
    const base = choose((after) => valueText(worthOf(variable, after, scope)))
    const working = withVariable(reached.working, variable, { base, fixed, updates: [] })
    reached = { ...reached, working }
  }
  for (const temporary of definedIn(both)) {
    // Where a way leaves it unset, nobody reads it after that way.
    const text = choose((after) => after.temporaries.get(temporary) ?? '0')
    reached = define(temporary, text, reached, scope)
  }
  return reached
}

function definedIn(statements: readonly Statement[]): ReadonlySet<Temporary> {
  return new Set(
    statements.flatMap((each): readonly Temporary[] => {
      if (each.kind === 'let') return [each.temporary]
      return each.kind === 'if' ? [...definedIn([...each.then, ...each.otherwise])] : []
    }),
  )
}

/**
 * For each value of an index. Where every turn has elements of its own, the variables are written as functions of the
 * index; else turn follows turn.
 */
function reachEach(
  { index, statements }: Extract<Statement, { readonly kind: 'each' }>,
  before: Working,
  scope: Scope,
): Reached {
  const sets = [...setsOf(statements)]
  const isFree = sets.every((variable) => worthOf(variable, before, scope).fixed === 0)
  if (isFree && hasOwnElements(index, statements)) {
    const named = nameAll([...sets, ...readIn(statements)], before, scope)
    let { working } = named
    for (const variable of sets) {
      const base = rowsText(variable, index, statements, named.working, scope)
      working = withVariable(working, variable, { base, fixed: 0, updates: [] })
    }
    return { lets: named.lets, working }
  }
  let reached: Reached = { lets: [], working: before }
  for (let value = index.from; value <= index.to; value++) {
    const at = withTemporary(reached.working, index, String(value))
    const turn = reach(statements, at, scope)
    reached = { lets: [...reached.lets, ...turn.lets], working: turn.working }
  }
  return reached
}

/** A variable after every turn, as a function of its first index. */
function rowsText(
  variable: Variable,
  index: Index,
  statements: readonly Statement[],
  before: Working,
  scope: Scope,
): string {
  const [rows] = variable.dimensions
  if (rows === undefined) throw new Error(`${variable.name} has no rows`)
  const name = scope.names.fresh(index.name)
  let turn = withTemporary(before, index, name)
  for (const each of setsOf(statements)) {
    const base = `${valueText(worthOf(each, before, scope))}[${name}]`
    turn = withVariable(turn, each, { base, fixed: 1, updates: [] })
  }
  const { lets, working } = reach(statements, turn, scope)
  const after = [...lets, valueText(worthOf(variable, working, scope))].join(' ')
  const isAll = index.from === rows.from && index.to === rows.to
  const old = `${valueText(worthOf(variable, before, scope))}[${name}]`
  const range = `${index.from}..${index.to}`
  const row = isAll ? after : `IF ${name} \\in ${range} THEN ${after} ELSE ${old}`
  return `[${name} \\in ${rows.from}..${rows.to} |-> ${row}]`
}
