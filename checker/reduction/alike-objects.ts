import type { Code, Expr, Instruction, TransitionSystem } from '../../spec/index.js'
import { seeingCodes } from './classes.js'
import { expressionsOf } from './expressions-of.js'
import { orderlessLoops } from './orderless.js'
import { placeText } from './place-text.js'

/**
 * Why the objects of a pool may not be exchanged; null where nobody asks which is which. Then they are only reached by
 * pointers, and pointers only compared for equality: `alloc` takes any dead one, and what an object begins with is
 * null, so a state in which two have changed places goes on as the state itself does. `init` may name them.
 */
export function whyObjectsDiffer(system: TransitionSystem, pool: number): string | null {
  const isProcess = (number: number): boolean => number < system.codes.length
  for (const [number, code] of seeingCodes(system).entries()) {
    const frames = framesOf(code, pool, isProcess(number))
    for (const [at, i] of code.instructions.entries()) {
      const why = frames.has(at) ? null : whyTold(i, pool)
      if (why !== null) return `${why} (${placeText(system, i)})`
    }
  }
  return null
}

/** What makes up the loops through the pool for which the order does not matter. */
function framesOf(code: Code, pool: number, isProcess: boolean): ReadonlySet<number> {
  if (isProcess) return new Set()
  const loops = orderlessLoops(code).filter(
    ({ over }) => over.kind === 'pool' && over.pool === pool,
  )
  return new Set(loops.flatMap(({ frame }) => [...frame]))
}

function whyTold(i: Instruction, pool: number): string | null {
  if (i.kind === 'next-live' && i.pool === pool) return 'goes through its objects in their order'
  for (const e of expressionsOf(i)) {
    const why = whyNamed(e, pool)
    if (why !== null) return why
  }
  return null
}

function whyNamed(e: Expr, pool: number): string | null {
  switch (e.kind) {
    case 'object':
      return e.pool === pool ? 'names one of its objects' : null
    case 'index-in-pool':
      return e.pool === pool ? 'asks for the number of an object' : null
    case 'advance':
      return e.pools.includes(pool) ? 'goes from one object to the next' : null
    case 'binary':
      if (['==', '!=', '&&', '||'].includes(e.operator)) return null
      return isPointer(e.left, pool) || isPointer(e.right, pool) ? 'reckons with a pointer' : null
    default:
      return null
  }
}

const isPointer = (e: Expr, pool: number): boolean =>
  e.kind === 'slot' && e.slot.type.kind === 'pointer' && e.slot.type.pools.includes(pool)
