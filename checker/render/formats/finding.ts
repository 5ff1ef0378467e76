import type { Interpreter } from '../../../spec/index.js'
import type { Trace } from '../../trace/trace.js'
import type { VerdictDocument } from '../json.js'

/** What every format is written from: one row of a model, and what became of it. */
export interface Finding {
  /** The model, by the path the user gave. */
  readonly file: string
  /** The choices that are not the defaults, as `test` names the row: `default`, `unmap=both`. */
  readonly row: string
  readonly interpreter: Interpreter
  /** What a search said; null where a run was only replayed. */
  readonly document: VerdictDocument | null
  /** The run that shows the violation; null where there is none. */
  readonly run: Run | null
}

/** A replayed run. */
export interface Run {
  readonly trace: Trace
  readonly token: string
  readonly columns: string
}

/** A finding with a run: what most formats need. */
export type Shown = Finding & { readonly run: Run }

/** A finding with the verdict of a search. */
export type Searched = Finding & { readonly document: VerdictDocument }
