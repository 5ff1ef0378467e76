import type { DesignChoice } from '../../spec/index.js'
import type { Settings } from './json.js'

/** One cell of a matrix: a combination of choices and params, and what a search said of it. */
export interface MatrixRow {
  readonly params: Settings
  readonly design: Settings
  readonly verdict: 'holds' | 'violated' | 'incomplete'
  /** Of the violation. */
  readonly kind?: string
  /** What ended the search early. */
  readonly limit?: string
  readonly steps?: number
  readonly switches?: number
  readonly token?: string
  readonly states: number
  readonly seconds: number
  /** The sum of the costs of its choices. */
  readonly cost: number
  /** A minimal safe design. */
  readonly minimal: boolean
}

/** The matrix of one model; `design` and `varied` are its dimensions, `fixed` what was given for all rows. */
export interface Matrix {
  readonly model: string
  readonly file: string
  readonly design: readonly DesignChoice[]
  readonly varied: readonly DesignChoice[]
  readonly fixed: Settings
  /** Costs are written in the model. */
  readonly hasCosts: boolean
  readonly rows: readonly MatrixRow[]
}
