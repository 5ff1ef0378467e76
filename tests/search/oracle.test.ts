import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Engine, PackedState, Step, Trail } from '../../checker/engine/engine.js'
import { compareTrails, contextSwitches } from '../../checker/property/choose.js'
import type { Violation } from '../../checker/property/violation.js'
import { explore } from '../../checker/search/explore.js'
import { defaultSearchOptions } from '../../checker/search/options.js'
import { build, type RandomGraph, randomGraph } from '../helpers/random-graph.js'

/**
 * The search against brute force: every run is listed, every closure computed by the definition. It shares nothing
 * with the search but the order on trails.
 */
const oracle = suite('search: against brute force on random graphs')

const RUNS = { numRuns: 1500 }

/** A run that ends in a violation. */
interface BadRun {
  readonly kind: string
  readonly place: number
  readonly trail: Trail
}

interface Successor {
  readonly step: Step
  readonly target: string
}

/** A graph as its engine shows it, state by state. */
class Listed {
  readonly engine: Engine
  readonly #hasDaemons: boolean

  constructor(engine: Engine) {
    this.engine = engine
    this.#hasDaemons = engine.system.processes.some((process) => process.daemon)
  }

  /** Steps on from a state; none where the search is not to go on. */
  successors(state: string): Successor[] {
    const packed = unkey(state)
    if (this.engine.judge(packed) !== null) return []
    if (!this.#hasDaemons && this.engine.mayRest(packed)) return []
    const found: Successor[] = []
    this.engine.successors(packed, ({ process, choices, ...end }) => {
      const target = end.kind === 'next' ? key(end.state) : end.kind
      found.push({ step: { process, choices }, target })
    })
    return found
  }

  initial(): { readonly choices: readonly number[]; readonly state: string }[] {
    return this.engine.initial().flatMap((one) => {
      return one.kind === 'next' ? [{ choices: one.choices, state: key(one.state) }] : []
    })
  }

  /** Everything reachable from a state, itself included; `violation` and `cut` are ends of their own. */
  reach(state: string): Set<string> {
    const reached = new Set([state])
    for (const one of reached) {
      if (isEnd(one)) continue
      for (const { target } of this.successors(one)) reached.add(target)
    }
    return reached
  }

  reachable(): Set<string> {
    const all = this.initial().flatMap(({ state }) => [...this.reach(state)])
    return new Set(all.filter((state) => !isEnd(state)))
  }

  /** Calls `visit` for every path of at most `length` steps. */
  paths(length: number, visit: (trail: Trail, state: string) => void): void {
    const walk = (trail: Trail, state: string) => {
      visit(trail, state)
      if (trail.steps.length === length || isEnd(state)) return
      for (const { step, target } of this.successors(state)) {
        walk({ ...trail, steps: [...trail.steps, step] }, target)
      }
    }
    for (const { choices, state } of this.initial()) walk({ initial: choices, steps: [] }, state)
  }
}

function key(state: PackedState): string {
  return String(state[0])
}

function unkey(state: string): PackedState {
  return Uint32Array.of(Number(state))
}

function isEnd(state: string): boolean {
  return state === 'violation' || state === 'cut'
}

/** States in which rest is lost for good: from all they reach they can be reached again, none may rest, nothing is open. */
function lostStates(listed: Listed): Set<string> {
  const { engine } = listed
  const lost = [...listed.reachable()].filter((state) => {
    const reached = [...listed.reach(state)]
    const isOpen = (one: string) => isEnd(one) || engine.judge(unkey(one)) !== null
    if (reached.some(isOpen)) return false
    if (reached.some((one) => engine.mayRest(unkey(one)))) return false
    return reached.every((one) => listed.reach(one).has(state))
  })
  return new Set(lost)
}

/** States at rest: they may rest, and whatever happens from there, they can be come back to. */
function restStates(listed: Listed): Set<string> {
  const rest = [...listed.reachable()].filter((state) => {
    if (!listed.engine.mayRest(unkey(state))) return false
    return [...listed.reach(state)].every((one) => !isEnd(one) && listed.reach(one).has(state))
  })
  return new Set(rest)
}

/** All bad runs up to a length, step violations and bad states; where `lost` and `rest` are given, those as well. */
function badRuns(
  listed: Listed,
  length: number,
  lost: ReadonlySet<string>,
  rest: ReadonlySet<string>,
): BadRun[] {
  const { engine } = listed
  const found: BadRun[] = []
  const add = (trap: { kind: string; at: { from: number } } | null, trail: Trail) => {
    if (trap !== null) found.push({ kind: trap.kind, place: trap.at.from, trail })
  }
  listed.paths(length, (trail, state) => {
    if (isEnd(state)) return
    const packed = unkey(state)
    const judged = engine.judge(packed)
    add(judged, trail)
    if (judged !== null) return
    if (rest.has(state)) add(engine.judgeRest(packed), trail)
    if (lost.has(state)) {
      const moves = [...listed.reach(state)].flatMap((one) => listed.successors(one))
      const isLivelock = moves.some(({ step }) => !engine.system.processes[step.process]?.daemon)
      found.push({ kind: isLivelock ? 'livelock' : 'deadlock', place: -1, trail })
    }
    if (trail.steps.length === length) return
    engine.successors(packed, (transition) => {
      if (transition.kind !== 'violation') return
      if (engine.mayRest(packed) && !engine.system.processes.some(({ daemon }) => daemon)) return
      const { process, choices, trap } = transition
      add(trap, { ...trail, steps: [...trail.steps, { process, choices }] })
    })
  })
  return found
}

/** The best of some runs by the rule: depth, switches, schedule. */
function best(runs: readonly BadRun[]): BadRun | undefined {
  return [...runs].sort(
    (left, right) =>
      left.trail.steps.length - right.trail.steps.length ||
      contextSwitches(left.trail.steps) - contextSwitches(right.trail.steps) ||
      compareTrails(left.trail, right.trail),
  )[0]
}

function depthMax(listed: Listed): number {
  return listed.reachable().size + 1
}

function brief({ kind, trail }: Violation | BadRun): string {
  return `${kind} ${JSON.stringify(trail)}`
}

/** Lost rests are compared by kind: their place is the search's own affair. */
function groupOf(kind: string, place: number): string {
  return kind === 'deadlock' || kind === 'livelock' ? kind : `${kind}@${place}`
}

/** What was found are the groups of these runs, each shown by its best. */
function compare(violations: readonly Violation[], runs: readonly BadRun[]): void {
  const groups = new Set(runs.map(({ kind, place }) => groupOf(kind, place)))
  assert.equal(new Set(violations.map(({ kind, trap }) => groupOf(kind, trap.at.from))), groups)
  for (const group of groups) {
    const members = runs.filter(({ kind, place }) => groupOf(kind, place) === group)
    const expected = best(members) as BadRun
    const found = violations.find(
      (one) => groupOf(one.kind, one.trap.at.from) === group,
    ) as Violation
    assert.is(found.depth, expected.trail.steps.length, group)
    assert.is(found.switches, contextSwitches(expected.trail.steps), group)
    assert.is(found.switches, contextSwitches(found.trail.steps), group)
    if (group === found.kind) assert.ok(members.map(brief).includes(brief(found)), group)
    else assert.is(brief(found), brief(expected), group)
  }
}

/**
 * The first level with a violation. A standstill is seen when its state is expanded, so it belongs to the level after
 * the one on which it was reached; other lost rests are looked for when there is nothing else.
 */
function firstLevel(runs: readonly BadRun[], standstills: readonly BadRun[]): readonly BadRun[] {
  const depth = leastDepth(runs)
  const depthStill = leastDepth(standstills)
  if (depthStill < depth) return standstills.filter((run) => run.trail.steps.length === depthStill)
  return runs.filter((run) => run.trail.steps.length === depth)
}

function leastDepth(runs: readonly BadRun[]): number {
  return Math.min(...runs.map((run) => run.trail.steps.length))
}

function checkFirstLevel(random: RandomGraph): void {
  const engine = build(random).engine()
  const listed = new Listed(engine)
  const lost = lostStates(listed)
  const still = new Set([...lost].filter((state) => listed.successors(state).length === 0))
  const runs = badRuns(listed, depthMax(listed), new Set(), restStates(listed))
  const standstills = badRuns(listed, depthMax(listed), still, new Set()).filter(isLost)
  const loops = badRuns(listed, depthMax(listed), lost, new Set()).filter(isLost)
  const first = firstLevel(runs, standstills)
  const result = explore(engine, defaultSearchOptions)
  compare(result.violations, first.length > 0 ? first : loops)
}

function isLost({ kind }: BadRun): boolean {
  return kind === 'deadlock' || kind === 'livelock'
}

/** Every kind and place of the whole graph. */
function checkAll(random: RandomGraph): void {
  const engine = build(random).engine()
  const listed = new Listed(engine)
  const runs = badRuns(listed, depthMax(listed), lostStates(listed), restStates(listed))
  const result = explore(engine, { ...defaultSearchOptions, all: true })
  assert.is(result.statistics.distinctStates, listed.reachable().size)
  assert.is(result.verdict === 'violated', runs.length > 0)
  compare(result.violations, runs)
  for (const violation of result.violations) checkLoop(listed, violation)
}

/** The loop of a lost rest leads from the end of the run back to it; a livelock's moves a thread. */
function checkLoop(listed: Listed, violation: Violation): void {
  const { trail, loop, kind } = violation
  let end = listed.initial().find(({ choices }) => same(choices, trail.initial))?.state ?? '?'
  const follow = (steps: readonly Step[]) => {
    for (const step of steps) {
      const next = listed.successors(end).find((one) => sameStep(one.step, step))
      assert.ok(next, 'every step is one the engine has')
      end = next?.target ?? '?'
    }
  }
  if (kind !== 'livelock' && kind !== 'deadlock') return
  follow(trail.steps)
  const entry = end
  follow(loop)
  assert.is(end, entry)
  const { processes } = listed.engine.system
  const moved = loop.some(({ process }) => processes[process]?.daemon === false)
  assert.is(moved, kind === 'livelock')
}

function same(left: readonly number[], right: readonly number[]): boolean {
  return JSON.stringify(left) === JSON.stringify(right)
}

function sameStep(left: Step, right: Step): boolean {
  return left.process === right.process && same(left.choices, right.choices)
}

oracle('threads alone, up to the first violation', () => {
  fc.assert(fc.property(randomGraph(false), checkFirstLevel), RUNS)
})

oracle('threads alone, the whole graph', () => {
  fc.assert(fc.property(randomGraph(false), checkAll), RUNS)
})

oracle('with a daemon, the whole graph', () => {
  fc.assert(fc.property(randomGraph(true), checkAll), RUNS)
})

oracle.run()
