import { following } from '../blocks.js'
import type { Block, Num, Statement, Temporary } from '../program.js'
import { readsOf, readsOfEnd } from './walk.js'

/** Cells get no value that nobody reads before the next one. */
export function dropDead(blocks: readonly Block[]): readonly Block[] {
  const live = liveOnExit(blocks)
  return blocks.map((block, at) => {
    const here = new Set(live[at])
    readsOfEnd(block.end, (num) => note(num, here))
    const kept: Statement[] = []
    for (const statement of [...block.statements].reverse()) {
      const left = without(statement, here)
      if (left) kept.unshift(left)
    }
    return { ...block, statements: kept }
  })
}

function note(num: Num, live: Set<Temporary>): void {
  if (num.kind === 'temporary') live.add(num.temporary)
}

/** What is left of a statement; `live` becomes what is read from here on. */
function without(statement: Statement, live: Set<Temporary>): Statement | null {
  if (statement.kind === 'let' || statement.kind === 'select') {
    if (!live.has(statement.temporary)) return null
    live.delete(statement.temporary)
    readsOf(statement, (num) => note(num, live))
    return statement
  }
  if (statement.kind === 'if') {
    const arms = [statement.then, statement.otherwise].map((arm) => {
      const here = new Set(live)
      const kept: Statement[] = []
      for (const one of [...arm].reverse()) {
        const left = without(one, here)
        if (left) kept.unshift(left)
      }
      return { kept, here }
    })
    const [then, otherwise] = arms
    if (!then || !otherwise || then.kept.length + otherwise.kept.length === 0) return null
    for (const arm of arms) for (const one of arm.here) live.add(one)
    const left: Statement = { ...statement, then: then.kept, otherwise: otherwise.kept }
    readsOf({ ...left, then: [], otherwise: [] }, (num) => note(num, live))
    return left
  }
  if (statement.kind === 'fault' && statement.when.kind === 'constant' && !statement.when.value) {
    return null
  }
  readsOf(statement, (num) => note(num, live))
  return statement
}

/** By block: the cells that are read behind its end. */
function liveOnExit(blocks: readonly Block[]): readonly ReadonlySet<Temporary>[] {
  const body = { temporaries: [], blocks }
  const entry = blocks.map(() => new Set<Temporary>())
  const exit = blocks.map(() => new Set<Temporary>())
  for (let grew = true; grew; ) {
    grew = false
    for (let at = blocks.length - 1; at >= 0; at--) {
      const block = blocks[at]
      const leaving = exit[at]
      const entering = entry[at]
      if (!block || !leaving || !entering) continue
      for (const next of following(body, at)) for (const one of entry[next] ?? []) leaving.add(one)
      const here = new Set(leaving)
      readsOfEnd(block.end, (num) => note(num, here))
      for (const statement of [...block.statements].reverse()) without(statement, here)
      for (const one of here) {
        if (!entering.has(one)) {
          entering.add(one)
          grew = true
        }
      }
    }
  }
  return exit
}
