import { following } from '../blocks.js'
import type { Block, Body, End, Statement } from '../program.js'
import { dropDead } from './dead.js'
import { Facts, useFacts } from './facts.js'
import { inlineValues } from './inline.js'
import { temporariesIn } from './walk.js'

/** How often what one simplification leaves is looked at by the others. */
const roundsMax = 5

/**
 * The same body in fewer words: blocks joined, values put where they are used once, nothing that is known beforehand or
 * that nobody reads. `start`: what is known when it begins.
 */
export function simplify(body: Body, start: Facts = new Facts()): Body {
  let blocks = joined(body.blocks)
  for (let round = 0; round < roundsMax; round++) {
    const before = sizeOf(blocks)
    blocks = joined(dropDead(useFacts(inlineValues(blocks), start)))
    if (round > 0 && sizeOf(blocks) === before) break
  }
  return { temporaries: temporariesIn(blocks), blocks }
}

const sizeOf = (blocks: readonly Block[]): number =>
  blocks.reduce((size, { statements }) => size + 1 + statements.length, 0)

/** Blocks that only one place leads to become part of it; those that do nothing are passed by. */
function joined(blocks: readonly Block[]): readonly Block[] {
  const target = (block: number): number => {
    const seen = new Set<number>()
    for (let at = block; ; ) {
      const here = blocks[at]
      if (!here || here.statements.length > 0 || here.end.kind !== 'goto' || seen.has(at)) return at
      seen.add(at)
      at = here.end.block
    }
  }
  const redirected = blocks.map((block) => ({ ...block, end: redirect(block.end, target) }))
  const entries = new Map<number, number>([[0, 1]])
  const reached = reachedFrom(redirected)
  for (const at of reached) {
    for (const next of following({ temporaries: [], blocks: redirected }, at)) {
      entries.set(next, (entries.get(next) ?? 0) + 1)
    }
  }
  const merged = new Map<number, Block>()
  for (const at of reached) merged.set(at, mergedFrom(redirected, at, entries))
  const left = [...reachedFrom(redirected.map((block, at) => merged.get(at) ?? block))]
  const numbers = new Map(left.map((old, now) => [old, now]))
  return left.map((at) => {
    const block = merged.get(at)
    if (!block) throw new Error(`no block ${at}`)
    return { ...block, end: redirect(block.end, (old) => numbers.get(old) ?? old) }
  })
}

function mergedFrom(
  blocks: readonly Block[],
  start: number,
  entries: ReadonlyMap<number, number>,
): Block {
  const statements: Statement[] = []
  for (let at = start; ; ) {
    const block = blocks[at]
    if (!block) throw new Error(`no block ${at}`)
    statements.push(...block.statements)
    const { end } = block
    if (end.kind !== 'goto' || (entries.get(end.block) ?? 0) !== 1 || end.block === start) {
      return { statements, end }
    }
    at = end.block
  }
}

/** In the order of the text, the first first. */
function reachedFrom(blocks: readonly Block[]): ReadonlySet<number> {
  const found = new Set<number>()
  const visit = (at: number): void => {
    if (found.has(at)) return
    found.add(at)
    for (const next of following({ temporaries: [], blocks }, at)) visit(next)
  }
  visit(0)
  return found
}

function redirect(end: End, to: (block: number) => number): End {
  switch (end.kind) {
    case 'goto':
      return { kind: 'goto', block: to(end.block) }
    case 'branch': {
      const then = to(end.then)
      const otherwise = to(end.otherwise)
      return then === otherwise
        ? { kind: 'goto', block: then }
        : { kind: 'branch', test: end.test, then, otherwise }
    }
    case 'either': {
      const ways = [...new Set(end.blocks.map(to))]
      const [only] = ways
      return ways.length === 1 && only !== undefined
        ? { kind: 'goto', block: only }
        : { kind: 'either', blocks: ways }
    }
    default:
      return end
  }
}
