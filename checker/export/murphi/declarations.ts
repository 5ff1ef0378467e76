import type { CodeNote, Dimension, Index, Program, Statement, Variable } from '../program.js'
import { comment, type Globals, indented, type ProcessType, rangeText } from './words.js'

export interface Declared {
  readonly lines: readonly string[]
  readonly all: ProcessType
  /** By code. */
  readonly families: readonly ProcessType[]
  /** By process. */
  readonly constants: readonly string[]
}

/**
 * Constants for the processes, types of their numbers, and the variables with what their numbers stand for. Families
 * that are scalarsets have no numbers.
 */
export function declarations(
  program: Program,
  globals: Globals,
  scalarsets: readonly CodeNote[],
): Declared {
  const variables = program.variables.map((variable) => ({ variable, name: globals.of(variable) }))
  const isScalarset = ({ from }: { readonly from: number }) =>
    scalarsets.some(({ first, last }) => from >= first && from <= last)
  const constants = program.processes.map(({ name }, process) =>
    isScalarset({ from: process }) ? name : globals.fresh(name),
  )
  const all = { name: globals.fresh('process_t'), from: 0, to: constants.length - 1 }
  const families = program.codes.map(({ name, first, last }) => ({
    name: globals.fresh(`${name}_t`),
    from: first,
    to: last,
  }))
  for (const family of families) if (isScalarset(family)) globals.addScalarset(family)
  const numbered = constants.flatMap((name, process) =>
    isScalarset({ from: process }) ? [] : [`${name}: ${process};`],
  )
  const types = [
    ...(numbered.length === 0 ? [] : [all]),
    ...families.filter(({ from, to }) => from < to),
  ]
  const lines = [
    ...(numbered.length === 0 ? [] : ['const', ...indented(numbered), '']),
    'type',
    ...indented(
      types.map((type) => {
        const isNumbers = type === all || !isScalarset(type)
        const range = isNumbers ? rangeText(type) : `scalarset(${type.to - type.from + 1})`
        return `${type.name}: ${range};`
      }),
    ),
    '',
    'var',
    ...indented(variables.flatMap((each) => declaration(each.variable, each.name, types))),
  ]
  return { lines, all, families, constants }
}

function declaration(
  variable: Variable,
  name: string,
  types: readonly ProcessType[],
): readonly string[] {
  const dimensions = variable.dimensions.map((each) => `array [${indexText(each, types)}] of `)
  const text = `${name}: ${dimensions.join('')}${rangeText(variable)};`
  return variable.note === '' ? [text] : [comment(variable.note), text]
}

function indexText(dimension: Dimension, types: readonly ProcessType[]): string {
  const named =
    dimension.over === 'process' &&
    types.find(({ from, to }) => from === dimension.from && to === dimension.to)
  return named ? named.name : rangeText(dimension)
}

/** The initial values, as assignments. */
export function initialValues(variables: readonly Variable[]): readonly Statement[] {
  const known: Index[] = []
  return variables.flatMap((variable) => {
    const { initial } = variable
    const values = typeof initial === 'number' ? [initial] : initial
    const [first = 0] = values
    const places = positions(variable.dimensions)
    if (places.length > 1 && values.every((value) => value === first)) {
      return everyElement(variable, first, known)
    }
    return places.map((indexes, at): Statement => {
      const value = values[at]
      if (value === undefined) throw new Error(`${variable.name} has no initial value ${at}`)
      return {
        kind: 'set',
        variable,
        indexes: indexes.map((index) => ({ kind: 'number', value: index })),
        value: { kind: 'number', value },
      }
    })
  })
}

/** `known`: the indexes that were used so far. Those that run alike are one, and have one name. */
function everyElement(variable: Variable, value: number, known: Index[]): readonly Statement[] {
  const indexes: Index[] = []
  for (const { from, to, over } of variable.dimensions) {
    const free = known.find(
      (one) => one.from === from && one.to === to && one.over === over && !indexes.includes(one),
    )
    const index = free ?? { name: 'i', from, to, over }
    if (free === undefined) known.push(index)
    indexes.push(index)
  }
  let statement: Statement = {
    kind: 'set',
    variable,
    indexes: indexes.map((index) => ({ kind: 'index', index })),
    value: { kind: 'number', value },
  }
  for (const index of indexes.reverse())
    statement = { kind: 'each', index, statements: [statement] }
  return [statement]
}

/** Every element's indexes, in row-major order. */
function positions(dimensions: readonly Dimension[]): readonly (readonly number[])[] {
  let found: readonly (readonly number[])[] = [[]]
  for (const { from, to } of dimensions) {
    const here = Array.from({ length: to - from + 1 }, (_, at) => from + at)
    found = found.flatMap((before) => here.map((index) => [...before, index]))
  }
  return found
}
