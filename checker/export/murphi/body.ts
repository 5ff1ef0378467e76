import { following, jointsOf } from '../blocks.js'
import type { Body, SourceNote } from '../program.js'
import { type Meetings, meetingsOf } from './meetings.js'
import { ifLines, type Pen, statementLines } from './statements.js'
import { indented } from './words.js'

/** A body's local variables and its statements. */
export interface BodyText {
  readonly locals: readonly string[]
  readonly lines: readonly string[]
}

/**
 * Blocks that one place leads to are nested into it, and a block where ways meet follows the place where they parted. If
 * not all of them come to it, a local variable says whether it is its turn. With a loop among them, that variable
 * says for all such blocks which is next.
 */
export function bodyText(body: Body, pen: Pen, place: SourceNote | null): BodyText {
  const locals = body.temporaries.map(
    (each) => `${pen.scope.of(each)}: ${each.from} .. ${each.to};`,
  )
  const order = topological(body)
  const { isCyclic, labelled } = jointsOf(body)
  const meetings = isCyclic ? { after: new Map(), asked: labelled } : meetingsOf(body, order)
  const isAsked = meetings.asked.size > 0
  const next = isAsked ? pen.scope.fresh('next') : ''
  const done = isCyclic ? body.blocks.length : null
  if (isAsked) locals.push(`${next}: 0 .. ${body.blocks.length};`)
  const writer = new BodyWriter(body, pen, place, { meetings, labelled, next, done })
  if (!isCyclic) {
    const begin = isAsked ? [`${next} := 0;`] : []
    return { locals, lines: [...begin, ...writer.lines(0)] }
  }
  const heads = new Set([0, ...order.filter((block) => labelled.has(block))])
  const cases = [...heads].flatMap((block) => [`case ${block}:`, ...indented(writer.lines(block))])
  const turns = [`switch ${next}`, ...cases, 'endswitch;']
  return {
    locals,
    lines: [`${next} := 0;`, `while ${next} != ${done} do`, ...indented(turns), 'endwhile;'],
  }
}

interface Plan {
  readonly meetings: Meetings
  readonly labelled: ReadonlySet<number>
  /** The variable that says whose turn it is. */
  readonly next: string
  /** What it holds at the end of a loop; null where there is no loop. */
  readonly done: number | null
}

class BodyWriter {
  readonly #body: Body
  readonly #pen: Pen
  readonly #place: SourceNote | null
  readonly #plan: Plan

  constructor(body: Body, pen: Pen, place: SourceNote | null, plan: Plan) {
    this.#body = body
    this.#pen = pen
    this.#place = place
    this.#plan = plan
  }

  /** A block, and what is written with it. */
  lines(number: number): readonly string[] {
    const block = this.#body.blocks[number]
    if (block === undefined) throw new Error(`there is no block ${number}`)
    const { meetings, next } = this.#plan
    const meeting = (meetings.after.get(number) ?? []).flatMap((other) => {
      const lines = this.lines(other)
      if (!meetings.asked.has(other)) return lines
      return [`if ${next} = ${other} then`, ...indented(lines), 'endif;']
    })
    const statements = statementLines(block.statements, this.#pen, this.#place)
    return [...statements, ...this.#ending(number), ...meeting]
  }

  #jump(block: number): readonly string[] {
    const { labelled, meetings, next } = this.#plan
    if (!labelled.has(block)) return this.lines(block)
    return meetings.asked.has(block) ? [`${next} := ${block};`] : []
  }

  #ending(number: number): readonly string[] {
    const end = this.#body.blocks[number]?.end
    switch (end?.kind) {
      case 'goto':
        return this.#jump(end.block)
      case 'branch':
        return ifLines(end.test, this.#jump(end.then), this.#jump(end.otherwise), this.#pen.scope)
      case 'either': {
        const parameter = this.#pen.choices.parameters.get(end)
        const pick = parameter === undefined ? '' : this.#pen.picks[parameter]
        const arms = end.blocks.map((block) => this.#jump(block))
        if (arms.length < 2) return arms.flat()
        // A pick that is too great for this choice does what the last way does.
        return [
          ...arms.flatMap((arm, at) => [
            at === 0
              ? `if ${pick} = 0 then`
              : at === arms.length - 1
                ? 'else'
                : `elsif ${pick} = ${at} then`,
            ...indented(arm),
          ]),
          'endif;',
        ]
      }
      default:
        return this.#plan.done === null ? [] : [`${this.#plan.next} := ${this.#plan.done};`]
    }
  }
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
