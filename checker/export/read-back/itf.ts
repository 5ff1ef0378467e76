import type { Program } from '../program.js'
import type { ReadBack } from './control-point.js'
import { type Moved, pointsOf, refused } from './moves.js'

/**
 * A trace in the Informal Trace Format of Apalache and Quint. What variables there are is read off the states, for what
 * tools write under `vars` differs; numbers may be written plainly or as `#bigint`, tuples plainly or as `#tup`.
 */
export function readItf(text: string, program: Program): ReadBack {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (problem) {
    return refused(`this is no JSON: ${(problem as Error).message}`)
  }
  const { states, loop } = fieldsOf(parsed)
  if (!Array.isArray(states)) return refused('this is no ITF: it has no list of states')
  if (loop !== undefined && loop !== null)
    return refused('this trace never ends; no step of it is a violation')
  return pointsOf(states.map(movedOf), program)
}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}

function movedOf(state: unknown): Moved {
  const { moved } = fieldsOf(state)
  const items = Array.isArray(moved) ? moved : fieldsOf(moved)['#tup']
  if (!Array.isArray(items)) return null
  const [process, location] = items.map(numberOf)
  if (process === undefined || location === undefined) return null
  return Number.isInteger(process) && Number.isInteger(location) ? [process, location] : null
}

const numberOf = (value: unknown): number =>
  typeof value === 'number' ? value : Number(fieldsOf(value)['#bigint'] ?? Number.NaN)
