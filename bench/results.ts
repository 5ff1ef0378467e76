import { appendFileSync } from 'node:fs'
import { load, type Machine } from './machine.js'
import { resultsPath } from './project.js'

/** One line of `results.jsonl`: what was measured, of which engine or tool, on which machine. */
export interface Result {
  readonly suite: string
  readonly case: string
  /** `reference`, `compiled`, `spin`, `rumur`; of a comparison `reference/spin`. */
  readonly of: string
  readonly runs: number
  /** Medians over the runs. A name ends in its unit; ratios end in `Ratio`, counts have none. */
  readonly values: Readonly<Record<string, number | null>>
}

const FORMAT = 'gmemcheck-bench/1'

/** Takes results as they come in: prints nothing, keeps all, and writes each to the file at once. */
export class Results {
  readonly all: Result[] = []
  readonly #machine: Machine
  readonly #append: boolean

  constructor(machine: Machine, append: boolean) {
    this.#machine = machine
    this.#append = append
  }

  add(result: Result): void {
    this.all.push(result)
    if (!this.#append) return
    const label = { format: FORMAT, date: new Date().toISOString(), load: load() }
    appendFileSync(
      resultsPath,
      `${JSON.stringify({ ...label, ...result, machine: this.#machine })}\n`,
    )
  }
}
