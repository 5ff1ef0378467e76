import { type Code, processName, type Span, type Trap, type Wait } from '../../spec/index.js'
import type { Engine, PackedState } from '../engine/engine.js'
import { comparePlaces } from './choose.js'
import { linePlace } from './line-place.js'

/** States that reach each other and nothing else, none of them at rest: one state in which nothing moves, or a loop. */
export interface TerminalLoop {
  readonly states: Iterable<PackedState>
  /** By process: the states of the loop from which it moves. A process that is not here never moves again. */
  readonly moves: ReadonlyMap<number, Iterable<PackedState>>
}

/** What to call a lost rest. Kind, place and process belong to the loop; the words say how things stand in one of its states. */
export interface LostRest {
  trapAt(state: PackedState): Trap
}

/**
 * Rule 8: `livelock` when a thread still moves in the loop; else the kind that a blocked process names, the first in
 * process order; else `deadlock`.
 */
export function lostRest(engine: Engine, loop: TerminalLoop): LostRest {
  const { processes } = engine.system
  const spinners = [...loop.moves.keys()]
    .filter((process) => processes[process]?.daemon === false)
    .sort((left, right) => left - right)
  return spinners.length > 0 ? livelock(engine, loop, spinners) : standstill(engine, loop)
}

function livelock(engine: Engine, loop: TerminalLoop, spinners: readonly number[]): LostRest {
  const process = spinners[0] as number
  const at = spansOf(engine, process, loop)[0] ?? codeSpan(engine, process)
  const spins = spinners.map((spinner) => describeSpin(engine, spinner, loop))
  return {
    trapAt: (state) => {
      const waits = blocked(engine, state, loop).filter((wait) => !isDaemon(engine, wait.process))
      const words = [...spins, ...waits.map((wait) => describeWait(engine, wait))]
      return trap('livelock', words, at, process)
    },
  }
}

function standstill(engine: Engine, loop: TerminalLoop): LostRest {
  const [sample] = loop.states
  if (sample === undefined) throw new Error('a terminal loop without a state')
  const naming = firstNaming(engine, loop)
  const waits = blocked(engine, sample, loop)
  const cycle = waitCycle(waits)
  const threads = waits.filter((wait) => !isDaemon(engine, wait.process))
  const first = naming ?? cycle[0] ?? threads[0] ?? waits[0]
  const movers = [...loop.moves.keys()].sort((left, right) => left - right)
  const process = first?.process ?? movers[0] ?? null
  const at = first?.site.span ?? codeSpan(engine, process ?? 0)
  return {
    trapAt: (state) => {
      const now = blocked(engine, state, loop)
      const shown = naming !== null ? [naming] : cycle.length > 0 ? waitCycle(now) : now
      const words = shown.map((wait) => describeWait(engine, wait))
      if (words.length === 0)
        words.push(...movers.map((mover) => describeSpin(engine, mover, loop)))
      if (words.length === 0) words.push('nothing can move, and not everything has ended')
      return trap(naming?.names ?? 'deadlock', words, at, process)
    },
  }
}

/** The wait of the first process, in process order, that says in some state of the loop what its waiting forever is called. */
function firstNaming(engine: Engine, loop: TerminalLoop): Wait | null {
  let first: Wait | null = null
  for (const state of loop.states) {
    for (const wait of blocked(engine, state, loop)) {
      if (wait.names === null) continue
      if (first === null || wait.process < first.process) first = wait
    }
  }
  return first
}

/** Waits of the processes that will never move again, in process order. A daemon between two runs of its body waits for work, not for help. */
function blocked(engine: Engine, state: PackedState, loop: TerminalLoop): readonly Wait[] {
  return engine
    .waits(state)
    .filter(({ process }) => !loop.moves.has(process) && !isIdle(engine, state, process))
    .sort((left, right) => left.process - right.process)
}

function isIdle(engine: Engine, state: PackedState, process: number): boolean {
  if (!isDaemon(engine, process)) return false
  return codeOf(engine, process)?.idle.has(engine.location(state, process)) === true
}

/** The cycle of owners that holds the process of least index, from that one on; empty when there is none. */
export function waitCycle(waits: readonly Wait[]): readonly Wait[] {
  const byProcess = new Map(waits.map((wait) => [wait.process, wait]))
  for (const start of waits) {
    const cycle = cycleFrom(start, byProcess)
    if (cycle !== null) return cycle
  }
  return []
}

/** The shortest way from a waiter along those it waits for back to itself, breadth first, holders in their order. */
function cycleFrom(start: Wait, byProcess: ReadonlyMap<number, Wait>): readonly Wait[] | null {
  const cameFrom = new Map<number, Wait>()
  const frontier = [start]
  for (const wait of frontier) {
    for (const holder of wait.holders) {
      if (holder === start.process) return wayBack(start, wait, cameFrom)
      const next = byProcess.get(holder)
      if (next === undefined || cameFrom.has(holder)) continue
      cameFrom.set(holder, wait)
      frontier.push(next)
    }
  }
  return null
}

function wayBack(start: Wait, end: Wait, cameFrom: ReadonlyMap<number, Wait>): readonly Wait[] {
  const cycle = [end]
  for (let wait = end; wait !== start; ) {
    wait = cameFrom.get(wait.process) as Wait
    cycle.unshift(wait)
  }
  return cycle
}

/** `vcpu0 waits for mutex_lock a, held by vmm (x.gmem:12)`. */
function describeWait(engine: Engine, wait: Wait): string {
  const holders = wait.holders.map((process) => nameOf(engine, process)).join(' and ')
  const held = holders === '' ? '' : `, held by ${holders}`
  const what = `${wait.what} ${wait.place}`.trim()
  const place = linePlace(engine.system, wait.site.span)
  return `${nameOf(engine, wait.process)} waits for ${what}${held} (${place})`
}

/** `vcpu0 goes round for ever (x.gmem:12, x.gmem:14)`. */
function describeSpin(engine: Engine, process: number, loop: TerminalLoop): string {
  const places = spansOf(engine, process, loop).map((span) => linePlace(engine.system, span))
  return `${nameOf(engine, process)} goes round for ever (${[...new Set(places)].join(', ')})`
}

/** The distinct places from which a process moves, in the order of the text. */
function spansOf(engine: Engine, process: number, loop: TerminalLoop): readonly Span[] {
  const locations = new Set<number>()
  for (const state of loop.moves.get(process) ?? []) {
    locations.add(engine.location(state, process))
  }
  const { instructions } = codeOf(engine, process) ?? { instructions: [] }
  return [...locations]
    .flatMap((location) => instructions[location]?.site.span ?? [])
    .sort(comparePlaces)
}

/** Nobody's step is to blame; the process named is the one the report looks at first. */
function trap(kind: string, words: readonly string[], at: Span, process: number | null): Trap {
  return { kind, message: words.join('; '), at, site: null, process, operands: [] }
}

function nameOf(engine: Engine, process: number): string {
  return processName(process, engine.system)
}

function isDaemon(engine: Engine, process: number): boolean {
  return engine.system.processes[process]?.daemon === true
}

function codeOf(engine: Engine, process: number): Code | undefined {
  const { processes, codes } = engine.system
  return codes[processes[process]?.code ?? -1]
}

function codeSpan(engine: Engine, process: number): Span {
  return codeOf(engine, process)?.span ?? { file: '', from: 0, to: 0 }
}
