import type { Choices, DesignChoice } from '../../spec/index.js'
import type { Settings, VerdictDocument } from '../render/json.js'
import type { MatrixRow } from '../render/matrix-row.js'
import type { Costs } from './costs.js'
import type { TestedRow } from './test-row.js'

/** What a matrix of one model goes through: dimensions, each with the values it takes. */
export interface MatrixSpace {
  readonly design: readonly DesignChoice[]
  /** Params. */
  readonly varied: readonly DesignChoice[]
  /** Given once for all rows. */
  readonly fixed: Choices
}

/** Every combination, params varying slowest, then the choices in declared order. */
export function matrixCells({ design, varied, fixed }: MatrixSpace): readonly Choices[] {
  return combinations(varied).flatMap((params) =>
    combinations(design).map((chosen) => ({
      params: { ...fixed.params, ...params },
      design: { ...fixed.design, ...chosen },
    })),
  )
}

function combinations(dimensions: readonly DesignChoice[]): Readonly<Record<string, string>>[] {
  let rows: Readonly<Record<string, string>>[] = [{}]
  for (const { name, values } of dimensions) {
    rows = rows.flatMap((row) => values.map((value) => ({ ...row, [name]: value })))
  }
  return rows
}

/** The rows of a matrix from what was found in its cells; a cell that could not be lowered has no row. */
export function matrixRows(
  cells: readonly TestedRow[],
  choices: readonly DesignChoice[],
  costs: Costs,
): readonly MatrixRow[] {
  const documents = cells.flatMap(({ report }) => (report === null ? [] : [report.document]))
  const designs = new Map<string, { readonly costs: readonly number[]; safe: boolean }>()
  for (const { design, verdict } of documents) {
    const key = JSON.stringify(design)
    const known = designs.get(key) ?? { costs: costsIn(design, choices, costs), safe: true }
    // A design is safe when it holds for every value of the params that are varied.
    known.safe &&= verdict === 'holds'
    designs.set(key, known)
  }
  const minimal = new Set(minimalSafe([...designs.values()]))
  return documents.map((document) => {
    const design = designs.get(JSON.stringify(document.design))
    const cost = (design?.costs ?? []).reduce((sum, each) => sum + each, 0)
    return rowOf(document, cost, design !== undefined && minimal.has(design))
  })
}

function rowOf(document: VerdictDocument, cost: number, minimal: boolean): MatrixRow {
  const { params, design, verdict, violation, limit, trace, search } = document
  return {
    params,
    design,
    verdict,
    ...(violation === undefined ? {} : { kind: violation.kind }),
    ...(limit === undefined ? {} : { limit }),
    ...(trace === undefined
      ? {}
      : { steps: trace.steps, switches: trace.switches, token: trace.token }),
    states: search.distinctStates,
    seconds: search.seconds,
    cost,
    minimal,
  }
}

const costsIn = (
  design: Settings,
  choices: readonly DesignChoice[],
  costs: Costs,
): readonly number[] =>
  choices.map(({ name, values }) => costs.get(name)?.[values.indexOf(String(design[name]))] ?? 0)

interface Candidate {
  readonly costs: readonly number[]
  readonly safe: boolean
}

/**
 * The safe designs such that no other safe one is cheaper: costs at most as much in every choice, and less in one.
 * Which of two designs that are cheaper in different choices is the better one, nobody can say who counts only locks.
 */
export function minimalSafe<Design extends Candidate>(designs: readonly Design[]): Design[] {
  const safe = designs.filter((design) => design.safe)
  return safe.filter((design) => !safe.some((other) => isCheaper(other.costs, design.costs)))
}

const isCheaper = (left: readonly number[], right: readonly number[]): boolean =>
  left.every((cost, at) => cost <= (right[at] ?? 0)) &&
  left.some((cost, at) => cost < (right[at] ?? 0))
