import type { Site, Span, Trap, Wait } from '../../spec/index.js'
import type { Engine, PackedState } from '../engine/engine.js'
import { comparePlaces } from './choose.js'

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
  return spinners.length > 0
    ? livelock(engine, loop, spinners)
    : standstill(engine, loop)
}

function livelock(engine: Engine, loop: TerminalLoop, spinners: readonly number[]): LostRest {
  const sites = spinners.map((process) => sitesOf(engine, process, loop.moves.get(process) ?? []))
  const spins = spinners.map((process, index) => {
    const lines = [...new Set(sites[index]?.map((site) => lineOf(engine, site.span)))]
    return `${nameOf(engine, process)} spins at ${lines.join(', ')}`
  })
  const process = spinners[0] as number
  const at = sites[0]?.[0]?.span ?? codeSpan(engine, process)
  return {
    trapAt: (state) => {
      const waits = blocked(engine, state, loop)
        .filter((wait) => !isDaemon(engine, wait.process))
        .map((wait) => describeWait(engine, wait))
      return trap(engine, 'livelock', [...spins, ...waits], at, process)
    },
  }
}

function standstill(engine: Engine, loop: TerminalLoop): LostRest {
  const naming = firstNaming(engine, loop)
  const [sample] = loop.states
  if (sample === undefined) throw new Error('a terminal loop without a state')
  const waits = blocked(engine, sample, loop)
  const cycle = waitCycle(waits)
  const chief = naming ?? cycle[0] ?? waits.find((wait) => !isDaemon(engine, wait.process)) ?? waits[0]
  const process = chief?.process ?? null
  const at = chief?.site.span ?? codeSpan(engine, 0)
  return {
    trapAt: (state) => {
      const now = blocked(engine, state, loop)
      const shown = naming !== null ? [naming] : cycle.length > 0 ? waitCycle(now) : now
      const words = shown.map((wait) => describeWait(engine, wait))
      return trap(engine, naming?.names ?? 'deadlock', words, at, process)
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
    .filter((wait) => !loop.moves.has(wait.process) && !isIdle(engine, wait))
    .sort((left, right) => left.process - right.process)
}

function isIdle(engine: Engine, wait: Wait): boolean {
  const { processes, codes } = engine.system
  const process = processes[wait.process]
  if (process === undefined || !process.daemon) return false
  const code = codes[process.code]
  if (code === undefined) return false
  return [...code.idle].some((location) => code.instructions[location]?.site === wait.site)
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

function describeWait(engine: Engine, wait: Wait): string {
  const names = wait.holders.map((process) => nameOf(engine, process))
  const held = names.length === 0 ? '' : `, held by ${names.join(' and ')},`
  const name = nameOf(engine, wait.process)
  return `${name} waits for ${wait.what} ${wait.place}${held} since ${lineOf(engine, wait.site.span)}`
}

/** The distinct places from which a process moves, in the order of the text. */
function sitesOf(engine: Engine, process: number, states: Iterable<PackedState>): readonly Site[] {
  const sites = new Set<Site>()
  for (const state of states) {
    const site = engine.site(state, process)
    if (site !== null) sites.add(site)
  }
  return [...sites].sort((left, right) => comparePlaces(left.span, right.span))
}

function trap(
  engine: Engine,
  kind: string,
  particulars: readonly string[],
  at: Span,
  process: number | null,
): Trap {
  const headline = engine.system.headlines.get(kind) ?? kind
  const message = [headline, particulars.join('; ')].filter((part) => part !== '').join(': ')
  return { kind, message, at, site: null, process, operands: [] }
}

/** `line 12`, or `lib/folio.gmem:12` when it is not the model's own file. */
function lineOf(engine: Engine, span: Span): string {
  const { sources } = engine.system
  const line = sources.get(span.file)?.position(span.from).line
  const [own] = sources.keys()
  return span.file === own ? `line ${line ?? '?'}` : `${span.file}:${line ?? '?'}`
}

function nameOf(engine: Engine, process: number): string {
  return engine.system.processes[process]?.name ?? `process ${process}`
}

function isDaemon(engine: Engine, process: number): boolean {
  return engine.system.processes[process]?.daemon === true
}

function codeSpan(engine: Engine, process: number): Span {
  const { processes, codes } = engine.system
  const code = codes[processes[process]?.code ?? 0]
  return code?.span ?? { file: '', from: 0, to: 0 }
}
