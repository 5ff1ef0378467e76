import type { Place, TransitionSystem } from '../../spec/index.js'
import { fullPlace } from './format.js'
import { touches } from './replay.js'
import type { Change, StatePath, Trace, TraceStep } from './trace.js'

/** One change of a reference count in a run. */
export interface CountChange {
  readonly step: TraceStep
  readonly change: Change
}

/** The last steps of a run that raised and that lowered a count. */
export interface LastCounts {
  readonly place: string
  readonly get: CountChange | null
  readonly put: CountChange | null
}

/** The reference counts at a path or inside of what is there: what each was last raised and lowered by. */
export function lastCounts({ system, steps }: Trace, path: StatePath): readonly LastCounts[] {
  const counts = referenceCounts(system)
  const changed = steps.flatMap((step) =>
    step.changes
      .filter((change) => change.kind === 'value' && counts.has(shapeOf(change.path)))
      .filter((change) => touches(change.path, path) || touches(path, change.path))
      .map((change) => ({ step, change })),
  )
  const places = new Set(changed.map(({ change }) => fullPlace(change)))
  return [...places].map((place) => {
    const of = changed.filter(({ change }) => fullPlace(change) === place)
    const by = (sign: number): CountChange | null =>
      of.findLast(
        ({ change }) => Math.sign(Number(change.after) - Number(change.before)) === sign,
      ) ?? null
    return { place, get: by(1), put: by(-1) }
  })
}

/** Shapes of the places on which the model uses the primitives of `refcount_t`. */
function referenceCounts(system: TransitionSystem): ReadonlySet<string> {
  const found = new Set<string>()
  for (const { instructions } of system.codes) {
    for (const instruction of instructions) {
      if (instruction.kind !== 'update' || !instruction.name.startsWith('refcount_')) continue
      for (const shape of shapesOf(system, instruction.place)) found.add(shape)
    }
  }
  return found
}

function shapesOf(system: TransitionSystem, { root, path }: Place): readonly string[] {
  const inside = path.flatMap((selector) => (selector.kind === 'field' ? [selector.name] : []))
  if (root.kind === 'local') return []
  const roots =
    root.kind === 'shared'
      ? [['shared', system.shared[root.variable]?.name ?? '']]
      : root.pools.map((pool) => ['pools', system.pools[pool]?.name ?? '', 'value'])
  return roots.map((begin) => [...begin, ...inside].join('.'))
}

/** A path without the indexes of objects and elements. */
const shapeOf = (path: StatePath): string => path.filter((key) => typeof key === 'string').join('.')
