import type { TransitionSystem } from '../../spec/index.js'
import { layoutOf } from '../engine/layout.js'
import { PERMUTATIONS_MAX, type Sort } from '../engine/renaming.js'
import { whyObjectsDiffer } from './alike-objects.js'
import { alikeValues } from './alike-values.js'
import { beginsAlike } from './begins-alike.js'
import { classesOf } from './classes.js'
import { type Alike, makeSorts } from './make-sort.js'
import { namedFields } from './named-fields.js'

/** What may be exchanged, or why it may not. */
export type SortFinding =
  | { readonly name: string; readonly sort: Sort }
  | { readonly name: string; readonly reason: string }

/**
 * Objects of pools, and chosen values, that differ in nothing but their names. A system in which two of them are exchanged
 * everywhere is the same system (Ip and Dill 1996), so a state stands for all that arise from it so.
 */
export function sorts(system: TransitionSystem): readonly SortFinding[] {
  const refused: SortFinding[] = []
  const alike: Alike[] = []
  for (const [pool, { name, size, safety }] of system.pools.entries()) {
    // Tasks go with their processes.
    if (size < 2 || safety === 'tasks') continue
    const reason = whyObjectsDiffer(system, pool)
    if (reason !== null) refused.push({ name, reason })
    else alike.push({ kind: 'objects', name, count: size, pool })
  }
  const classes = classesOf(system)
  for (const found of classes.all) {
    for (const one of alikeValues(system, found)) {
      if ('reason' in one) refused.push(one)
      else alike.push({ kind: 'values', count: one.values.length, of: found, ...one })
    }
  }
  const fewEnough = fitting(alike)
  for (const { name, count } of alike.filter((one) => !fewEnough.includes(one))) {
    const reason = `there are ${count}, and more than ${PERMUTATIONS_MAX} ways to exchange them with the others`
    refused.push({ name, reason })
  }
  const made = makeSorts(system, namedFields(layoutOf(system), system), fewEnough, classes)
  const findings = made.map((sort): SortFinding => {
    const { name, exchanges } = sort
    const hasLocks = exchanges.some(({ locks }) => locks.size > 0)
    if (!hasLocks || beginsAlike(system, sort)) return { name, sort }
    return { name, reason: 'they have locks, and do not begin alike' }
  })
  return [...findings, ...refused]
}

/** As many as can be permuted together, the largest left out first. */
function fitting(alike: readonly Alike[]): readonly Alike[] {
  const permutations = (all: readonly Alike[]): number =>
    all.reduce((product, { count }) => product * factorial(count), 1)
  let left = alike
  while (permutations(left) > PERMUTATIONS_MAX) {
    const most = Math.max(...left.map(({ count }) => count))
    const largest = left.findLastIndex(({ count }) => count === most)
    left = left.filter((_, at) => at !== largest)
  }
  return left
}

const factorial = (count: number): number => (count < 2 ? 1 : count * factorial(count - 1))
