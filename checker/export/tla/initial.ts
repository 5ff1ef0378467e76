import type { Variable } from '../program.js'
import { literal } from './expression.js'
import type { LocalNames } from './words.js'

/** The value of a variable before `init`, as an expression. */
export function initialText(variable: Variable, names: LocalNames): string {
  const { dimensions, initial } = variable
  const sizes = dimensions.map(({ from, to }) => to - from + 1)
  const isUniform = typeof initial === 'number' || initial.every((each) => each === initial[0])
  if (isUniform) {
    const value = typeof initial === 'number' ? initial : (initial[0] ?? variable.from)
    return dimensions.reduceRight((inner, { from, to }) => {
      return `[${names.fresh('i')} \\in ${from}..${to} |-> ${inner}]`
    }, literal(value))
  }
  if (dimensions.length === 0) return literal(initial[0] ?? 0)
  const indexes = dimensions.map(() => names.fresh('i'))
  const places = indexes.map((index, at) => {
    const { from } = dimensions[at] ?? { from: 0 }
    const shift = 1 - from
    return `[${index}${shift === 0 ? '' : shift < 0 ? ` - ${-shift}` : ` + ${shift}`}]`
  })
  const cells = tuples(initial, sizes) + places.join('')
  return dimensions.reduceRight(
    (inner, { from, to }, at) => `[${indexes[at]} \\in ${from}..${to} |-> ${inner}]`,
    cells,
  )
}

/** The values as tuples of tuples, whose indexes begin with 1. */
function tuples(values: readonly number[], sizes: readonly number[]): string {
  const [size, ...inner] = sizes
  if (size === undefined) return literal(values[0] ?? 0)
  const width = values.length / size
  const rows = Array.from({ length: size }, (_, at) =>
    tuples(values.slice(at * width, (at + 1) * width), inner),
  )
  return `<<${rows.join(', ')}>>`
}
