import type { TransitionSystem } from '../../spec/index.js'
import type { Numbers, ValueClass } from './classes.js'
import { placeText } from './place-text.js'

/** Values that may take one another's place, or why those that are chosen may not. */
export type AlikeValues =
  | { readonly name: string; readonly values: readonly number[] }
  | { readonly name: string; readonly reason: string }

/**
 * Values of a class that nothing tells apart: no operation but `==` and indexing meets them, and they lie on the same side
 * of whatever tells numbers of this class apart by name. So they are stored, found in arrays and compared as any others of
 * them would be. Values that nobody chooses do not come up.
 */
export function alikeValues(system: TransitionSystem, found: ValueClass): readonly AlikeValues[] {
  const { chosen, cuts, told } = found
  const [first] = chosen
  if (first === undefined || chosen.every(({ from, to }) => from >= to)) return []
  const { name } = first
  if (told !== null) return [{ name, reason: `${told.why} (${placeText(system, told.by)})` }]
  const groups = new Map<string, number[]>()
  for (const value of new Set(chosen.flatMap(numbersIn))) {
    const sides = cuts.map(({ from, to }) => (value >= from && value <= to ? '1' : '0')).join('')
    groups.set(sides, [...(groups.get(sides) ?? []), value])
  }
  const alike = [...groups.values()].filter((values) => values.length > 1)
  if (alike.length === 0) return [{ name, reason: 'each of its values is told from the others' }]
  return alike.map((values) => ({ name, values: values.sort((a, b) => a - b) }))
}

const numbersIn = ({ from, to }: Numbers): readonly number[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => from + at)
