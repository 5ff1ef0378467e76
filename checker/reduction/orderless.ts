import {
  type Code,
  definitions,
  type Expr,
  type Instruction,
  type Location,
  type Slot,
  successors,
  uses,
} from '../../spec/index.js'
import { liveSlots } from './live.js'

/** A loop that comes to the same whatever the order in which it goes through things. */
export interface Orderless {
  /** What it goes through: the live objects of a pool, or these numbers. */
  readonly over:
    | { readonly kind: 'pool'; readonly pool: number }
    | { readonly kind: 'range'; readonly slot: Slot; readonly from: number; readonly to: number }
  /** The instructions that make it a loop: in them the order is, and nowhere else. */
  readonly frame: ReadonlySet<Location>
}

/**
 * Loops of a property: nothing is written but locals. Nobody leaves one but at its end or by a violation; a local that goes
 * from one turn to another is a sum of parts that do not depend on it, or gets one and the same literal.
 */
export function orderlessLoops(code: Code): readonly Orderless[] {
  const live = liveSlots(code)
  return code.instructions.flatMap((_, at) => {
    const found = poolLoop(code, at) ?? rangeLoop(code, at)
    return found !== null && isOrderless(code, found, live) ? [found] : []
  })
}

/** A loop as lowering makes it, before anything is known of its body. */
interface Loop extends Orderless {
  readonly slot: Slot
  /** Where a turn begins, and the only way out. */
  readonly body: Location
  readonly next: Location
  readonly exits: ReadonlySet<Location>
}

/** Begins with `next-live` from 0, and ends each turn with `next-live` from the one after. */
function poolLoop(code: Code, first: Location): Loop | null {
  const begin = code.instructions[first]
  if (begin?.kind !== 'next-live' || !isLiteral(begin.from, 0)) return null
  const { pool, slot } = begin
  const again = code.instructions.flatMap((i, at) =>
    at !== first && i.kind === 'next-live' && i.slot === slot ? [at] : [],
  )
  const [next] = again
  const more = next === undefined ? undefined : code.instructions[next]
  if (next === undefined || again.length > 1 || more === undefined) return null
  const head = code.instructions[begin.next]
  if (head?.kind !== 'branch' || more.next !== begin.next || more.kind !== 'next-live') return null
  if (!isOneAfter(more.from, slot) || !isNotNull(head.test, slot)) return null
  const frame = new Set([first, next, begin.next])
  const over = { kind: 'pool', pool } as const
  return { over, frame, slot, body: head.then, next, exits: new Set([begin.next]) }
}

/** Begins with a literal, and ends each turn with `if (slot < to) slot = slot + 1`. */
function rangeLoop(code: Code, next: Location): Loop | null {
  const more = code.instructions[next]
  if (more?.kind !== 'assign' || !isPlusOne(more.value, more.slot)) return null
  const { slot } = more
  const given = code.instructions.flatMap((i, at) =>
    at !== next && i.kind !== 'clear' && definitions(i).includes(slot) ? [at] : [],
  )
  const [first] = given
  const begin = first === undefined ? undefined : code.instructions[first]
  if (first === undefined || given.length > 1) return null
  if (begin?.kind !== 'assign' || begin.value.kind !== 'literal') return null
  const tests = code.instructions.flatMap((i, at) =>
    successors(i).includes(next) && at !== next ? [at] : [],
  )
  const [test] = tests
  const last = test === undefined ? undefined : code.instructions[test]
  if (test === undefined || tests.length > 1 || last?.kind !== 'branch') return null
  const { left, right, operator } = last.test.kind === 'binary' ? last.test : nothing
  if (operator !== '<' || left?.kind !== 'slot' || left.slot !== slot) return null
  if (right?.kind !== 'literal' || last.then !== next || more.next !== begin.next) return null
  const over = { kind: 'range', slot, from: begin.value.value, to: right.value } as const
  const frame = new Set([first, test, next])
  return { over, frame, slot, body: begin.next, next: test, exits: new Set([test]) }
}

const nothing = { left: undefined, right: undefined, operator: undefined }

const isLiteral = (e: Expr, value: number): boolean => e.kind === 'literal' && e.value === value
const isSlot = (e: Expr, slot: Slot): boolean => e.kind === 'slot' && e.slot === slot

const isPlusOne = (e: Expr, slot: Slot): boolean =>
  e.kind === 'binary' && e.operator === '+' && isSlot(e.left, slot) && isLiteral(e.right, 1)

const isNotNull = (e: Expr, slot: Slot): boolean =>
  e.kind === 'binary' && e.operator === '!=' && isSlot(e.left, slot) && isLiteral(e.right, 0)

const isOneAfter = (e: Expr, slot: Slot): boolean =>
  e.kind === 'binary' &&
  e.operator === '+' &&
  e.left.kind === 'index-in-pool' &&
  isSlot(e.left.pointer, slot) &&
  isLiteral(e.right, 1)

function isOrderless(code: Code, loop: Loop, live: readonly ReadonlySet<Slot>[]): boolean {
  const body = bodyOf(code, loop)
  if (body === null) return false
  const instructions = [...body]
    .filter((at) => !loop.frame.has(at))
    .map((at) => code.instructions[at] as Instruction)
  const carried = new Set<Slot>()
  for (const i of instructions) {
    for (const slot of definitions(i)) carried.add(slot)
  }
  const begin = live[loop.body] ?? new Set<Slot>()
  const after = successorsOutside(code, loop, body).flatMap((at) => [...(live[at] ?? [])])
  for (const slot of [...carried]) {
    if (!begin.has(slot) && !after.includes(slot)) carried.delete(slot)
  }
  if (carried.has(loop.slot) || after.includes(loop.slot)) return false
  const isFine = (slot: Slot): boolean => isGathered(instructions, slot, carried)
  return instructions.every(readsOnly) && [...carried].every(isFine)
}

/** The locations of a turn; null where there is another way out of it than its end, but for violations. */
function bodyOf(code: Code, { body, next, frame, exits }: Loop): ReadonlySet<Location> | null {
  const seen = new Set<Location>([body])
  for (const at of seen) {
    if (at === next) continue
    for (const to of successors(code.instructions[at] as Instruction)) seen.add(to)
  }
  for (const at of seen) {
    const i = code.instructions[at] as Instruction
    if (frame.has(at) && !exits.has(at) && at !== next) return null
    // A turn that does not come to its end ends in a violation: nothing else has no successors.
    if (i.kind === 'end') return null
  }
  return seen
}

const successorsOutside = (
  code: Code,
  { exits, frame }: Loop,
  body: ReadonlySet<Location>,
): readonly Location[] =>
  [...exits].flatMap((at) =>
    successors(code.instructions[at] as Instruction).filter(
      (to) => !body.has(to) && !frame.has(to),
    ),
  )

const readsOnly = (i: Instruction): boolean =>
  i.kind === 'load' ||
  i.kind === 'assign' ||
  i.kind === 'clear' ||
  i.kind === 'branch' ||
  i.kind === 'require' ||
  i.kind === 'fail' ||
  i.kind === 'enter' ||
  i.kind === 'leave' ||
  i.kind === 'touch' ||
  i.kind === 'next-live'

const SUMS: readonly string[] = ['+', '|', '&']

/** Only ever added to, in one way, or set to one literal; and read for nothing else. */
function isGathered(
  instructions: readonly Instruction[],
  slot: Slot,
  carried: ReadonlySet<Slot>,
): boolean {
  const ways = new Set<string>()
  for (const i of instructions) {
    const isDefined = definitions(i).includes(slot)
    const reads = uses(i).filter((one) => one === slot).length
    if (!isDefined && reads > 0) return false
    if (!isDefined) continue
    if (i.kind !== 'assign') return false
    const { value } = i
    if (value.kind === 'literal') ways.add(`= ${value.value}`)
    else if (value.kind === 'binary' && SUMS.includes(value.operator) && reads === 1) {
      const others = uses(i).filter((one) => one !== slot)
      if (!isSlot(value.left, slot) || others.some((one) => carried.has(one))) return false
      ways.add(value.operator)
    } else return false
  }
  return ways.size === 1
}
