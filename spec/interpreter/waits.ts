import type { Instruction, TransitionSystem } from '../system/system.js'
import type { Memory } from './frame.js'
import { acquire, holders } from './locks.js'
import { mightSleep, sleeps } from './might-sleep.js'
import type { Trap, Wait } from './outcome.js'
import { following } from './outcomes.js'
import { inHandler } from './perform-lock.js'
import { printPlace, resolve } from './place.js'
import { headAt } from './rcu.js'
import { type Facts, Run } from './run.js'
import { interruptedBy } from './sections.js'
import { BlockedSignal, CutSignal, TrapSignal } from './signal.js'
import type { LockValue, State } from './state.js'
import { processName } from './value.js'

/** A run of one process on a state that is only looked at. */
export function probe(
  facts: Facts,
  state: State,
  process: number,
  picks: readonly number[] = [],
): Run | null {
  const instance = facts.system.processes[process]
  const code = instance && facts.system.codes[instance.code]
  const here = state.processes[process]
  if (!code || !here) return null
  const who = { process, family: instance.family, at: here.at, parked: here.parked }
  return new Run(facts, state as unknown as Memory, code, who, here.locals, picks, true)
}

/** What a process waits for; null when it can move or has finished. Nothing is written. */
export const waitOf = (facts: Facts, state: State, process: number): Wait | null =>
  waitAt(facts, state, process, true)

/** `conditions`: also of an `await`, whose reading is executed for that, and noted. */
function waitAt(facts: Facts, state: State, process: number, conditions: boolean): Wait | null {
  const handler = facts.handled ? interruptedBy(facts.system, state.processes, process) : null
  if (handler === null && !mayWait(facts, state, process)) return null
  const run = probe(facts, state, process)
  if (!run) return null
  if (handler !== null) return interruption(run, process, handler)
  const i = run.instruction()
  if (i.kind === 'grace' || i.kind === 'rcu-barrier') return graceWait(run, process)
  if (i.kind === 'callback-begin') return callbackWait(run, process)
  if (i.kind === 'lock' && i.result === null && i.action.endsWith('-lock')) {
    return lockWait(run, process)
  }
  if (i.kind === 'bit-wait') return run.parked === 1 ? bitWait(run, process) : null
  return conditions && i.kind === 'atomic' ? conditionWait(facts, state, run, process) : null
}

/** Most instructions never wait; asking costs a look at their kind. */
function mayWait(facts: Facts, state: State, process: number): boolean {
  const code = facts.system.codes[facts.system.processes[process]?.code ?? -1]
  const kind = code?.instructions[state.processes[process]?.at ?? -1]?.kind
  return kind !== undefined && waiting.has(kind)
}

const waiting: ReadonlySet<string> = new Set([
  'lock',
  'bit-wait',
  'atomic',
  'grace',
  'rcu-barrier',
  'callback-begin',
])

function interruption(run: Run, process: number, handler: number): Wait | null {
  const code = run.code
  if (code.instructions[run.at]?.kind === 'end') return null
  return {
    process,
    site: run.instruction().site,
    what: 'the end of',
    place: processName(handler, run.facts.system),
    holders: [handler],
    names: null,
    movable: false,
  }
}

function graceWait(run: Run, process: number): Wait | null {
  const i = run.instruction()
  const awaits = run.memory.processes[process]?.awaits ?? null
  if (awaits === null || awaits.length === 0) return null
  if (i.kind !== 'grace' && i.kind !== 'rcu-barrier') return null
  const runner = run.facts.system.processes.findIndex((instance) => instance.callbacks)
  const domain = i.kind === 'grace' && i.domain !== null ? printPlace(i.domain, run.frame) : 'RCU'
  return {
    process,
    site: i.site,
    what: i.kind === 'grace' ? i.name : 'rcu_barrier',
    place: domain,
    holders: i.kind === 'grace' ? awaits : [runner],
    names: null,
    movable: false,
  }
}

/** The callback runner with nothing to run. */
function callbackWait(run: Run, process: number): Wait | null {
  const ready = run.facts.heads.some((place) => {
    const head = headAt(run.memory, place)
    return head.callback >= 0 && head.readers.length === 0
  })
  if (ready) return null
  const { site } = run.instruction()
  return {
    process,
    site,
    what: 'callback',
    place: 'the end of a grace period',
    holders: [],
    names: null,
    movable: false,
  }
}

function lockWait(run: Run, process: number): Wait | null {
  const i = run.instruction()
  if (i.kind !== 'lock') return null
  try {
    const cell = resolve(i.place, run.frame, run.memory, false)
    const lock = cell.container[cell.key] as LockValue
    // Misuse is reported on arrival, contended or not: then the process can move, into its violation.
    if (i.place.type.kind === 'lock' && sleeps(i.place.type.which)) mightSleep(run, i.name)
    const attempt = acquire(lock, i.action, process, '', inHandler(run))
    // A writer that has not queued yet can take that one step, but no more.
    if (attempt.kind === 'taken') return null
    const place = printPlace(i.place, run.frame)
    const queued = attempt.kind === 'queued'
    return {
      process,
      site: i.site,
      what: i.name,
      place,
      holders: holders(lock, i.action),
      names: null,
      movable: queued,
    }
  } catch (signal) {
    if (signal instanceof TrapSignal) return null
    throw signal
  }
}

function bitWait(run: Run, process: number): Wait | null {
  const i = run.instruction()
  if (i.kind !== 'bit-wait') return null
  const type = i.place.type
  const bit = type.kind === 'bits' ? (type.bits[i.bit] ?? String(i.bit)) : String(i.bit)
  return {
    process,
    site: i.site,
    what: `bit ${bit}`,
    place: printPlace(i.place, run.frame),
    holders: [],
    names: isClear(run, i) ? 'lost-wakeup' : null,
    movable: false,
  }
}

/** The bit a process sleeps on; its object may be gone, and then nobody will ever look at it again. */
function isClear(run: Run, i: Instruction & { kind: 'bit-wait' }): boolean {
  try {
    const cell = resolve(i.place, run.frame, run.memory, true)
    return ((Number(cell.container[cell.key]) >> i.bit) & 1) === 0
  } catch (signal) {
    if (signal instanceof TrapSignal) return false
    throw signal
  }
}

function conditionWait(facts: Facts, state: State, run: Run, process: number): Wait | null {
  const begin = run.instruction()
  if (begin.kind !== 'atomic' || !hasGuard(run, begin.opens)) return null
  const guard = runToGuard(run)
  if (guard === null) return null
  // A condition that makes choices blocks when all of them do.
  for (let picks = following(run.picks, run.widths); picks !== null; ) {
    const other = probe(facts, state, process, picks)
    if (!other || runToGuard(other) === null) return null
    picks = following(other.picks, other.widths)
  }
  return {
    process,
    site: guard.site,
    what: 'condition',
    place: placeText(run.facts.system, guard.site.span),
    holders: [],
    names: guard.kind === 'guard' ? guard.otherwise : null,
    movable: false,
  }
}

const placeText = (
  system: TransitionSystem,
  span: { file: string; from: number; to: number },
): string => system.sources.get(span.file)?.excerpt(span).replace(/\s+/g, ' ') ?? ''

const guarded = new WeakMap<Run['code'], ReadonlySet<number>>()
const isGuard = (i: Instruction): boolean => i.kind === 'guard' || i.kind === 'interrupt'

/** Whether a region begins with a guard: only then can it block. */
function hasGuard(run: Run, region: number): boolean {
  let regions = guarded.get(run.code)
  if (!regions) {
    regions = new Set(run.code.instructions.filter(isGuard).map((i) => i.region))
    guarded.set(run.code, regions)
  }
  return regions.has(region)
}

/** Executes the reading that leads up to a guard; the guard when it blocks, else null. */
function runToGuard(run: Run): (Instruction & { kind: 'guard' | 'interrupt' }) | null {
  const begin = run.instruction()
  const region = begin.kind === 'atomic' ? begin.opens : begin.region
  // Behind the last of them a region writes. That of a handler can have two: whether it may come, and an `await`.
  let left = run.code.instructions.filter((i) => i.region === region && isGuard(i)).length
  try {
    for (let first = true; ; first = false) {
      const i = run.instruction()
      if (!first && i.region === 0) return null
      if (!run.advance()) return null
      if (isGuard(i)) left--
      if (left === 0) return null
    }
  } catch (signal) {
    const i = run.instruction()
    if (signal instanceof BlockedSignal && (i.kind === 'guard' || i.kind === 'interrupt')) return i
    if (signal instanceof TrapSignal || signal instanceof CutSignal) return null
    throw signal
  }
}

/** Rule 6: a cycle of lock owners can never be undone, so it is reported as soon as it is there. */
export function ownerCycle(facts: Facts, state: State): Trap | null {
  const waits = new Map<number, Wait>()
  for (let process = 0; process < facts.system.processes.length; process++) {
    const wait = waitAt(facts, state, process, false)
    if (wait && wait.holders.length > 0 && wait.what !== 'rcu_barrier') waits.set(process, wait)
  }
  if (waits.size === 0) return null
  for (const start of waits.keys()) {
    const cycle = findCycle(waits, start)
    if (cycle) return cycleTrap(facts.system, cycle)
  }
  return null
}

/** A cycle through `start`, which is its least process, so that each cycle has one report. */
function findCycle(waits: ReadonlyMap<number, Wait>, start: number): readonly Wait[] | null {
  const path: Wait[] = []
  const visited = new Set<number>()
  const visit = (process: number): boolean => {
    const wait = waits.get(process)
    if (!wait || visited.has(process) || process < start) return false
    visited.add(process)
    path.push(wait)
    for (const holder of wait.holders) if (holder === start || visit(holder)) return true
    path.pop()
    return false
  }
  return visit(start) ? path : null
}

function cycleTrap(system: TransitionSystem, cycle: readonly Wait[]): Trap {
  const last = cycle.at(-1)
  const parts = cycle.map((wait, at) => {
    const holder = cycle[(at + 1) % cycle.length]?.process ?? -1
    const who = processName(wait.process, system)
    return `${who} waits in ${wait.what} for ${wait.place}, held by ${processName(holder, system)}`
  })
  return {
    kind: 'deadlock',
    message: parts.join('; '),
    at: last?.site.span ?? { file: '', from: 0, to: 0 },
    site: null,
    process: null,
    operands: [],
  }
}
