import { Names } from '../names.js'
import type { Body, Index, Procedure, SourceNote, Temporary, Variable } from '../program.js'

/**
 * What Promela keeps for itself, what C keeps (a variable becomes a member of a struct, a temporary a variable), and
 * lower-case macros that its preprocessor or the headers of a verifier may define.
 */
const RESERVED =
  `active assert atomic bit bool break byte c_code c_decl c_expr c_state c_track chan cond_expr d_proctype
  d_step do else empty enabled end eval false fi for full get_priority goto hidden if in init inline int len local ltl
  mtype nempty never nfull np_ notrace od of pc_value pid printf printm priority proctype provided return run select
  set_priority short show skip timeout trace true typedef unless unsigned xr xs
  auto case char const continue default double enum extern float long register restrict signed sizeof static struct
  switch union void volatile while asm typeof
  linux unix i386 errno stdin stdout stderr assert uchar uint ushort ulong offsetof
  always eventually until weakuntil stronguntil release implies equivalent next
  fault self judge monitor provided now`.split(/\s+/)

/**
 * Names of one model. Variables have those of the program. A temporary has no value between two steps, so one cell
 * serves all bodies that call one of theirs so.
 *
 * Cells are hidden variables: SPIN does not store them. Nor does it put them back as it takes back a `d_step`, though
 * what it takes back next may read them: the place of an element that was set, or what was chosen before another choice.
 * So every body leaves in its cells the zeros that it found there.
 */
export class Words {
  readonly #names = new Names([...RESERVED, 'ONLY', 'REPORTED', 'FAULT', 'NONE'])
  readonly #cells = new Map<string, string[]>()
  readonly #parameters = new Map<Temporary | Index, string>()

  fresh(wanted: string): string {
    return this.#names.fresh(wanted)
  }

  of(thing: Variable | Procedure): string {
    return this.#names.of(thing, thing.name)
  }

  /** The cell of a procedure's parameter, which no body uses for anything else. */
  declareParameter(procedure: Procedure, parameter: Temporary): void {
    const name = this.#names.fresh(`${this.of(procedure)}_${parameter.name}`)
    this.#parameters.set(parameter, name)
  }

  parameter(thing: Temporary | Index): string | undefined {
    return this.#parameters.get(thing)
  }

  /** The `nth` cell of those that are called `wanted`. */
  cell(wanted: string, nth: number): string {
    const cells = this.#cells.get(wanted) ?? []
    this.#cells.set(wanted, cells)
    while (cells.length <= nth) cells.push(this.#names.fresh(wanted))
    return cells[nth] as string
  }

  /** Every cell that was asked for. */
  get cells(): readonly string[] {
    return [...this.#parameters.values(), ...[...this.#cells.values()].flat()]
  }
}

/** What names mean inside of one body. */
export class Scope {
  readonly words: Words
  /** How the process that moves is written. */
  readonly self: string
  #cells = new Map<Temporary | Index, string>()
  #counts = new Map<string, number>()
  #values: ReadonlyMap<Index, number> = new Map()

  constructor(words: Words, self = 'self') {
    this.words = words
    this.self = self
  }

  /** This scope where an index stands for one value. */
  with(index: Index, value: number): Scope {
    const inner = new Scope(this.words, this.self)
    inner.#cells = this.#cells
    inner.#counts = this.#counts
    inner.#values = new Map([...this.#values, [index, value]])
    return inner
  }

  /** The value an index stands for; undefined where it runs in a loop. */
  valueOf(index: Index): number | undefined {
    return this.#values.get(index)
  }

  /** Statements that leave the cells of this scope as they were found. */
  resets(): readonly string[] {
    return [...this.#cells.values()].map((cell) => `${cell} = 0;`)
  }

  cell(thing: Temporary | Index): string {
    const known = this.words.parameter(thing) ?? this.#cells.get(thing)
    if (known !== undefined) return known
    const nth = this.#counts.get(thing.name) ?? 0
    this.#counts.set(thing.name, nth + 1)
    const cell = this.words.cell(`tmp_${thing.name}`, nth)
    this.#cells.set(thing, cell)
    return cell
  }
}

/** Text for a comment, on one line. */
export const comment = (text: string): string =>
  `/* ${text.replace(/\s+/g, ' ').replaceAll('*/', '* /').replaceAll('/*', '/ *')} */`

export const noteText = ({ file, line, text }: SourceNote): string => `${file}:${line}: ${text}`

export const indented = (lines: readonly string[]): readonly string[] =>
  lines.map((line) => (line === '' ? line : `  ${line}`))

/** Whether a body may do different things in one state. */
export const chooses = ({ blocks }: Body): boolean =>
  blocks.some(
    ({ statements, end }) =>
      (end.kind === 'either' && end.blocks.length > 1) ||
      statements.some((each) => each.kind === 'select' && each.options.length > 1),
  )
