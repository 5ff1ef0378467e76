import { lockPlaces, type State, type TransitionSystem } from '../../spec/index.js'
import { type Naming, shortPlace } from '../render/change-text.js'
import { lookUp } from '../trace/changes.js'
import { heldMode } from '../trace/holdings.js'
import { SECTIONS } from '../trace/process-changes.js'
import type { Trace } from '../trace/trace.js'
import type { Hold, Lock } from './document.js'
import type { States } from './states.js'

/** Names of sections as people call them. */
const SECTION_NAMES = {
  rcu: 'rcu_read_lock',
  preempt: 'preempt off',
  irqs: 'irqs off',
  bh: 'bh off',
} as const

/** Who is in what, in one state. */
interface Occupied {
  readonly name: string
  readonly process: number | null
  readonly mode: Hold['mode']
}

/** Locks, lock bits and sections that somebody was in, in the order in which they were first taken. */
export function locksOf(trace: Trace, states: States, naming: Naming): Lock[] {
  const { system } = trace
  const steps = [...trace.steps, ...trace.loop]
  const bits = lockBits(system, states, naming)
  const locks = lockPlaces(system).map((place) => {
    const found = lookUp(system, trace.initial.state, place.path) ?? { object: null, name: '' }
    return { place, name: shortPlace(found, naming) }
  })
  const list = new HoldList()
  const look = (state: State): Occupied[] =>
    system.processes.flatMap((_, process) => [
      ...locks.flatMap(({ place, name }) => {
        const mode = heldMode(state, place, process)
        return mode === null ? [] : [{ name, process, mode }]
      }),
      ...SECTIONS.flatMap((which) => {
        const depth = state.processes[process]?.sections[which] ?? 0
        return depth === 0 ? [] : [{ name: SECTION_NAMES[which], process, mode: 'read' as const }]
      }),
    ])
  for (const [place, name] of bits) {
    if (states.start.values[place] === '1') list.open({ name, process: null, mode: 'write' }, 0)
  }
  list.note(look(trace.initial.state), 0)
  for (const [at, { process, after }] of steps.entries()) {
    for (const [place, value] of states.differences[at]?.values ?? []) {
      const name = bits.get(place)
      if (name === undefined) continue
      // A bit says nothing of who set it: it was the one that moved.
      if (value === '1') list.open({ name, process, mode: 'write' }, at + 1)
      else list.close(name, at + 1)
    }
    list.note(look(after), at + 1)
  }
  return list.locks()
}

/** Bits that somebody takes by waiting for them: by place, what they are called. */
function lockBits(system: TransitionSystem, states: States, naming: Naming): Map<number, string> {
  const names = new Set<string>()
  for (const { instructions } of system.codes) {
    for (const i of instructions) {
      if (i.kind !== 'bit-wait' || !i.take || i.place.type.kind !== 'bits') continue
      names.add(i.place.type.bits[i.bit] ?? '')
    }
  }
  const found = new Map<number, string>()
  states.places.forEach((place, index) => {
    const bit = place.name.split('.').at(-1) ?? ''
    if (!names.has(bit)) return
    const short = shortPlace(place, naming)
    // `flags.PG_locked` is PG_locked to everybody.
    found.set(index, short === place.name ? bit : short)
  })
  return found
}

/** Holds as they come and go. */
class HoldList {
  readonly #found: { readonly name: string; hold: Hold }[] = []
  /** Names of lock bits, which begin and end when they are told to. */
  readonly #bits = new Set<string>()

  /** What is occupied at a position; what was and is no more has ended. Lock bits are told one by one. */
  note(now: readonly Occupied[], position: number): void {
    const isSame = (entry: Occupied, other: Occupied) =>
      entry.name === other.name && entry.process === other.process && entry.mode === other.mode
    for (const entry of this.#found) {
      const { name, hold } = entry
      if (hold.to !== null || this.#bits.has(name)) continue
      if (!now.some((each) => isSame(each, { ...hold, name }))) this.#end(entry, position)
    }
    for (const each of now) {
      const isOpen = this.#found.some(
        ({ name, hold }) => hold.to === null && isSame(each, { ...hold, name }),
      )
      if (!isOpen) this.#begin(each, position)
    }
  }

  open(bit: Occupied, position: number): void {
    this.#bits.add(bit.name)
    this.#begin(bit, position)
  }

  close(bit: string, position: number): void {
    for (const entry of this.#found) {
      if (entry.name === bit && entry.hold.to === null) this.#end(entry, position)
    }
  }

  locks(): Lock[] {
    const byName = new Map<string, Hold[]>()
    for (const { name, hold } of this.#found) {
      const holds = byName.get(name)
      if (holds === undefined) byName.set(name, [hold])
      else holds.push(hold)
    }
    return [...byName].map(([name, holds]) => ({ name, holds }))
  }

  #begin({ name, process, mode }: Occupied, from: number): void {
    this.#found.push({ name, hold: { process, mode, from, to: null } })
  }

  #end(entry: { hold: Hold }, to: number): void {
    entry.hold = { ...entry.hold, to }
  }
}
