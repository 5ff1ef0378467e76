import type { Block, Body, End, Statement } from '../program.js'
import type { Procedures } from './procedures.js'
import type { World } from './world.js'

export interface OpenBlock {
  readonly statements: Statement[]
  end: End | null
}

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
