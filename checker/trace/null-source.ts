import type { Expr, Instruction, Site, Slot } from '../../spec/index.js'
import { executedIn } from './inside.js'
import { touches } from './replay.js'
import type { StatePath, Trace, TraceStep } from './trace.js'

/** Where a null pointer that was used came from. */
export interface NullSource {
  readonly step: TraceStep
  readonly site: Site
  /** Of an allocation that failed there is no place it was read from, and nobody who wrote it. */
  readonly place: string | null
  /** The step before the read that had written the place last; null: nobody had. */
  readonly writer: TraceStep | null
}

/** Follows the pointer that the failing step used back through the locals it was passed on in; null where that ends. */
export function nullSource({ system, steps }: Trace): NullSource | null {
  const last = steps.at(-1)
  if (last === undefined) return null
  const own = steps.filter((step) => step.process === last.process)
  const history = own.flatMap((step) =>
    executedIn(system, step).map((instruction) => ({ step, instruction })),
  )
  let slot = slotOf(pointerOf(history.at(-1)?.instruction))
  for (const { step, instruction } of history.reverse()) {
    if (slot === null || !writes(instruction, slot)) continue
    const { site } = instruction
    if (instruction.kind === 'alloc') return { step, site, place: null, writer: null }
    if (instruction.kind === 'assign') {
      slot = slotOf(instruction.value)
      continue
    }
    if (instruction.kind !== 'load') return null
    const { root, path } = instruction.place
    const variable = root.kind === 'shared' ? system.shared[root.variable] : undefined
    if (variable === undefined || path.length > 0) return null
    const read: StatePath = ['shared', variable.name]
    const writer = steps.findLast(
      ({ index, changes }) =>
        index < step.index && changes.some((change) => touches(change.path, read)),
    )
    return { step, site, place: variable.name, writer: writer ?? null }
  }
  return null
}

/** The pointer that an instruction goes through. */
function pointerOf(instruction: Instruction | undefined): Expr | null {
  if (instruction === undefined) return null
  if ('pointer' in instruction) return instruction.pointer
  if (!('place' in instruction)) return null
  const { root } = instruction.place
  return root.kind === 'object' ? root.pointer : null
}

const slotOf = (expression: Expr | null): Slot | null =>
  expression?.kind === 'slot' ? expression.slot : null

const writes = (instruction: Instruction, slot: Slot): boolean =>
  'slot' in instruction && instruction.slot?.id === slot.id
