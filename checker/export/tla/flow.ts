import { following } from '../blocks.js'
import type { Block, Body, Statement, Temporary, Variable } from '../program.js'
import { nodesOf, partsIn } from './independent.js'
import { setsOf } from './statements.js'
import { temporariesOf } from './working.js'

/** Whether a statement may end the step or split it in several. */
const isFork = (statement: Statement): boolean =>
  statement.kind === 'fault' || statement.kind === 'select' || partsIn(statement).some(isFork)

/**
 * The same body without an `if` that may fault or choose: such an `if` becomes the end of a block. What is left within
 * a block only computes, but for faults and selects at its top.
 */
export function unfolded(body: Body): Body {
  const blocks: (Block | null)[] = body.blocks.map(() => null)
  const add = (statements: readonly Statement[], end: Block['end']): number => {
    blocks.push(null)
    return place(blocks.length - 1, statements, end)
  }
  const place = (at: number, statements: readonly Statement[], end: Block['end']): number => {
    const fork = statements.findIndex((each) => each.kind === 'if' && isFork(each))
    const statement = statements[fork]
    if (statement?.kind !== 'if') {
      blocks[at] = { statements, end }
      return at
    }
    const after = add(statements.slice(fork + 1), end)
    const join = { kind: 'goto', block: after } as const
    const { test } = statement
    const then = add(statement.then, join)
    const otherwise = add(statement.otherwise, join)
    const branch = { kind: 'branch', test, then, otherwise } as const
    blocks[at] = { statements: statements.slice(0, fork), end: branch }
    return at
  }
  body.blocks.forEach(({ statements, end }, at) => {
    place(at, statements, end)
  })
  return { temporaries: body.temporaries, blocks: blocks.filter((block) => block !== null) }
}

/** What has to be handed over to a block that is a definition of its own. */
export interface Handed {
  /** May have been set on the way to it. */
  readonly variables: readonly Variable[]
  /** Are read from there on before they are set. */
  readonly temporaries: readonly Temporary[]
}

export function handedOf(body: Body): readonly Handed[] {
  const set = settled(body)
  const read = needed(body)
  return body.blocks.map((_, at) => ({
    variables: [...(set[at] ?? [])],
    temporaries: [...(read[at] ?? [])],
  }))
}

/** By block: the variables that may have been set on the way to it. */
function settled(body: Body): readonly ReadonlySet<Variable>[] {
  const found = body.blocks.map(() => new Set<Variable>())
  for (let isChanged = true; isChanged; ) {
    isChanged = false
    for (const [at, { statements }] of body.blocks.entries()) {
      const after = new Set([...(found[at] ?? []), ...setsOf(statements)])
      for (const next of following(body, at)) {
        const known = found[next]
        const size = known?.size
        for (const each of after) known?.add(each)
        if (known?.size !== size) isChanged = true
      }
    }
  }
  return found
}

/** By block: the temporaries that are read from there on before they are set. */
function needed(body: Body): readonly ReadonlySet<Temporary>[] {
  const found = body.blocks.map(() => new Set<Temporary>())
  for (let isChanged = true; isChanged; ) {
    isChanged = false
    for (let at = body.blocks.length - 1; at >= 0; at--) {
      const { statements, end } = body.blocks[at] ?? { statements: [], end: { kind: 'done' } }
      const live = new Set(following(body, at).flatMap((next) => [...(found[next] ?? [])]))
      if (end.kind === 'branch') for (const each of temporariesOf([end.test])) live.add(each)
      for (const statement of [...statements].reverse()) lookBack(statement, live)
      if (live.size !== found[at]?.size) isChanged = true
      found[at] = live
    }
  }
  return found
}

function lookBack(statement: Statement, live: Set<Temporary>): void {
  // What only some ways set stays needed: the others hand it through.
  if (statement.kind === 'let' || statement.kind === 'select') live.delete(statement.temporary)
  if (statement.kind === 'if') {
    for (const arm of [statement.then, statement.otherwise]) {
      const inside = new Set(live)
      for (const each of [...arm].reverse()) lookBack(each, inside)
      for (const each of inside) live.add(each)
    }
  } else for (const each of [...partsIn(statement)].reverse()) lookBack(each, live)
  for (const each of temporariesOf(nodesOf(statement))) live.add(each)
}
