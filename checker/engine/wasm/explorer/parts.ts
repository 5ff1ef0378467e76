import type { TransitionSystem } from '../../../../spec/index.js'
import type { AmplePlan } from '../../ample-plan.js'
import type { Layout } from '../../layout.js'
import type { Cells } from '../cells.js'
import { type Code, constant, global, load, store } from '../code.js'
import type { Memory } from '../emitter.js'
import type { FireOne } from '../firing.js'
import type { Declared, ModuleWriter } from '../module.js'
import type { StorePlan } from '../store/plan.js'
import type { Table } from '../store/table.js'
import type { Desk } from './desk.js'

/** The functions of a compiled system; see `compile.ts`. */
export interface SystemFunctions {
  readonly unpack: Declared
  /** By process. */
  readonly fires: readonly FireOne[]
  readonly judge: Declared
  readonly mayRest: Declared
  readonly cover: Declared
}

/** What a compiled system is made of, for those who write more functions into its module. */
export interface SystemParts {
  readonly system: TransitionSystem
  readonly layout: Layout
  readonly writer: ModuleWriter
  readonly memory: Memory
  readonly cells: Cells
  /** The first cell of every lock. */
  readonly locks: readonly number[]
  /** Bytes of the engine's own part of the memory. */
  readonly bytes: number
  readonly functions: SystemFunctions
}

/** What the functions of the explorer are written with. */
export interface ExplorerParts extends SystemParts {
  readonly plan: StorePlan
  readonly desk: Desk
  readonly table: Table
  /** Where processes are taken for one another: makes the state just reached the least of its orbit. */
  readonly canonical: Declared | null
  /** By process, from where it may be the only one to move; may be empty. */
  readonly ample: AmplePlan
}

/** A word of the desk. */
export const desked = (offset: number): Code => load(global(0), offset)
export const noteOnDesk = (offset: number, value: Code): Code => store(global(0), offset, value)
export const zero = constant(0)
