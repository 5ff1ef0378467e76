import type { Extent } from '../cases.js'
import type { EngineName } from '../engine-name.js'
import type { Results } from '../results.js'

/** What every suite is given. */
export interface Setting {
  readonly engines: readonly EngineName[]
  readonly extent: Extent
  /** How often each thing is measured. */
  readonly repeat: number
  readonly results: Results
  /** Says what cannot be measured here, and why. */
  readonly say: (text: string) => void
}

/** One question about speed or memory. */
export interface Suite {
  readonly name: string
  /** How it is measured, in one line above its table. */
  readonly about: string
  run(setting: Setting): Promise<void>
}
