import type { Program } from '../program.js'
import type { ReadBack } from './control-point.js'
import { type Moved, pointsOf, refused } from './moves.js'

/**
 * A trace of TLC, as text or as what `-dumpTrace json` writes. In a text every state has a head and then its
 * variables, with `State ` before the head unless TLC was asked to speak to a program (`-tool`):
 *
 *     State 2: <vcpu_12 line 40, col 3 to line 47, col 20 of module Model>
 *     /\ vcpu_at = (0 :> 13 @@ 1 :> 3)
 *     /\ moved = <<0, 12>>
 *
 * The JSON has pairs of a number and a state, once under `state` and twice or not at all under `action`.
 */
export function readTlc(trace: string, program: Program): ReadBack {
  if (!/^\s*\{/.test(trace)) return pointsOf(statesInText(trace), program)
  let parsed: unknown
  try {
    parsed = JSON.parse(trace)
  } catch (problem) {
    return refused(`this is no JSON: ${(problem as Error).message}`)
  }
  return pointsOf(statesInJson(parsed), program)
}

function statesInText(trace: string): readonly Moved[] {
  const [, ...states] = trace.split(/^(?:State )?\d+: <(?!Stuttering)/m)
  return states.map((state) => {
    const [, process, location] = /\bmoved = <<\s*(-?\d+),\s*(-?\d+)\s*>>/.exec(state) ?? []
    return process === undefined ? null : [Number(process), Number(location)]
  })
}

function statesInJson(parsed: unknown): readonly Moved[] {
  const byNumber = new Map<number, Moved>()
  const visit = (part: unknown): void => {
    if (typeof part !== 'object' || part === null) return
    if (Array.isArray(part) && part.length === 2 && typeof part[0] === 'number') {
      const [number, state] = part as [number, unknown]
      const moved = movedIn(state)
      if (moved !== undefined) {
        byNumber.set(number, moved)
        return
      }
    }
    Object.values(part).forEach(visit)
  }
  visit(parsed)
  return [...byNumber].sort(([left], [right]) => left - right).map(([, moved]) => moved)
}

function movedIn(state: unknown): Moved | undefined {
  if (typeof state !== 'object' || state === null || Array.isArray(state)) return undefined
  const { moved } = state as { moved?: unknown }
  if (!Array.isArray(moved)) return undefined
  const [process, location] = moved.map(Number)
  if (!Number.isInteger(process) || !Number.isInteger(location)) return undefined
  return [Number(process), Number(location)]
}
