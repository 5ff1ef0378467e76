import type { Trap } from '../../spec/index.js'
import type { Step } from '../engine/engine.js'
import type { StateId } from '../store/visited.js'
import { type Cause, type Participants, tellingCauses } from './causes.js'
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
  /** Where violations are told apart by them: who takes part, and how often it was met. */
  readonly cause: Pick<Cause<Finding>, 'participants' | 'count'> | null
}

interface Entry {
  readonly finding: Finding
  readonly pass: number
}

/** Findings of one kind at one place, and of the same participants where that is asked for. */
interface Group {
  readonly place: string
  readonly participants: Participants
  entries: Entry[]
  /** How often it was met, and how often in the pass under way. */
  count: number
  inPass: number
}

/** What a search has found so far, by kind and place. Of each group only the shallowest findings are kept: the choice never takes another. */
export class Findings {
  readonly #ignored: ReadonlySet<string>
  /** Who takes part in a finding; null where nobody wants to know. */
  readonly #participants: ((finding: Finding) => Participants) | null
  readonly #note: (finding: Finding) => void
  readonly #groups = new Map<string, Group>()
  /** The pass over the frontier that is under way; one that a limit ends is forgotten by `forgetPass`. */
  #pass = 0

  /** `note` is told of each finding, kept or not. */
  constructor(
    ignored: ReadonlySet<string>,
    participants: ((finding: Finding) => Participants) | null = null,
    note: (finding: Finding) => void = () => {},
  ) {
    this.#ignored = ignored
    this.#participants = participants
    this.#note = note
  }

  get isEmpty(): boolean {
    return this.#groups.size === 0
  }

  beginPass(): void {
    this.#pass++
    for (const group of this.#groups.values()) group.inPass = 0
  }

  /** Drops what the pass under way has added, so that a search cut by a count ends with a completed level. */
  forgetPass(): void {
    for (const [key, group] of this.#groups) {
      group.entries = group.entries.filter((entry) => entry.pass < this.#pass)
      group.count -= group.inPass
      if (group.entries.length === 0) this.#groups.delete(key)
    }
  }

  add(finding: Finding): void {
    const { kind, at } = finding.trap
    if (this.#ignored.has(kind)) return
    this.#note(finding)
    const place = `${kind}\n${at.file}\n${at.from}`
    const participants = this.#participants?.(finding) ?? []
    const key = [place, ...participants].join('\n')
    const entry = { finding, pass: this.#pass }
    const group = this.#groups.get(key) ?? { place, participants, entries: [], count: 0, inPass: 0 }
    this.#groups.set(key, group)
    group.count++
    group.inPass++
    const depth = group.entries[0]?.finding.depth ?? Number.POSITIVE_INFINITY
    if (finding.depth === depth) group.entries.push(entry)
    else if (finding.depth < depth) group.entries = [entry]
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
    const groups = [...this.#groups.values()]
    if (this.#participants === null) return groups.map((group) => groupOf(causeOf(group), null))
    const places = [...new Set(groups.map(({ place }) => place))]
    return places.flatMap((place) => {
      const causes = groups.filter((group) => group.place === place).map(causeOf)
      return tellingCauses(causes).map((cause) => groupOf(cause, cause))
    })
  }
}

function causeOf({ participants, entries, count }: Group): Cause<Finding> {
  const findings = entries.map((entry) => entry.finding)
  return { participants, depth: (findings[0] as Finding).depth, findings, count }
}

const groupOf = (
  { depth, findings }: Cause<Finding>,
  cause: FindingGroup['cause'],
): FindingGroup => ({ kind: (findings[0] as Finding).trap.kind, depth, findings, cause })
