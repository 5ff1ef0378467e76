import { following, jointsOf } from '../blocks.js'
import type { Body, SourceNote } from '../program.js'
import { ifLines, type Pen, statementLines } from './statements.js'
import { indented } from './words.js'

/** A body's local variables and its statements. */
export interface BodyText {
  readonly locals: readonly string[]
  readonly lines: readonly string[]
}

/**
 * Blocks that one place leads to are nested into it. Where ways meet, a local variable says which block is next: the
 * blocks that have to be told apart follow one another, each behind the question whether it is its turn, and in a
 * loop where one of them can be gone back to.
 */
export function bodyText(body: Body, pen: Pen, place: SourceNote | null): BodyText {
  const { scope } = pen
  const { labelled, isCyclic } = jointsOf(body)
  const locals = body.temporaries.map((each) => `${scope.of(each)}: ${each.from} .. ${each.to};`)
  const next = labelled.size === 0 ? '' : scope.fresh('next')
  const done = body.blocks.length

  const jump = (block: number): readonly string[] =>
    labelled.has(block) ? [`${next} := ${block};`] : tree(block)

  const tree = (number: number): readonly string[] => {
    const block = body.blocks[number]
    if (block === undefined) throw new Error(`there is no block ${number}`)
    return [...statementLines(block.statements, pen, place), ...ending(number)]
  }

  const ending = (number: number): readonly string[] => {
    const end = body.blocks[number]?.end
    switch (end?.kind) {
      case 'goto':
        return jump(end.block)
      case 'branch':
        return ifLines(end.test, jump(end.then), jump(end.otherwise), scope)
      case 'either': {
        const [first = 0, ...others] = end.blocks
        const parameter = pen.choices.parameters.get(end)
        if (parameter === undefined) return jump(first)
        // A pick that is too great for this choice does what the last one does.
        const arms = others.flatMap((block, at) => [
          at === others.length - 1 ? 'else' : `elsif ${pen.picks[parameter]} = ${at + 1} then`,
          ...indented(jump(block)),
        ])
        return [`if ${pen.picks[parameter]} = 0 then`, ...indented(jump(first)), ...arms, 'endif;']
      }
      default:
        return isCyclic ? [`${next} := ${done};`] : []
    }
  }

  if (labelled.size === 0) return { locals, lines: tree(0) }
  locals.push(`${next}: 0 .. ${done};`)
  const heads = topological(body).filter((block) => labelled.has(block))
  if (isCyclic) {
    const cases = [...new Set([0, ...heads])].flatMap((block) => [
      `case ${block}:`,
      ...indented(tree(block)),
    ])
    const loop = [`switch ${next}`, ...cases, 'endswitch;']
    const lines = [`${next} := 0;`, `while ${next} != ${done} do`, ...indented(loop), 'endwhile;']
    return { locals, lines }
  }
  const turns = heads.flatMap((block) => [
    `if ${next} = ${block} then`,
    ...indented(tree(block)),
    'endif;',
  ])
  return { locals, lines: [`${next} := 0;`, ...tree(0), ...turns] }
}

/** Every block that can be reached, after those that lead to it; in a cycle, in the order of the text. */
function topological(body: Body): readonly number[] {
  const order: number[] = []
  const seen = new Set<number>()
  const visit = (block: number): void => {
    if (seen.has(block)) return
    seen.add(block)
    for (const next of [...following(body, block)].reverse()) visit(next)
    order.push(block)
  }
  visit(0)
  return order.reverse()
}
