import { following } from '../blocks.js'
import type { Body, End, Refusal, SourceNote, Statement } from '../program.js'

export type Select = Extract<Statement, { readonly kind: 'select' }>
export type Either = Extract<End, { readonly kind: 'either' }>
export type Choice = Select | Either

/**
 * Murphi chooses only as a rule begins: every choice of a body is a parameter of its rule. Choices that no run makes
 * both share one.
 */
export interface Choices {
  /** The number of ways, by parameter. */
  readonly widths: readonly number[]
  /** The parameter that makes a choice; none where there is nothing to choose. */
  readonly parameters: ReadonlyMap<Choice, number>
}

interface Found {
  readonly choice: Choice
  readonly block: number
  readonly width: number
}

export function choicesOf(body: Body, place: SourceNote | null): Choices | Refusal {
  const found = body.blocks.flatMap((_, block) => choicesIn(body, block))
  const reached = new Map<number, ReadonlySet<number>>()
  for (const { block } of found) reached.set(block, reachedFrom(body, block))
  const again = found.find(({ block }) => reached.get(block)?.has(block))
  if (again !== undefined) {
    return { construct: 'a choice in a loop inside of one step', place: noteOf(again) ?? place }
  }
  const parameters = new Map<Choice, number>()
  const widths: number[] = []
  const isBefore = (left: Found, right: Found) =>
    left.block === right.block
      ? found.indexOf(left) < found.indexOf(right)
      : reached.get(left.block)?.has(right.block) === true
  const parameterOf = (each: Found): number => {
    const known = parameters.get(each.choice)
    if (known !== undefined) return known
    const earlier = found.filter((other) => isBefore(other, each)).map(parameterOf)
    const parameter = Math.max(-1, ...earlier) + 1
    parameters.set(each.choice, parameter)
    widths[parameter] = Math.max(widths[parameter] ?? 0, each.width)
    return parameter
  }
  found.forEach(parameterOf)
  return { widths, parameters }
}

function choicesIn(body: Body, block: number): readonly Found[] {
  const { statements, end } = body.blocks[block] ?? { statements: [], end: { kind: 'done' } }
  const found: Found[] = []
  for (const choice of statements) {
    if (choice.kind === 'select') found.push({ choice, block, width: choice.options.length })
  }
  if (end.kind === 'either') found.push({ choice: end, block, width: end.blocks.length })
  return found.filter(({ width }) => width > 1)
}

function reachedFrom(body: Body, block: number): ReadonlySet<number> {
  const reached = new Set<number>()
  const open = [block]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const each of following(body, next)) {
      if (!reached.has(each)) open.push(each)
      reached.add(each)
    }
  }
  return reached
}

const noteOf = ({ choice }: Found): SourceNote | null =>
  choice.kind === 'select' ? (choice.note ?? null) : null
