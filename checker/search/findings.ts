import type { Trap } from '../../spec/index.js'
import type { Step } from '../engine/engine.js'
import type { StateId } from '../store/visited.js'
import type { StepName } from './graph.js'

/** A place in the state graph that shows a violation; its trail is found afterwards, see `shortest.ts`. */
export interface Finding {
  readonly trap: Trap
  /** Steps from an initial state to the violation, the violating one included. */
  readonly depth: number
  /** The violating state, or the one the violating step starts from; null when `init` itself is at fault. */
  readonly state: StateId | null
  /** The violating step, or null when the state is at fault. */
  readonly step: StepName | null
  /** The picks of `init`, when it is at fault. */
  readonly initial: readonly number[] | null
  /** For a lost rest: the steps once around its terminal loop. */
  readonly loop: (() => readonly Step[]) | null
}

/** Findings of one kind at one place, all of the same depth: the least at which there are any. */
export interface FindingGroup {
  readonly kind: string
  readonly depth: number
  readonly findings: readonly Finding[]
}

interface Entry {
  readonly finding: Finding
  readonly pass: number
}

/** What a search has found so far, by kind and place. Of each group only the shallowest findings are kept: the choice never takes another. */
export class Findings {
  readonly #ignored: ReadonlySet<string>
  readonly #note: (finding: Finding) => void
  readonly #groups = new Map<string, Entry[]>()
  /** The pass over the frontier that is under way; one that a limit ends is forgotten by `forgetPass`. */
  #pass = 0

  /** `note` is told of each finding, kept or not. */
  constructor(ignored: ReadonlySet<string>, note: (finding: Finding) => void = () => {}) {
    this.#ignored = ignored
    this.#note = note
  }

  get isEmpty(): boolean {
    return this.#groups.size === 0
  }

  beginPass(): void {
    this.#pass++
  }

  /** Drops what the pass under way has added, so that a search cut by a count ends with a completed level. */
  forgetPass(): void {
    for (const [key, entries] of this.#groups) {
      const kept = entries.filter((entry) => entry.pass < this.#pass)
      if (kept.length === 0) this.#groups.delete(key)
      else this.#groups.set(key, kept)
    }
  }

  add(finding: Finding): void {
    const { kind, at } = finding.trap
    if (this.#ignored.has(kind)) return
    this.#note(finding)
    const key = `${kind}\n${at.file}\n${at.from}`
    const entry = { finding, pass: this.#pass }
    const group = this.#groups.get(key)
    const depth = group?.[0]?.finding.depth ?? Number.POSITIVE_INFINITY
    if (group !== undefined && finding.depth === depth) group.push(entry)
    else if (finding.depth < depth) this.#groups.set(key, [entry])
  }

  /** Whether the search may end here: something was found, or, where kinds are wanted, each of them. */
  satisfies(wanted: readonly string[]): boolean {
    if (wanted.length === 0) return !this.isEmpty
    const found = new Set(this.groups().map((group) => group.kind))
    return wanted.every((kind) => found.has(kind))
  }

  /** The depth at which `satisfies` became true; infinite while it is not. */
  satisfiedAt(wanted: readonly string[]): number {
    const least = new Map<string, number>()
    for (const { kind, depth } of this.groups()) {
      least.set(kind, Math.min(depth, least.get(kind) ?? Number.POSITIVE_INFINITY))
    }
    if (wanted.length === 0) return Math.min(...least.values())
    return Math.max(...wanted.map((kind) => least.get(kind) ?? Number.POSITIVE_INFINITY))
  }

  groups(): FindingGroup[] {
    return [...this.#groups.values()].map((entries) => {
      const findings = entries.map((entry) => entry.finding)
      const first = findings[0] as Finding
      return { kind: first.trap.kind, depth: first.depth, findings }
    })
  }
}
