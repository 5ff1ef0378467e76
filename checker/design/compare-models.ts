import { type CheckedModel, configure, describe } from '../../spec/index.js'
import {
  figures,
  type ModelDifference,
  type RowDifference,
  type RowFigures,
} from '../render/difference.js'
import type { Settings } from '../render/json.js'
import type { TestedRow } from './test-row.js'

/** A model in one revision, with its rows as they were searched. */
export interface Revision {
  readonly model: CheckedModel
  readonly rows: readonly TestedRow[]
}

/**
 * Matches the rows of two revisions by their settings. A choice that one of them does not have is as if it had its
 * default there: so a revision that only adds a choice is compared row by row, and what is new comes last.
 */
export function compareModels(
  name: string,
  a: Revision | null,
  b: Revision | null,
): ModelDifference {
  const defaults = { a: defaultsOf(a), b: defaultsOf(b) }
  const onlyA = without(defaults.a, defaults.b)
  const onlyB = without(defaults.b, defaults.a)
  const common = without(defaults.a, Object.fromEntries(onlyA.map((each) => [each, true])))
  const key = (row: TestedRow): string =>
    JSON.stringify(common.map((each) => designOf(row)[each] ?? null))
  const isUsual = (row: TestedRow, own: readonly string[], usual: Settings): boolean =>
    own.every((each) => designOf(row)[each] === usual[each])
  const partners = new Map(
    (b?.rows ?? []).filter((row) => isUsual(row, onlyB, defaults.b)).map((row) => [key(row), row]),
  )
  const rows: RowDifference[] = []
  for (const row of a?.rows ?? []) {
    const partner = isUsual(row, onlyA, defaults.a) ? partners.get(key(row)) : undefined
    if (partner !== undefined) partners.delete(key(row))
    rows.push(differenceOf(partner?.name ?? row.name, row, partner ?? null))
  }
  const left = new Set(partners.values())
  for (const row of b?.rows ?? []) {
    if (left.has(row) || !isUsual(row, onlyB, defaults.b)) {
      rows.push(differenceOf(row.name, null, row))
    }
  }
  const bothHave = a !== null && b !== null
  const choices = bothHave ? { onlyA, onlyB } : { onlyA: [], onlyB: [] }
  return { name, inA: a !== null, inB: b !== null, choices, rows }
}

const designOf = (row: TestedRow): Settings => row.report?.document.design ?? {}

const without = (left: Settings, right: Settings): string[] =>
  Object.keys(left).filter((name) => !Object.hasOwn(right, name))

function defaultsOf(revision: Revision | null): Settings {
  const usual = revision && configure(revision.model, {}).result
  return revision && usual ? describe(revision.model, usual).design : {}
}

function differenceOf(row: string, a: TestedRow | null, b: TestedRow | null): RowDifference {
  const [left, right] = [figuresOf(a), figuresOf(b)]
  const changed =
    left === null || right === null ? [] : figures.filter((each) => left[each] !== right[each])
  return { row, a: left, b: right, changed }
}

function figuresOf(row: TestedRow | null): RowFigures | null {
  const document = row?.report?.document
  if (document === undefined) return null
  const { verdict, violation, trace, search } = document
  return {
    verdict,
    kind: violation?.kind ?? null,
    steps: trace?.steps ?? null,
    states: search.distinctStates,
    depth: search.depth,
  }
}
