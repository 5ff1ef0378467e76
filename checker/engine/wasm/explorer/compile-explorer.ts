import type { TransitionSystem } from '../../../../spec/index.js'
import type { AmplePlan } from '../../ample-plan.js'
import { noSymmetry, type Symmetry } from '../../symmetry.js'
import { type Compiled, compile, isCompilable } from '../compile.js'
import { planStore, type StorePlan } from '../store/plan.js'
import { emitTable } from '../store/table.js'
import { defineCanonical } from './canonical.js'
import { type Desk, deskAfter } from './desk.js'
import { defineEnterAll } from './enter.js'
import { defineExpand } from './expand.js'
import { defineFlush } from './flush.js'
import { defineOrders, keyWordsOf } from './orders.js'
import type { SystemParts } from './parts.js'
import { scratchFor } from './scratch.js'
import { defineSweep } from './sweep.js'

/** A compiled system together with what explores it. Plain data, but for the system itself. */
export interface CompiledExplorer {
  readonly compiled: Compiled
  readonly plan: StorePlan
  readonly desk: Desk
}

export interface Given {
  readonly workers: number
  readonly bytes: number
  readonly symmetry?: Symmetry
  readonly ample?: AmplePlan | undefined
  readonly hashBits?: number
}

/**
 * Null where something is not for this explorer: handlers expose locks in states that others have moved to, and data
 * races are told by the reference engine state by state. Or where `bytes` of memory are too few.
 */
export function compileExplorer(system: TransitionSystem, given: Given): CompiledExplorer | null {
  if (system.processes.some((process) => process.on !== null)) return null
  if (system.asked.has('data-race') || !isCompilable(system)) return null
  let made: Omit<CompiledExplorer, 'compiled'> | null = null
  const compiled = compile(system, {
    extend: (parts) => {
      made = extend(parts, given)
    },
  })
  const explorer = made as Omit<CompiledExplorer, 'compiled'> | null
  return explorer === null ? null : { compiled, ...explorer }
}

/** More threads than any machine that is worth it; see `TAKING`. */
const WORKERS_MAX = 128

function extend(parts: SystemParts, given: Given): Omit<CompiledExplorer, 'compiled'> | null {
  const { writer, layout, system } = parts
  const { stateWords } = layout
  const symmetry = given.symmetry ?? noSymmetry
  const scratch = scratchFor(parts, symmetry)
  const desk = deskAfter(scratch.end, { stride: 4 * stateWords }, keyWordsOf(parts))
  const { bytes } = given
  const workers = Math.min(given.workers, WORKERS_MAX)
  const plan = planStore({ stateWords, workerBytes: desk.bytes, workers, bytes })
  if (plan === null) return null
  const table = emitTable(writer, plan, desk, given.hashBits)
  const canonical = defineCanonical(parts, symmetry, scratch)
  const ample = given.ample ?? []
  const all = { ...parts, plan, desk, table, canonical, ample }
  const orders = system.ignored.has('lock-inversion') ? null : defineOrders(all)
  const flush = defineFlush(all, orders)
  const exported = [flush, defineExpand(all, flush), defineSweep(all), defineEnterAll(all)]
  for (const one of [...exported, table.insert, table.find, table.aimed]) writer.export(one)
  return { plan, desk }
}
