import type { Refusal, Variable } from '../program.js'
import { sizeOf } from './expression.js'
import { comment, type Words } from './words.js'

/** Types of Promela by what they hold, the smallest first. `pid`, `bool` and `unsigned` add nothing. */
const TYPES = [
  { name: 'bit', from: 0, to: 1 },
  { name: 'byte', from: 0, to: 255 },
  { name: 'short', from: -(2 ** 15), to: 2 ** 15 - 1 },
  { name: 'int', from: -(2 ** 31), to: 2 ** 31 - 1 },
]

/** The variables, each with what its numbers stand for. */
export const declarations = (variables: readonly Variable[], words: Words): readonly string[] =>
  variables.map((variable) => declaration(variable, words))

function declaration(variable: Variable, words: Words): string {
  const { name, dimensions, from, to, note } = variable
  const size = sizeOf(dimensions)
  const array = size === 1 ? '' : `[${size}]`
  const indexes = dimensions.map((each) => `[${each.from}..${each.to}]`).join('')
  const about = `${name}${indexes}: ${from}..${to}${note === '' ? '' : `; ${note}`}`
  const type = typeOf(variable)?.name ?? 'int'
  return `${type} ${words.of(variable)}${array}${initialText(variable, size)}; ${comment(about)}`
}

function initialText({ initial }: Variable, size: number): string {
  if (typeof initial === 'number') return initial === 0 ? '' : ` = ${initial}`
  if (initial.length !== size) throw new Error(`${initial.length} initial values for ${size}`)
  const [first = 0] = initial
  if (!initial.every((value) => value === first)) return ` = { ${initial.join(', ')} }`
  return first === 0 ? '' : ` = ${first}`
}

const typeOf = ({ from, to }: Variable) => TYPES.find((type) => type.from <= from && to <= type.to)

/** Variables that no type of Promela can hold. */
export const tooWide = (variables: readonly Variable[]): readonly Refusal[] =>
  variables
    .filter((variable) => typeOf(variable) === undefined)
    .map(({ name, from, to }) => ({
      construct: `${name} in ${from}..${to}, which is more than 32 bits`,
      place: null,
    }))
