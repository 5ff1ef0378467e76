import type { DesignChoice } from '../../spec/index.js'
import type { MatrixRow } from './matrix-row.js'

/** Rows of one outcome that are together all combinations of some values of each dimension. */
export interface Box {
  /** By dimension, in declared order. */
  readonly values: readonly (readonly string[])[]
  readonly rows: readonly MatrixRow[]
}

/** Beyond so many dimensions not every order is tried. */
const ORDERS_MAX = 5

/**
 * A matrix in few boxes, each row in exactly one. Boxes that differ in one dimension are joined, dimension by dimension;
 * which comes first decides how many are left, so all orders are tried and the first of the best is taken.
 */
export function boxes(
  rows: readonly MatrixRow[],
  dimensions: readonly DesignChoice[],
): readonly Box[] {
  const single = rows.map((row) => ({
    values: dimensions.map(({ name }) => [String(row.design[name] ?? row.params[name])]),
    rows: [row],
  }))
  let best: readonly Box[] = single
  for (const order of orders([...dimensions.keys()].reverse())) {
    const joined = joinAll(single, order, dimensions)
    if (joined.length < best.length) best = joined
  }
  const rank = new Map(rows.map((row, index) => [row, index]))
  const first = (box: Box): number => rank.get(box.rows[0] as MatrixRow) ?? 0
  return [...best].sort((a, b) => first(a) - first(b))
}

function orders(all: readonly number[]): readonly (readonly number[])[] {
  if (all.length > ORDERS_MAX) return [all]
  if (all.length <= 1) return [all]
  return all.flatMap((first) =>
    orders(all.filter((each) => each !== first)).map((rest) => [first, ...rest]),
  )
}

function joinAll(
  single: readonly Box[],
  order: readonly number[],
  dimensions: readonly DesignChoice[],
): readonly Box[] {
  let now = single
  for (;;) {
    const before = now.length
    for (const at of order) now = joinAlong(now, at, dimensions[at]?.values ?? [])
    if (now.length === before) return now
  }
}

/** Joins the boxes that differ in this dimension only. */
function joinAlong(all: readonly Box[], at: number, values: readonly string[]): readonly Box[] {
  const joined = new Map<string, Box>()
  for (const box of all) {
    const key = JSON.stringify([outcome(box.rows[0]), box.values.filter((_, each) => each !== at)])
    const other = joined.get(key)
    joined.set(key, other === undefined ? box : join(other, box, at, values))
  }
  return [...joined.values()]
}

function join(left: Box, right: Box, at: number, values: readonly string[]): Box {
  const both = [...(left.values[at] ?? []), ...(right.values[at] ?? [])]
  const ordered = values.filter((value) => both.includes(value))
  return {
    values: left.values.map((some, each) => (each === at ? ordered : some)),
    rows: [...left.rows, ...right.rows],
  }
}

/** Minimal designs stand apart, to be seen. */
const outcome = (row: MatrixRow | undefined): string =>
  [row?.verdict, row?.kind, row?.limit, row?.minimal].join(' ')
