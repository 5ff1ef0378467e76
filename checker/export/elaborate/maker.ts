import type { Slot } from '../../../spec/index.js'
import type { Block, Body, End, Num, Statement } from '../program.js'
import type { Flow } from './flow.js'
import type { CodeStore } from './locals.js'
import type { Procedures } from './procedures.js'
import type { Store } from './storage.js'
import type { Scope, World } from './world.js'

export interface OpenBlock {
  readonly statements: Statement[]
  end: End | null
}

/** What locals are known to be at a point of a body, so that loops over constants are written out. */
export type Known = ReadonlyMap<Slot, number>

/** A body while it is written. */
export class BodyMaker {
  readonly world: World
  readonly procedures: Procedures
  readonly blocks: OpenBlock[] = []

  constructor(world: World, procedures: Procedures) {
    this.world = world
    this.procedures = procedures
  }

  block(): number {
    return this.blocks.push({ statements: [], end: null }) - 1
  }

  at(block: number): OpenBlock {
    const found = this.blocks[block]
    if (!found) throw new Error(`no block ${block}`)
    return found
  }

  get body(): Body {
    const blocks: Block[] = this.blocks.map(({ statements, end }, at) => {
      if (!end) throw new Error(`block ${at} has no end`)
      return { statements, end }
    })
    return { temporaries: [], blocks }
  }
}

/** Who executes a stretch of code in a body. */
export interface Runner {
  readonly flow: Flow
  readonly store: CodeStore | null
  readonly role: Scope['role']
  readonly self: Num
  /** Where aggregates of a code that is no process's are. */
  readonly aggregates: ReadonlyMap<Slot, Store>
}
