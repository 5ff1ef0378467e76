import type { Slot, TransitionSystem } from '../../../spec/index.js'
import type { Num, Temporary, Test } from '../program.js'
import { Catalogue } from './catalogue.js'
import { type CodeStore, codeStore, headCountOf } from './locals.js'
import { type Storage, type Store, storageOf } from './storage.js'

/** A system and where everything of it is. */
export interface World {
  readonly system: TransitionSystem
  readonly catalogue: Catalogue
  readonly storage: Storage
  readonly codes: readonly CodeStore[]
}

export function worldOf(system: TransitionSystem): World {
  const catalogue = new Catalogue(system)
  const storage = storageOf(system, catalogue)
  const headCount = headCountOf(system)
  const codes = system.codes.map((_, at) => codeStore(system, catalogue, at, headCount))
  return { system, catalogue, storage, codes }
}

/** Who evaluates: whose locals are read, and what becomes of a violation. */
export interface Scope {
  readonly world: World
  /** Null in `init` and in properties. */
  readonly store: CodeStore | null
  readonly role: 'process' | 'init' | 'property'
  /** The process's number; that of `init` is one more than the last process's. */
  readonly self: Num
  /** The value of a scalar local, and whether it is missing. */
  local(slot: Slot): { readonly value: Num; readonly empty: Test }
  /** Where an aggregate is, or a scalar that a state keeps. */
  cell(slot: Slot): LocalCell
  fault(when: Test, kind: string | null, message: string): void
  refuse(construct: string): never
}

export type LocalCell =
  | { readonly kind: 'stored'; readonly store: Store; readonly indexes: readonly Num[] }
  | { readonly kind: 'temporary'; readonly temporary: Temporary }
  /** Only in what is asked beforehand: a value and nowhere to write. */
  | { readonly kind: 'value'; readonly value: Num }
