import type { RecordedReads } from '../design/model.js'
import type { Row } from '../design/row.js'

/** What does not change while somebody looks at a trace. */
export interface Matter {
  readonly row: Row
  /** The path of the model as the user gave it, and what was read from there on: conditions are analysed with it. */
  readonly file: string
  readonly reads: RecordedReads
  /** The trace is proved shortest; null: nobody knows. */
  readonly minimal: boolean | null
}
