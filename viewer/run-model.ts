import type { ProcessView, Run, Site, Step } from '../checker/page/document.ts'

/** A value and the position from which a place has it. */
interface Written {
  readonly position: number
  readonly value: string | null
}

/** Questions about a run. A position is a number of steps taken, so step `p` leads to position `p`. */
export class RunModel {
  readonly run: Run
  /** The last position. */
  readonly length: number
  /** Processes that move, each with a lane, in their order. */
  readonly lanes: readonly number[]
  readonly #written: readonly (readonly Written[])[]
  readonly #switches: readonly number[]

  constructor(run: Run) {
    this.run = run
    this.length = run.steps.length
    this.lanes = run.processes.flatMap(({ heading }, process) =>
      heading === null ? [] : [process],
    )
    const written = run.start.values.map((value): Written[] => [{ position: 0, value }])
    run.steps.forEach(({ values }, at) => {
      for (const [place, value] of values) written[place]?.push({ position: at + 1, value })
    })
    this.#written = written
    this.#switches = run.steps.flatMap(({ process }, at) =>
      at > 0 && run.steps[at - 1]?.process !== process ? [at + 1] : [],
    )
  }

  /** The step that leads to a position; none to the first. */
  step(position: number): Step | null {
    return this.run.steps[position - 1] ?? null
  }

  site(index: number): Site {
    return this.run.sites[index] as Site
  }

  name(process: number): string {
    return this.run.processes[process]?.name ?? 'init'
  }

  value(place: number, position: number): string | null {
    return this.#last(place, position)?.value ?? null
  }

  /** The position at which a place got the value it has; 0: it had it from the start. */
  writer(place: number, position: number): number {
    return this.#last(place, position)?.position ?? 0
  }

  /** The positions at which a place gets another value. */
  changes(place: number): readonly number[] {
    return (this.#written[place] ?? []).slice(1).map(({ position }) => position)
  }

  /** Whether one of the steps between two positions changes a place. */
  changesState(before: number, after: number): boolean {
    return this.run.steps.slice(Math.max(0, before), after).some(({ values }) => values.length > 0)
  }

  /** How all processes stand at a position. */
  views(position: number): readonly ProcessView[] {
    const views = [...this.run.start.processes]
    for (const { processes } of this.run.steps.slice(0, position)) {
      for (const [process, view] of processes) views[process] = view
    }
    return views
  }

  /** The first position behind another (or the last before it) at which another process has taken over. */
  nextSwitch(position: number, by: 1 | -1): number | null {
    return nextOf(this.#switches, position, by)
  }

  nextChange(place: number, position: number, by: 1 | -1): number | null {
    return nextOf(this.changes(place), position, by)
  }

  #last(place: number, position: number): Written | undefined {
    return this.#written[place]?.findLast((each) => each.position <= position)
  }
}

/** The next of ascending numbers in a direction. */
export function nextOf(numbers: readonly number[], from: number, by: 1 | -1): number | null {
  const found =
    by === 1 ? numbers.find((number) => number > from) : numbers.findLast((number) => number < from)
  return found ?? null
}
