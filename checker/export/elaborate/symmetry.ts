import type { Expr, Instruction } from '../../../spec/index.js'
import type { Refusal } from '../program.js'
import type { CodeStore } from './locals.js'
import type { World } from './world.js'

/**
 * Why the instances of a code may not be exchanged; null where nobody asks which of them is which. Said only where it is
 * plain.
 */
export function whyDifferent(
  { system, catalogue }: World,
  { code, first, last }: CodeStore,
): Refusal | null {
  const name = system.processes[first]?.declared ?? ''
  if (system.pools.some(({ safety }) => safety === 'tasks')) {
    return { construct: `${name}, whose instances are tasks`, place: null }
  }
  if (system.processes.some(({ on }) => on !== null && on >= first && on <= last)) {
    return { construct: `${name}, one of which a handler interrupts`, place: null }
  }
  const asking = code.instructions.find(asksWho)
  if (asking === undefined) return null
  const construct = `${name}, which asks for its number`
  return { construct, place: catalogue.noteOf(asking.site) }
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
