import type { Program } from '../../checker/export/program.js'
import { type TlaOptions, tla } from '../../checker/export/tla/tla.js'
import type { Ran } from '../helpers/run-program.js'
import { explore } from '../helpers/tla-explore.js'
import type { Module } from '../helpers/tla-syntax.js'

/** A program as text; a refusal is a failure. */
export function textOf(
  program: Program,
  options: TlaOptions = {},
): { readonly module: string; readonly config: string } {
  const written = tla(program, options)
  if (written.refusals !== undefined) throw new Error(written.refusals[0]?.construct)
  return written
}

/** What the text of a program reaches, in the words in which a program that is run says it. */
export function reachedByText(
  program: Program,
  read: (text: string) => Module,
  options: TlaOptions = {},
): Ran {
  const { module, config } = textOf(program, options)
  const { states, harmed, found } = explore(read(module), config)
  const kinds = new Map<string, number>()
  let stuck: number | null = null
  for (const [says, depth] of found) {
    const [, number, kind = says] = /^(\d+) ([\w-]+):/.exec(says) ?? []
    if (Number(number) === program.rest.stuck.number) stuck = depth
    else kinds.set(kind, Math.min(kinds.get(kind) ?? depth, depth))
  }
  return { states: states + harmed, isWhole: true, kinds, stuck }
}
