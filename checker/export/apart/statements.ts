import { conditional, number } from '../elaborate/terms.js'
import type { Index, Num, Procedure, Statement } from '../program.js'
import { bound, type Names, numOf, over, placeOf, refuse, testOf, who } from './terms.js'

/** The procedure for whoever moves, and whether it must be told who that is. */
export type Callee = (
  procedure: Procedure,
  self: Names['self'],
) => { readonly procedure: Procedure; readonly isTold: boolean }

export function statementsOf(
  statements: readonly Statement[],
  names: Names,
  callee: Callee,
): readonly Statement[] {
  return statements.flatMap((statement) => {
    const here = { ...names, place: statement.note ?? names.place }
    return statementOf(statement, here, callee).map((one) =>
      statement.note === undefined ? one : { ...one, note: statement.note },
    )
  })
}

function statementOf(statement: Statement, names: Names, callee: Callee): readonly Statement[] {
  const within = (parts: readonly Statement[]) => statementsOf(parts, names, callee)
  switch (statement.kind) {
    case 'set':
      if (statement.variable.holds === 'process') return handOver(statement, names)
      return [{ kind: 'set', ...placeOf(statement, names), value: numOf(statement.value, names) }]
    case 'let':
      return [{ ...statement, value: numOf(statement.value, names) }]
    case 'fault':
      return [{ ...statement, when: testOf(statement.when, names) }]
    case 'select': {
      const options = statement.options.map(({ when, value }) => ({
        when: testOf(when, names),
        value: numOf(value, names),
      }))
      return [{ ...statement, options }]
    }
    case 'if': {
      const test = testOf(statement.test, names)
      if (test.kind === 'constant') return within(test.value ? statement.then : statement.otherwise)
      const [then, otherwise] = [within(statement.then), within(statement.otherwise)]
      return [{ ...statement, test, then, otherwise }]
    }
    case 'each':
      return over(statement.index, names).map((index) => {
        const inside = { ...names, indexes: bound(names, statement.index, index) }
        return {
          ...statement,
          index,
          statements: statementsOf(statement.statements, inside, callee),
        }
      })
    case 'call': {
      const { procedure, isTold } = callee(statement.procedure, names.self)
      const passed = statement.arguments.map((argument, at) => {
        const parameter = statement.procedure.parameters[at]
        return parameter?.holds === 'process' ? who(argument, names).num : numOf(argument, names)
      })
      const told = isTold && names.self !== null ? [names.self.num] : []
      return [{ ...statement, procedure, arguments: [...told, ...passed] }]
    }
  }
}

/** From now on the variable holds another process, or nobody. */
function handOver(
  { variable, indexes, value }: Statement & { readonly kind: 'set' },
  names: Names,
): readonly Statement[] {
  const { parts } = names
  if (value.kind === 'read') refuse(`${variable.name} set to another owner`, names)
  const { family, num } = who(value, names)
  const places = indexes.map((index) => numOf(index, names))
  const others = parts.others(variable)
  const plain: readonly Statement[] =
    others === null
      ? []
      : [
          {
            kind: 'set',
            variable: others,
            indexes: places,
            value: family === null ? num : number(-1),
          },
        ]
  const members = parts.held(variable).flatMap((each): readonly Statement[] => {
    const part = parts.oneOf(variable, each)
    if (part === null) return []
    const index: Index = { name: 'p', from: each.first, to: each.last, over: 'process' }
    const one: Num = { kind: 'index', index }
    const is = conditional(
      family === each
        ? { kind: 'compare', operator: '==', left: one, right: num }
        : { kind: 'constant', value: false },
      number(1),
      number(0),
    )
    const set: Statement = { kind: 'set', variable: part, indexes: [...places, one], value: is }
    return [{ kind: 'each', index, statements: [set] }]
  })
  return [...plain, ...members]
}
