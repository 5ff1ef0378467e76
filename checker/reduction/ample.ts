import type { Code, Instruction, Location, Place, TransitionSystem } from '../../spec/index.js'
import type { AmplePlan, AmpleSteps } from '../engine/ample-plan.js'
import { keysOf, placeOf, watchedKeys, watchesObjects } from './accesses.js'
import { landings, visibleIn, within } from './flow.js'

/**
 * Persistent sets of one process (Godefroid 1996): if nothing that the others may do from where they are conflicts with
 * the next step of a process, then letting that process move is enough. Whatever the others do first can be done after
 * it as well. The step must be seen by no invariant, must not go back in the code, so that no circle of states consists of
 * such steps only, and must not begin where a daemon is between two runs: there it need not be taken to come to rest.
 */
export function amplePlan(system: TransitionSystem): AmplePlan {
  const names = new Names(system)
  const codes = system.codes.map((code) => new Flow(code))
  const flowsOf = system.processes.map(({ code }) => codes[code])
  const watched = watchedKeys(system)
  const watches = watchesObjects(system)
  return system.processes.map((_, process) => {
    const flow = codes[system.processes[process]?.code ?? -1]
    if (flow === undefined) return []
    const steps = flow.resting.flatMap((at): readonly AmpleSteps[] => {
      if (!flow.isForward(at)) return []
      const mine = names.ofStep(process, flow, at)
      if (
        [...mine.writes].some(
          (name) => watched.has(patternOf(name)) || (watches && /#alive$/.test(name)),
        )
      ) {
        return []
      }
      const conflicts = system.processes.map((other, number) => {
        const others = codes[other.code]
        if (number === process || others === undefined) return new Set<Location>()
        return names.conflicting(number, others, mine)
      })
      return isWorthIt(conflicts, flowsOf) ? [{ from: new Set([at]), conflicts }] : []
    })
    return together(steps)
  })
}

/**
 * To look where everybody is costs time in every state. It is worth it where the others are rid of what conflicts for at
 * least half of their ways.
 */
const isWorthIt = (
  conflicts: readonly ReadonlySet<Location>[],
  flows: readonly (Flow | undefined)[],
): boolean =>
  conflicts.every(({ size }, process) => 2 * size <= (flows[process]?.resting.length ?? 0))

/** Steps with the same conflicts as one. */
function together(steps: readonly AmpleSteps[]): readonly AmpleSteps[] {
  const found = new Map<string, { from: Set<Location>; conflicts: AmpleSteps['conflicts'] }>()
  for (const { from, conflicts } of steps) {
    const key = conflicts.map((set) => [...set].join()).join(' ')
    const known = found.get(key)
    if (known === undefined) found.set(key, { from: new Set(from), conflicts })
    else for (const at of from) known.from.add(at)
  }
  return [...found.values()]
}

/** What a step touches: places of shared memory, and by `#` what the semantics keeps beside them. */
interface Touched {
  readonly reads: ReadonlySet<string>
  readonly writes: ReadonlySet<string>
}

/** The places where control rests in a code, and how it goes on from there. */
class Flow {
  readonly code: Code
  readonly visible: readonly boolean[]
  readonly resting: readonly Location[]
  readonly #landings = new Map<Location, ReadonlySet<Location>>()
  readonly #backward: ReadonlySet<Location>

  constructor(code: Code) {
    this.code = code
    this.visible = visibleIn(code)
    this.resting = [...code.instructions.keys()].filter((at) => this.visible[at])
    for (const at of this.resting) this.#landings.set(at, landings(code, this.visible, at))
    this.#backward = this.#findBackward()
  }

  /** Every step from there goes on towards the end. */
  isForward(at: Location): boolean {
    return !this.#backward.has(at) && !this.code.idle.has(at)
  }

  /** Where control may come from here, with here. */
  after(at: Location): ReadonlySet<Location> {
    const reached = new Set([at])
    for (const one of reached) for (const to of this.#landings.get(one) ?? []) reached.add(to)
    return reached
  }

  #findBackward(): ReadonlySet<Location> {
    const found = new Set<Location>()
    const state = new Map<Location, 'open' | 'done'>()
    const visit = (at: Location): void => {
      state.set(at, 'open')
      for (const to of this.#landings.get(at) ?? []) {
        if (state.get(to) === 'open') found.add(at)
        else if (!state.has(to)) visit(to)
      }
      state.set(at, 'done')
    }
    for (const at of this.resting) if (!state.has(at)) visit(at)
    return found
  }
}

class Names {
  readonly #system: TransitionSystem
  /** Places of which every element is named by a literal, or by the index of the family, wherever it is reached. */
  readonly #isPrecise = new Map<string, boolean>()
  readonly #countsReaders: boolean
  readonly #steps = new Map<string, Touched>()

  constructor(system: TransitionSystem) {
    this.#system = system
    const all = system.codes.flatMap(({ instructions }) => instructions)
    this.#countsReaders = all.some((i) => i.kind === 'grace' || i.kind === 'call-rcu')
    for (const i of all) {
      const place = placeOf(i)
      if (place === null) continue
      for (const key of keysOf(place)) {
        this.#isPrecise.set(key, isPrecise(place) && this.#isPrecise.get(key) !== false)
      }
    }
  }

  ofStep(process: number, flow: Flow, at: Location): Touched {
    const key = `${process} ${at}`
    const known = this.#steps.get(key)
    if (known !== undefined) return known
    const reads = new Set<string>()
    const writes = new Set<string>()
    this.#touch(process, flow.code.instructions[at] as Instruction, reads, writes)
    for (const to of within(flow.code, flow.visible, at)) {
      const i = flow.code.instructions[to]
      if (i !== undefined && !flow.visible[to]) this.#touch(process, i, reads, writes)
    }
    const touched = { reads, writes }
    this.#steps.set(key, touched)
    return touched
  }

  /** From where another process may come to a step that conflicts. */
  conflicting(other: number, flow: Flow, mine: Touched): ReadonlySet<Location> {
    const direct = flow.resting.filter((at) => conflict(mine, this.ofStep(other, flow, at)))
    return new Set(flow.resting.filter((at) => direct.some((one) => flow.after(at).has(one))))
  }

  #touch(process: number, i: Instruction, reads: Set<string>, writes: Set<string>): void {
    const place = placeOf(i)
    if (place !== null) {
      const all = i.kind === 'load' || i.kind === 'assert-held' ? reads : writes
      for (const name of this.#placeNames(process, place)) all.add(name)
      if (place.root.kind === 'object')
        for (const pool of place.root.pools) reads.add(`p${pool}#alive`)
      // A pointer goes stale wherever it is.
      if (place.type.kind === 'pointer') reads.add(`*${place.type.struct}`)
    }
    switch (i.kind) {
      case 'alloc':
        this.#wholePool(i.pool, writes)
        return
      case 'free':
        for (const pool of i.pools) {
          this.#wholePool(pool, writes)
          writes.add(`*${this.#system.pools[pool]?.type.name}`)
          // Who reads RCU may keep a pointer.
          reads.add('#readers')
        }
        return
      case 'touch':
        for (const pool of i.pools) reads.add(`p${pool}#alive`)
        return
      case 'next-live':
      case 'destroy':
        reads.add(`p${i.pool}#alive`)
        return
      case 'lock':
      case 'context':
        if (this.#countsReaders || this.#hasKeptPointers) writes.add('#readers')
        return
      case 'grace':
      case 'rcu-barrier':
      case 'call-rcu':
      case 'callback-begin':
      case 'callback-end':
        writes.add('#readers')
        return
      default:
        return
    }
  }

  get #hasKeptPointers(): boolean {
    return this.#system.pools.some(({ safety }) => safety === 'typesafe_by_rcu')
  }

  #wholePool(pool: number, writes: Set<string>): void {
    writes.add(`p${pool}#alive`)
    for (const key of this.#isPrecise.keys()) if (key.startsWith(`p${pool}.`)) writes.add(key)
  }

  #placeNames(process: number, place: Place): readonly string[] {
    return keysOf(place).map((key) => {
      if (place.root.kind !== 'shared' || this.#isPrecise.get(key) !== true) return key
      const indexes = place.path.flatMap((one) => (one.kind === 'index' ? [one.index] : []))
      const family = this.#system.processes[process]?.family ?? 0
      const values = indexes.map((index) => (index.kind === 'literal' ? index.value : family))
      return values.length === 0 ? key : `${key}@${values.join(',')}`
    })
  }
}

const isPrecise = ({ root, path }: Place): boolean =>
  root.kind === 'shared' &&
  path.every(
    (one) => one.kind === 'field' || one.index.kind === 'literal' || one.index.kind === 'family',
  )

const patternOf = (name: string): string => name.split('@')[0] ?? name

function conflict(one: Touched, other: Touched): boolean {
  const meets = (left: ReadonlySet<string>, right: ReadonlySet<string>): boolean =>
    [...left].some((name) => right.has(name))
  return (
    meets(one.writes, other.writes) ||
    meets(one.writes, other.reads) ||
    meets(one.reads, other.writes)
  )
}
