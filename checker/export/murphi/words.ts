import { Names } from '../names.js'
import type { Dimension, Index, Procedure, Temporary, Variable } from '../program.js'

/** What Murphi keeps for itself, in any mixture of capitals; the dialects of Rumur and CMurphi together. */
const KEYWORDS = new Set(
  `alias array assert assume begin boolean by case clear const cover do else elsif end endalias endexists endfor
  endforall endfunction endif endprocedure endrecord endrule endruleset endstartstate endswitch endwhile enum error
  exists externalfun externalproc false for forall fairness fair from function goalstate if in interleaved invariant
  isundefined ismember liveness ltl multiset multisetadd multisetcount multisetremove multisetremovepred normal of
  procedure process program put queue real record release return rule ruleset scalarset startstate strongfair
  switch then to traceuntil true type undefine union until var while`.split(/\s+/),
)

const allowed = (wanted: string): string =>
  KEYWORDS.has(wanted.toLowerCase()) ? `${wanted}_1` : wanted

/** A named range of process numbers: all of them, or a family's. */
export interface ProcessType {
  readonly name: string
  readonly from: number
  readonly to: number
}

/** Names that hold everywhere in the text. */
export class Globals {
  readonly #names = new Names(['self'])
  readonly #used: string[] = ['self']
  readonly #scalarsets: ProcessType[] = []

  fresh(wanted: string): string {
    const name = this.#names.fresh(allowed(wanted))
    this.#used.push(name)
    return name
  }

  of(thing: Variable | Procedure): string {
    const name = this.#names.of(thing, allowed(thing.name))
    this.#used.push(name)
    return name
  }

  /** The name of a scalarset, where it is what the processes of such a family are. */
  rangeText(range: Dimension | Index | Temporary): string {
    const isProcess =
      ('over' in range && range.over === 'process') ||
      ('holds' in range && range.holds === 'process')
    const found = this.#scalarsets.find(({ from, to }) => from === range.from && to === range.to)
    return isProcess && found ? found.name : rangeText(range)
  }

  /** These process numbers are a scalarset from now on. */
  addScalarset(type: ProcessType): void {
    this.#scalarsets.push(type)
  }

  /** Every name there is so far: what is local may not hide it. */
  get used(): readonly string[] {
    return this.#used
  }
}

/** Names inside of one procedure, rule or start state, and what `self` is there. */
export class Scope {
  readonly globals: Globals
  readonly #names: Names
  readonly #self: string
  #usesSelf = false

  constructor(globals: Globals, self = 'self') {
    this.globals = globals
    this.#names = new Names(globals.used)
    this.#self = self
  }

  get self(): string {
    this.#usesSelf = true
    return this.#self
  }

  /** Whether anything asked for `self` yet. */
  get usesSelf(): boolean {
    return this.#usesSelf
  }

  of(thing: Temporary | Index): string {
    return this.#names.of(thing, allowed(thing.name))
  }

  fresh(wanted: string): string {
    return this.#names.fresh(allowed(wanted))
  }
}

/** Text for a comment: one line. */
export const comment = (text: string): string => `-- ${text.replace(/\s+/g, ' ')}`

/** A string of Murphi, which has no escapes. */
export const quoted = (text: string): string =>
  `"${text.replace(/["“”]/g, "'").replace(/\\/g, '/').replace(/\s+/g, ' ')}"`

export const indented = (lines: readonly string[]): readonly string[] =>
  lines.map((line) => (line === '' ? line : `  ${line}`))

export const rangeText = ({ from, to }: { readonly from: number; readonly to: number }): string =>
  `${from} .. ${to}`
