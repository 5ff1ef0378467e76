import type {
  CheckedModel,
  Constant,
  Enumeration,
  Expression,
  Op,
  Process,
  Property,
  Statement,
  Struct,
  Type,
} from './model.js'
import { declarationText, expressionText, rangeText, typeText } from './text-of.js'
import { walkStatements } from './walk.js'

/**
 * A checked model as text, for people and golden tests: what was resolved and typed, in an order that only
 * the model's own text decides. One line for each declaration and each statement.
 */
export function dumpModel(model: CheckedModel): string {
  const lines = [
    `model ${model.name}`,
    ...section('constants', model.constants.map(constantLine)),
    ...section('enumerations', enumerationsOf(model).map(enumerationLine)),
    ...section('structs', model.structs.flatMap(structLines)),
    ...section(
      'pools',
      model.pools.map((pool) => {
        const size = pool.size ? expressionText(pool.size) : 'one a process'
        return `${pool.struct.name} ${pool.name}[${size}] ${pool.safety}`
      }),
    ),
    ...section('variables', model.variables.map(storedLine)),
    ...section(
      'violations',
      [...model.violations].map(([kind, text]) => `${kind} "${text}"`),
    ),
    ...model.ops.flatMap(opLines),
    ...model.init.flatMap((body) => ['', 'init', ...bodyLines(body, 1)]),
    ...model.processes.flatMap(processLines),
    ...model.invariants.flatMap((property) => propertyLines('invariant', property)),
    ...model.finals.flatMap((property) => propertyLines('finally', property)),
    ...section(
      'covers',
      model.covers.map((cover) => `${cover.name}: ${expressionText(cover.condition)}`),
    ),
    ...section(
      'checks',
      [...model.checks].map(([kind, on]) => (on ? kind : `not ${kind}`)),
    ),
    ...section(
      'expectations',
      model.expectations.map(({ verdict, kinds, when }) => {
        const what = [verdict, kinds.join(', ')].filter(Boolean).join(' ')
        return when ? `${what} when ${expressionText(when)}` : `${what} otherwise`
      }),
    ),
  ]
  return `${lines.join('\n')}\n`
}

const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)]

function constantLine(constant: Constant): string {
  const { role, name, type, value, settable } = constant
  const fixed = role === 'param' && !settable ? ' (set by the model)' : ''
  return `${role} ${name} : ${typeText(type)} = ${expressionText(value)}${fixed}`
}

/** In the order in which a reader of this text meets them. */
function enumerationsOf(model: CheckedModel): readonly Enumeration[] {
  const found = new Set<Enumeration>()
  const add = (type: Type): void => {
    if (type.kind === 'enum') found.add(type.enumeration)
    if (type.kind === 'array') add(type.of)
    if (type.kind === 'pointer' && type.to.kind !== 'struct') add(type.to)
  }
  for (const constant of model.constants) add(constant.type)
  for (const struct of model.structs) for (const member of struct.members) add(member.type)
  for (const variable of model.variables) add(variable.type)
  for (const op of model.ops) {
    add(op.result)
    for (const parameter of op.parameters) add(parameter.type)
    walkStatements(op.body, (each) => {
      if (each.kind === 'declare') add(each.local.type)
    })
  }
  return [...found]
}

const enumerationLine = ({ name, values }: Enumeration): string =>
  `${name} { ${values.join(', ')} }`

const storedLine = (stored: {
  readonly name: string
  readonly type: Type
  readonly initial: Expression | null
}): string => {
  const text = declarationText(stored.type, stored.name)
  return stored.initial ? `${text} = ${expressionText(stored.initial)}` : text
}

const structLines = (struct: Struct): readonly string[] => [
  struct.name,
  ...struct.members.map((member) => `  ${storedLine(member)}`),
]

function opLines(op: Op): readonly string[] {
  const parameters = op.parameters.map((parameter) => {
    const text = declarationText(parameter.type, parameter.name)
    return parameter.role === 'macro' ? `macro ${text}` : text
  })
  const head = declarationText(op.result, `${op.name}(${parameters.join(', ')})`)
  const where = op.annotation === null ? '' : ` @ "${op.annotation}"`
  return ['', `${op.atomic ? 'atomic ' : ''}op ${head}${where}`, ...bodyLines(op.body, 1)]
}

function processLines(process: Process): readonly string[] {
  const { daemon, name, family, body } = process
  const members = family ? `[${family.index.name} in ${rangeText(family.range)}]` : ''
  return ['', `${daemon ? 'daemon' : 'thread'} ${name}${members}`, ...bodyLines(body, 1)]
}

const propertyLines = (what: string, property: Property): readonly string[] => [
  '',
  property.name === null ? what : `${what} ${property.name}`,
  ...bodyLines(property.body, 1),
]

const bodyLines = (body: readonly Statement[], depth: number): readonly string[] =>
  body.flatMap((statement) => statementLines(statement, depth))

function statementLines(statement: Statement, depth: number): readonly string[] {
  const where = statement.annotation === null ? '' : ` @ "${statement.annotation}"`
  const margin = '  '.repeat(depth)
  const line = (text: string): string => `${margin}${text}${where}`
  const inside = (body: readonly Statement[]): readonly string[] => bodyLines(body, depth + 1)
  const arm = (only: Statement): readonly string[] =>
    inside(only.kind === 'block' ? only.body : [only])
  switch (statement.kind) {
    case 'block':
      return [line('block'), ...inside(statement.body)]
    case 'atomic':
      return [line('atomic'), ...inside(statement.body)]
    case 'if': {
      const { test, then, otherwise } = statement
      const first = [line(`if ${expressionText(test)}`), ...arm(then)]
      return otherwise ? [...first, line('else'), ...arm(otherwise)] : first
    }
    case 'while':
      return [line(`while ${expressionText(statement.test)}`), ...arm(statement.body)]
    case 'for-range': {
      const { local, range, body } = statement
      return [line(`for ${local.name} in ${rangeText(range)}`), ...arm(body)]
    }
    case 'for-pool': {
      const { local, pool, body } = statement
      return [line(`for ${local.name} in ${pool.name}`), ...arm(body)]
    }
    case 'either':
      return statement.branches.flatMap((branch, index) => [
        line(index === 0 ? 'either' : 'or'),
        ...inside(branch),
      ])
    default:
      return [line(simpleText(statement))]
  }
}

type Compound = 'block' | 'atomic' | 'if' | 'while' | 'for-range' | 'for-pool' | 'either'

function simpleText(statement: Exclude<Statement, { readonly kind: Compound }>): string {
  switch (statement.kind) {
    case 'declare': {
      const text = declarationText(statement.local.type, statement.local.name)
      return statement.initial ? `${text} = ${expressionText(statement.initial)}` : text
    }
    case 'assign': {
      const { target, operator, value } = statement
      return `${expressionText(target)} ${operator ?? ''}= ${expressionText(value)}`
    }
    case 'evaluate':
      return expressionText(statement.expression)
    case 'return':
      return statement.value ? `return ${expressionText(statement.value)}` : 'return'
    case 'label':
      return `${statement.label.name}:`
    case 'goto':
      return `goto ${statement.label.name}`
    case 'choose':
      return `choose ${statement.local.name} in ${rangeText(statement.range)}`
    case 'await': {
      const text = `await ${expressionText(statement.condition)}`
      return statement.otherwise === null ? text : `${text} else ${statement.otherwise}`
    }
    case 'assert':
      return withMessage(`assert ${expressionText(statement.condition)}`, statement.message)
    case 'fail':
      return withMessage(`fail ${statement.violation}`, statement.message)
    case 'break':
    case 'continue':
    case 'skip':
      return statement.kind
  }
}

const withMessage = (text: string, message: string | null): string =>
  message === null ? text : `${text} "${message}"`
