import type { Code, Location, Slot, TransitionSystem, ValueType } from '../../../spec/index.js'
import { jointsOf } from '../blocks.js'
import type {
  Action,
  Body,
  Check,
  CodeNote,
  ProcessNote,
  Program,
  Refusal,
  SourceNote,
} from '../program.js'
import { Refused } from './catalogue.js'
import { codeOfProcess } from './contexts.js'
import { countersOf, flowOf, isAggregate } from './flow.js'
import { enabledAt } from './guards.js'
import { leakCheck } from './leaks.js'
import { type CodeStore, localStore } from './locals.js'
import { BodyMaker, type Runner } from './maker.js'
import { Procedures } from './procedures.js'
import { restCondition } from './rest.js'
import { nothing, writeStretch } from './run.js'
import { simplify } from './simplify.js'
import { factsAt, initialFacts } from './start.js'
import { rangeOfType, type Store } from './storage.js'
import { whyDifferent } from './symmetry.js'
import { number } from './terms.js'
import { cycleCheck } from './waits.js'
import { type World, worldOf } from './world.js'

export type Elaborated =
  | { readonly program: Program; readonly refusals: null }
  | { readonly program: null; readonly refusals: readonly Refusal[] }

/** A row as guarded commands, everything the semantics does written out; or what has no such form. */
export function elaborate(system: TransitionSystem): Elaborated {
  const refusals: Refusal[] = []
  const tried = <T>(make: () => T): T | null => {
    try {
      return make()
    } catch (problem) {
      if (!(problem instanceof Refused)) throw problem
      refusals.push(problem.refusal)
      return null
    }
  }
  const world = worldOf(system)
  const procedures = new Procedures(world)
  const make: Making = { world, procedures }
  const init = tried(() => initBody(make))
  const actions = world.codes.flatMap((store) =>
    [...store.flow.resting].flatMap((at) => {
      if (store.code.instructions[at]?.kind === 'end') return []
      return tried(() => actionAt(make, store, at)) ?? []
    }),
  )
  const invariants = system.invariants.flatMap(
    ({ name, code }, at) =>
      tried(() => propertyCheck(make, name ?? `invariant ${at + 1}`, code)) ?? [],
  )
  const cycles = tried(() => cycleCheck(world))
  const finals = system.finals.flatMap(
    ({ name, code }, at) =>
      tried(() => propertyCheck(make, name ?? `finally ${at + 1}`, code)) ?? [],
  )
  const leaks = tried(() => leakCheck(world))
  const condition = tried(() => restCondition(world))
  const message = 'nothing can move, and not everything has ended'
  const stuck = world.catalogue.fault('deadlock', message, null)
  const { variables, faults } = world.catalogue
  for (const { kind, place } of faults) {
    if (kind !== null && system.ignored.has(kind))
      refusals.push({ construct: `check not ${kind}`, place })
  }
  if (!init || !condition || refusals.length > 0) return { program: null, refusals }
  const program: Program = {
    system,
    processes: system.processes.map(
      ({ name, code, daemon }): ProcessNote => ({ name, code, daemon }),
    ),
    codes: world.codes.map((store) => codeNote(world, store)),
    variables,
    procedures: procedures.list,
    faults,
    init,
    actions,
    checks: [...invariants, ...(cycles ? [cycles] : [])],
    rest: { condition, checks: [...finals, ...(leaks ? [leaks] : [])], stuck },
  }
  return { program, refusals: null }
}

interface Making {
  readonly world: World
  readonly procedures: Procedures
}

function codeNote(world: World, store: CodeStore): CodeNote {
  const { first, last } = store
  const different = first === last ? null : whyDifferent(world, store)
  const symmetric = first < last && different === null
  return { name: nameOf(world, store), first, last, symmetric, different }
}

const nameOf = ({ system }: World, { first }: CodeStore): string =>
  system.processes[first]?.declared ?? ''

function actionAt(making: Making, store: CodeStore, at: Location): Action {
  const { world } = making
  const i = store.code.instructions[at]
  const place = i ? world.catalogue.noteOf(i.site) : null
  let body = transitionBody(making, store, at, [])
  if (jointsOf(body).isCyclic) {
    const counters = countersOf(store.flow, at).filter(({ type }) => isSmall(world, type))
    body = transitionBody(making, store, at, counters)
  }
  return {
    code: store.index,
    location: at,
    name: `${nameOf(world, store)} ${at}`,
    place,
    enabled: enabledAt(world, store, at, store.self),
    body: ending(body, place),
  }
}

/** A counter with so few values that each gets a way of its own. */
const isSmall = ({ system }: World, type: ValueType): boolean => {
  const { from, to } = rangeOfType(system, type)
  return to - from < 16
}

/** Nobody can print a loop inside of one step unless it is seen to end. */
function ending(body: Body, place: SourceNote | null): Body {
  if (jointsOf(body).isCyclic) throw new Refused('a loop in one step that may not end', place)
  return body
}

function transitionBody(
  { world, procedures }: Making,
  store: CodeStore,
  at: Location,
  counters: readonly Slot[],
): Body {
  const maker = new BodyMaker(world, procedures)
  const runner: Runner = {
    flow: store.flow,
    store,
    role: 'process',
    self: store.self,
    aggregates: new Map(),
  }
  maker.block()
  const start = writeStretch(maker, runner, at, 'performs', nothing, counters)
  maker.at(0).end = { kind: 'goto', block: start }
  return simplify(maker.body, factsAt(store, at))
}

/** `init`, one body after the other, then what each process computes before its first step. */
function initBody({ world, procedures }: Making): Body {
  const { system } = world
  const maker = new BodyMaker(world, procedures)
  const parts = [
    ...system.init.map((code) => ({ code, process: null })),
    ...system.processes.map((_, process) => ({ code: null, process })),
  ]
  const first = maker.block()
  let entry = first
  for (const [which, { code, process }] of parts.entries()) {
    const isLast = which === parts.length - 1
    const next = isLast ? null : maker.block()
    const runner =
      process === null && code
        ? initRunner(world, code)
        : processRunner(codeOfProcess(world, process ?? 0), process ?? 0)
    const start = writeStretch(maker, runner, runner.flow.code.entry, 'settles', () => next)
    maker.at(entry).end = { kind: 'goto', block: start }
    if (next !== null) entry = next
  }
  if (parts.length === 0) maker.at(first).end = { kind: 'done' }
  const body = simplify(maker.body, initialFacts(world.catalogue.variables))
  return ending(body, system.init[0] ? world.catalogue.placeOf(system.init[0].span) : null)
}

const processRunner = (store: CodeStore, process: number): Runner => ({
  flow: store.flow,
  store,
  role: 'process',
  self: number(process),
  aggregates: new Map(),
})

const initRunner = (world: World, code: Code): Runner => ({
  flow: flowOf(code, false),
  store: null,
  role: 'init',
  self: number(world.system.processes.length),
  aggregates: aggregatesOf(world, code),
})

/** Arrays of a body that is no process's are variables, for want of other arrays. */
function aggregatesOf({ system, catalogue }: World, code: Code): ReadonlyMap<Slot, Store> {
  return new Map(
    code.slots.filter(isAggregate).map((slot) => {
      return [slot, localStore(system, catalogue, `init.${slot.name}`, slot.type, [], true)]
    }),
  )
}

/** Evaluates an `invariant` or `finally`, for every choice it makes, and changes nothing. */
function propertyCheck({ world, procedures }: Making, name: string, code: Code): Check {
  if (code.slots.some(isAggregate)) {
    throw new Refused(
      'an array or a struct as a local of a property',
      world.catalogue.placeOf(code.span),
    )
  }
  const maker = new BodyMaker(world, procedures)
  const runner: Runner = {
    flow: flowOf(code, false),
    store: null,
    role: 'property',
    self: number(-1),
    aggregates: new Map(),
  }
  maker.block()
  const start = writeStretch(maker, runner, code.entry, 'performs', nothing)
  maker.at(0).end = { kind: 'goto', block: start }
  return { name, body: ending(simplify(maker.body), world.catalogue.placeOf(code.span)) }
}
