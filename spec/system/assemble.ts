import type { Span } from '../source/span.js'
import type { Builder, Placed } from './builder.js'
import { endlessLoop } from './errors.js'
import type { Slot } from './expression.js'
import { idleEntry } from './idle.js'
import { keptSlots } from './kept.js'
import { inferRanges } from './ranges.js'
import type { Code, Instruction, Location } from './system.js'
import type { Target } from './target.js'
import { isVisible } from './visible.js'

/** A jump followed to the instruction it ends at, and whether it passed the back edge of a `for`. */
interface Landing {
  readonly at: number
  readonly bounded: boolean
}

/** Turns what a builder wrote into code: jumps resolved, the unreachable dropped, scopes and ranges worked out. */
export function assemble(
  b: Builder,
  name: string,
  span: Span,
  { daemon, handler }: { readonly daemon: boolean; readonly handler: boolean },
): Code {
  const { placed } = b
  const landed: Landing[] = []
  const landing = (from: number): Landing => {
    landed[from] ??= follow(b, placed, from)
    return landed[from]
  }
  const entry = landing(0).at
  const numbers = reachable(placed, entry, landing, daemon)
  const order = [...numbers.keys()].sort((x, y) => x - y)
  for (const [at, old] of order.entries()) numbers.set(old, at)
  const number = (old: number): Location => numbers.get(old) ?? 0
  const to = (jump: Target): Location => number(landing(jump.at ?? placed.length - 1).at)
  const instructions: Instruction[] = order.map((old) => {
    const { draft, site, region } = placed[old] as Placed
    const isEnd = draft.kind === 'end'
    const next = isEnd ? number(daemon ? entry : old) : number(landing(old + 1).at)
    switch (draft.kind) {
      case 'branch': {
        const { then, otherwise } = draft
        return { site, region, next, ...draft, then: to(then), otherwise: to(otherwise) }
      }
      case 'either':
        return { site, region, next, ...draft, targets: draft.targets.map(to) }
      case 'goto':
        throw new Error('a jump is no instruction')
      default:
        return { site, region, next, ...draft } as Instruction
    }
  })
  const scopes: (readonly Slot[])[] = order.map((old) => placed[old]?.scope ?? [])
  if (b.kind === 'process') checkLoops(b, placed, order, landing, instructions, daemon)
  const idle = daemon || handler ? idleEntry(instructions, scopes, number(entry)) : null
  inferRanges(instructions, b.slots, b.loops, b.family)
  return {
    name,
    span,
    instructions,
    entry: idle?.entry ?? number(entry),
    slots: b.slots,
    cells: b.slots.reduce((most, slot) => Math.max(most, slot.index + 1), 0),
    kept: keptSlots(instructions, scopes),
    idle: idle?.idle ?? new Set(),
  }
}

function follow(b: Builder, placed: readonly Placed[], from: number): Landing {
  let at = Math.min(from, placed.length - 1)
  let bounded = false
  const seen = new Set<number>()
  for (;;) {
    const here = placed[at]
    if (!here) return { at: placed.length - 1, bounded }
    if (here.draft.kind === 'clear' && here.draft.slots.length === 0) {
      at += 1
      continue
    }
    if (here.draft.kind !== 'goto') return { at, bounded }
    if (seen.has(at)) {
      b.report(endlessLoop(here.site.statement))
      return { at: placed.length - 1, bounded }
    }
    seen.add(at)
    bounded ||= here.draft.bounded
    at = here.draft.target.at ?? placed.length - 1
  }
}

/** Where an instruction as written may go. */
function landings(
  placed: readonly Placed[],
  at: number,
  landing: (from: number) => Landing,
  daemon: boolean,
): readonly Landing[] {
  const draft = placed[at]?.draft
  if (!draft || draft.kind === 'fail') return []
  if (draft.kind === 'end') return daemon ? [landing(0)] : []
  const jumps =
    draft.kind === 'branch'
      ? [draft.then, draft.otherwise]
      : draft.kind === 'either'
        ? draft.targets
        : null
  return jumps ? jumps.map((jump) => landing(jump.at ?? placed.length - 1)) : [landing(at + 1)]
}

function reachable(
  placed: readonly Placed[],
  entry: number,
  landing: (from: number) => Landing,
  daemon: boolean,
): Map<number, number> {
  const numbers = new Map<number, number>([[entry, 0]])
  // The end is kept even where nothing reaches it: it is what "finished" means.
  numbers.set(placed.length - 1, 0)
  const work = [entry]
  for (let at = work.pop(); at !== undefined; at = work.pop()) {
    for (const next of landings(placed, at, landing, daemon)) {
      if (numbers.has(next.at)) continue
      numbers.set(next.at, 0)
      work.push(next.at)
    }
  }
  return numbers
}

/** Rule 2: a cycle of computation on locals only would never let anything else happen. `for` ends by itself. */
function checkLoops(
  b: Builder,
  placed: readonly Placed[],
  order: readonly number[],
  landing: (from: number) => Landing,
  instructions: readonly Instruction[],
  daemon: boolean,
): void {
  const location = new Map(order.map((old, at) => [old, at]))
  const colour = new Uint8Array(instructions.length)
  const visit = (start: number): void => {
    const stack: { at: number; edges: readonly number[]; next: number }[] = []
    const push = (at: number): void => {
      colour[at] = 1
      const edges = landings(placed, order[at] ?? 0, landing, daemon)
        .filter((edge) => !edge.bounded)
        .map((edge) => location.get(edge.at) ?? 0)
      stack.push({ at, edges, next: 0 })
    }
    push(start)
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const to = top.edges[top.next++]
      if (to === undefined) {
        colour[top.at] = 2
        stack.pop()
        continue
      }
      const instruction = instructions[to]
      if (!instruction || isVisible(instruction) || instruction.region !== 0) continue
      if (colour[to] === 1) b.report(endlessLoop(instruction.site.statement))
      else if (colour[to] === 0) push(to)
    }
  }
  for (const [at, instruction] of instructions.entries()) {
    if (colour[at] === 0 && !isVisible(instruction) && instruction.region === 0) visit(at)
  }
}
