import {
  allCodes,
  EXECUTED,
  type Instruction,
  type TransitionSystem,
  WENT_OTHERWISE,
  WENT_THEN,
} from '../../spec/index.js'

/** What one row exercised in one file. Plain data: it travels between threads. */
export interface FileExercise {
  readonly file: string
  /** Where the texts begin that lowering made instructions of, and those of them that were executed. */
  readonly lowered: readonly number[]
  readonly executed: readonly number[]
  /** Of these, what was executed outside of `init`, where nobody else is. */
  readonly afterInit: readonly number[]
  /** Statements that decide a way by a branch, with the ways that were gone. */
  readonly branches: readonly Decision[]
}

export interface Decision {
  readonly from: number
  readonly to: number
  readonly then: boolean
  readonly otherwise: boolean
}

/** What the search of one row has exercised, by file; of a row that ended early, so far. */
export function rowCoverage(
  system: TransitionSystem,
  executed: readonly Uint8Array[],
): readonly FileExercise[] {
  const files = new Map<string, Exercise>()
  const fileOf = (file: string): Exercise => {
    const found = files.get(file) ?? new Exercise()
    files.set(file, found)
    return found
  }
  const inits = new Set(system.init)
  allCodes(system).forEach((code, index) => {
    // Of the branches of one execution of a statement the last one decides; those before it belong to its condition.
    const decisive = new Map<string, number>()
    code.instructions.forEach((instruction, location) => {
      const { kind, site } = instruction
      if (kind === 'end' || kind === 'leave') return
      const isExecuted = ((executed[index]?.[location] ?? 0) & EXECUTED) !== 0
      for (const span of [site.statement, site.span]) {
        fileOf(span.file).note(span.from, isExecuted, inits.has(code))
      }
      if (kind === 'branch') decisive.set(instanceKey(instruction), location)
    })
    for (const location of decisive.values()) {
      const { statement } = code.instructions[location]?.site ?? {}
      const noted = executed[index]?.[location] ?? 0
      if (statement !== undefined) fileOf(statement.file).decide(statement, noted)
    }
  })
  return [...files].map(([file, exercise]) => ({ file, ...exercise.plain() }))
}

const instanceKey = ({ site }: Instruction): string =>
  `${site.call.id} ${site.statement.file} ${site.statement.from} ${site.statement.to}`

class Exercise {
  readonly #lowered = new Set<number>()
  readonly #executed = new Set<number>()
  readonly #afterInit = new Set<number>()
  readonly #branches = new Map<string, { from: number; to: number; noted: number }>()

  note(at: number, isExecuted: boolean, isInit: boolean): void {
    this.#lowered.add(at)
    if (isExecuted) this.#executed.add(at)
    if (isExecuted && !isInit) this.#afterInit.add(at)
  }

  decide({ from, to }: { readonly from: number; readonly to: number }, noted: number): void {
    const key = `${from} ${to}`
    const before = this.#branches.get(key)?.noted ?? 0
    this.#branches.set(key, { from, to, noted: before | noted })
  }

  plain(): Omit<FileExercise, 'file'> {
    return {
      lowered: [...this.#lowered],
      executed: [...this.#executed],
      afterInit: [...this.#afterInit],
      branches: [...this.#branches.values()].map(({ from, to, noted }) => ({
        from,
        to,
        then: (noted & WENT_THEN) !== 0,
        otherwise: (noted & WENT_OTHERWISE) !== 0,
      })),
    }
  }
}
