import type { CodeNote, Num, Program, Statement, Temporary, Variable } from '../program.js'
import { partsIn } from './independent.js'
import type { LocalNames } from './words.js'
import { indented, type Lines, listed } from './words.js'

/** What tells a state apart when processes that differ in nothing may be exchanged. */
export interface SymmetricView {
  readonly definitions: readonly Lines[]
  /** The parts of the view. */
  readonly parts: readonly string[]
}

/**
 * The states that differ only in which process of a family is which, as one: for each family how many of its processes
 * are alike, and what does not depend on them. TLC's own `SYMMETRY` wants model values, and here processes are numbers;
 * a view needs no more than to know where they are: as an index, and as the value of an owner. Null where there is
 * no family, or where a process is part of something else.
 */
export function symmetricView(
  program: Program,
  nameOf: (variable: Variable) => string,
  fresh: (wanted: string) => string,
  names: () => LocalNames,
): SymmetricView | null {
  const families = program.codes.filter(({ symmetric, first, last }) => symmetric && first < last)
  const carriers = carriersOf(program)
  if (families.length === 0 || carriers === null) return null
  const isTangled = program.variables.some((variable) => {
    const places = placesOf(variable).length
    return places > 1 || (places === 1 && carriers.has(variable))
  })
  if (isTangled) return null
  const each: Lines[] = []
  const bags: string[] = []
  for (const family of families) {
    const name = fresh(`View_${family.name}`)
    const local = names()
    const own = program.variables.flatMap((variable) => {
      const text = nameOf(variable)
      if (carriers.has(variable))
        return [everywhere(variable, text, local, (cell) => `${cell} = self`)]
      const [place] = placesOf(variable)
      const dimension = place === undefined ? undefined : variable.dimensions[place]
      if (dimension === undefined || dimension.from > family.first || dimension.to < family.last)
        return []
      return [sliceText(variable, text, place ?? 0, 'self', local)]
    })
    each.push([`${name}(self) ==`, ...indented(listed('<<', own, '>>'))])
    const [one, other] = [local.fresh('p'), local.fresh('q')]
    const range = `${family.first}..${family.last}`
    const alike = `{${other} \\in ${range} : ${name}(${other}) = ${name}(${one})}`
    bags.push(`{<<${name}(${one}), Cardinality(${alike})>> : ${one} \\in ${range}}`)
  }
  const local = names()
  const others = program.variables.flatMap((variable) =>
    outside(variable, nameOf(variable), families, carriers, local),
  )
  return { definitions: each, parts: [...bags, ...others] }
}

/** What of a variable does not depend on the processes of families. */
function outside(
  variable: Variable,
  text: string,
  families: readonly CodeNote[],
  carriers: ReadonlySet<Variable>,
  names: LocalNames,
): readonly string[] {
  if (carriers.has(variable)) {
    const blank = (cell: string) =>
      families.reduceRight(
        (rest, { first, last }) => `IF ${cell} \\in ${first}..${last} THEN ${first} ELSE ${rest}`,
        cell,
      )
    return [everywhere(variable, text, names, blank)]
  }
  const [place] = placesOf(variable)
  const dimension = place === undefined ? undefined : variable.dimensions[place]
  if (dimension === undefined) return [text]
  const isOwn = (process: number) =>
    families.some(
      ({ first, last }) =>
        process >= first && process <= last && dimension.from <= first && dimension.to >= last,
    )
  const { from, to } = dimension
  return Array.from({ length: to - from + 1 }, (_, at) => from + at)
    .filter((process) => !isOwn(process))
    .map((process) => sliceText(variable, text, place ?? 0, String(process), names))
}

const placesOf = ({ dimensions }: Variable): readonly number[] =>
  dimensions.flatMap(({ over }, at) => (over === 'process' ? [at] : []))

/** What belongs to one process. */
function sliceText(
  { dimensions }: Variable,
  text: string,
  place: number,
  process: string,
  names: LocalNames,
): string {
  const before = dimensions.slice(0, place)
  const indexes = before.map(() => names.fresh('i'))
  const cell = `${text}${indexes.map((index) => `[${index}]`).join('')}[${process}]`
  return overAll(before, indexes, cell)
}

/** Something of every element. */
function everywhere(
  { dimensions }: Variable,
  text: string,
  names: LocalNames,
  of: (cell: string) => string,
): string {
  const indexes = dimensions.map(() => names.fresh('i'))
  return overAll(dimensions, indexes, of(text + indexes.map((index) => `[${index}]`).join('')))
}

const overAll = (
  dimensions: Variable['dimensions'],
  indexes: readonly string[],
  cell: string,
): string =>
  dimensions.reduceRight(
    (inner, { from, to }, at) => `[${indexes[at]} \\in ${from}..${to} |-> ${inner}]`,
    cell,
  )

/** The variables whose values are processes; null where one is reckoned with. */
function carriersOf(program: Program): ReadonlySet<Variable> | null {
  const carriers = new Set<Variable | Temporary>()
  let isReckoned = false
  const carries = (num: Num): boolean => {
    switch (num.kind) {
      case 'self':
        return true
      case 'index':
        return num.index.over === 'process'
      case 'read':
        return carriers.has(num.variable)
      case 'temporary':
        return carriers.has(num.temporary)
      case 'conditional':
        return [num.then, num.otherwise].map(carries).includes(true)
      case 'arithmetic':
        if ([num.left, num.right].map(carries).includes(true)) isReckoned = true
        return false
      case 'negate':
      case 'complement':
        if (carries(num.operand)) isReckoned = true
        return false
      default:
        return false
    }
  }
  const take = (target: Variable | Temporary, value: Num): void => {
    if (carries(value)) carriers.add(target)
  }
  const visit = (statement: Statement): void => {
    if (statement.kind === 'set') take(statement.variable, statement.value)
    if (statement.kind === 'let') take(statement.temporary, statement.value)
    if (statement.kind === 'select') {
      for (const { value } of statement.options) take(statement.temporary, value)
    }
    if (statement.kind === 'call') {
      for (const [at, parameter] of statement.procedure.parameters.entries()) {
        take(parameter, statement.arguments[at] ?? { kind: 'number', value: 0 })
      }
      statement.procedure.statements.forEach(visit)
    }
    partsIn(statement).forEach(visit)
  }
  const bodies = [program.init, ...program.actions.map(({ body }) => body)]
  for (let size = -1; size < carriers.size; ) {
    size = carriers.size
    for (const { blocks } of bodies) for (const { statements } of blocks) statements.forEach(visit)
  }
  if (isReckoned) return null
  return new Set([...carriers].filter((each): each is Variable => 'dimensions' in each))
}
