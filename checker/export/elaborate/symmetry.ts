import type { Expr, Instruction } from '../../../spec/index.js'
import type { CodeStore } from './locals.js'
import type { World } from './world.js'

/** Whether the instances of a code may be exchanged: nobody asks which of them is which. Said only where it is plain. */
export function isSymmetric({ system }: World, { code, first, last }: CodeStore): boolean {
  if (first === last || system.pools.some(({ safety }) => safety === 'tasks')) return false
  const isInterrupted = system.processes.some(({ on }) => on !== null && on >= first && on <= last)
  return !isInterrupted && !code.instructions.some(asksWho)
}

const asksWho = (i: Instruction): boolean => isAsking(Object.entries(i))

/** Looks through everything an instruction is made of, places and all. */
function isAsking(parts: readonly (readonly [string, unknown])[]): boolean {
  return parts.some(([name, part]) => {
    if (name === 'site' || name === 'call' || name === 'type' || name === 'slot') return false
    if (typeof part !== 'object' || part === null) return false
    const kind = (part as Partial<Expr>).kind
    return kind === 'family' || kind === 'current' || isAsking(Object.entries(part))
  })
}
