import type { Program } from '../../checker/export/program.js'
import { type TlaOptions, tla } from '../../checker/export/tla/tla.js'
import { explore } from '../helpers/tla-explore.js'
import type { Module } from '../helpers/tla-syntax.js'

interface Explored {
  readonly states: number
  /** By number: the fewest steps to each fault. */
  readonly faults: ReadonlyMap<number, number>
}

/** A program as text; a refusal is a failure. */
export function textOf(
  program: Program,
  options: TlaOptions = {},
): { readonly module: string; readonly config: string } {
  const written = tla(program, options)
  if (written.refusals !== undefined) throw new Error(written.refusals[0]?.construct)
  return written
}

/** What the text of a program reaches. */
export function reachedByText(program: Program, read: (text: string) => Module): Explored {
  const { module, config } = textOf(program)
  const { states, found } = explore(read(module), config)
  const faults = new Map([...found].map(([says, depth]) => [Number.parseInt(says, 10), depth]))
  return { states, faults }
}

/**
 * By kind, the fewest steps to a fault: in the text a kind is one invariant, which says that one of its faults was met
 * and not which. A standstill is a kind of its own.
 */
export function byKind(program: Program, faults: Explored['faults']): Record<string, number> {
  const { stuck } = program.rest
  const least: Record<string, number> = {}
  for (const [number, depth] of faults) {
    const fault = program.faults.find((each) => each.number === number)
    const kind = number === stuck.number ? 'standstill' : (fault?.kind ?? 'bound')
    least[kind] = Math.min(least[kind] ?? depth, depth)
  }
  return least
}
