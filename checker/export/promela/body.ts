import { jointsOf } from '../blocks.js'
import type { Body, SourceNote, Test } from '../program.js'
import { filled, ifLines, optionLines, type Pen, statementLines } from './statements.js'

const ALWAYS: Test = { kind: 'constant', value: true }

/**
 * A body as text. A block that one place leads to is nested into it; one that several lead to stands where the first of
 * them is, behind a label, and the others go there. As the way out of a block is always its last statement, a way that is
 * done leaves all that it is nested in, and comes to what follows the body.
 */
export function bodyLines(body: Body, pen: Pen, place: SourceNote | null): readonly string[] {
  const { labelled } = jointsOf(body)
  const written = new Set<number>()
  const label = (block: number) => `${pen.end}_${block}`

  const jump = (block: number): readonly string[] => {
    if (!labelled.has(block)) return tree(block)
    if (written.has(block)) return [`goto ${label(block)};`]
    written.add(block)
    return [`${label(block)}:`, 'skip;', ...tree(block)]
  }

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
        // What is never gone to is not written: a label in it would be lost.
        if (end.test.kind === 'constant') return jump(end.test.value ? end.then : end.otherwise)
        return ifLines(end.test, jump(end.then), jump(end.otherwise), pen.scope)
      case 'either': {
        const options = end.blocks.map((block) => [ALWAYS, jump(block)] as const)
        return optionLines(options, pen.scope)
      }
      default:
        return []
    }
  }

  const lines = jump(0)
  const isLeft = lines.some((line) => line.trim() === `goto ${pen.end};`)
  return isLeft ? [...lines, `${pen.end}:`, 'skip;'] : filled(lines)
}
