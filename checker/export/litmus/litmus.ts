import {
  type CheckedModel,
  type Interpreter,
  type Outcome,
  processName,
  type State,
} from '../../../spec/index.js'
import type { Trace } from '../../trace/trace.js'
import {
  type Access,
  type Event,
  isAtomicForm,
  isPointerTest,
  registersIn,
  unknownIn,
} from './event.js'
import { fencesOf } from './fences.js'
import { Listener } from './listen.js'
import { type LitmusTest, litmusText } from './text.js'

/** A litmus test for herd7 and the Linux kernel's memory model, or why there can be none. */
export type Litmus =
  | { readonly text: string; readonly name: string; readonly refusal: null }
  | { readonly text: null; readonly name: null; readonly refusal: string }

const refuse = (refusal: string): Litmus => ({ text: null, name: null, refusal })

/** A process could go round for ever. */
const STEPS_MAX = 10_000

/**
 * The two processes of a data race with what they do to memory that both access, and with what orders it: the run up to
 * the race, then the one that writes, then the other, both as far as they come by themselves.
 */
export function litmusOf(model: CheckedModel, interpreter: Interpreter, trace: Trace): Litmus {
  const { involved } = trace.trap
  if (trace.kind !== 'data-race' || involved === undefined) {
    return refuse(`this is a run to ${trace.kind}; a litmus test is made of a data race`)
  }
  const writer = involved.find(({ what }) => what.endsWith('write'))?.process
  const other = involved.find(({ process }) => process !== writer)?.process
  if (writer === undefined || other === undefined) return refuse('the race has no two processes')
  const pair = [writer, other] as const
  const fences = fencesOf(model)
  const { system } = interpreter
  const listeners = new Map(
    system.processes.map((_, process) => [
      process,
      new Listener(system, process, trace.initial.state, fences),
    ]),
  )
  const hear = (process: number, before: State, after: State, log: Outcome['log']): void =>
    listeners.get(process)?.hear({ before, after, log })
  for (const { process, before, after, log } of trace.steps) hear(process, before, after, log)
  // What comes next of each is the access that races.
  const racing = new Map([...listeners].map(([process, { events }]) => [process, events.length]))
  let state = trace.end
  for (const [process, stepsMax] of [
    [writer, 1],
    [other, STEPS_MAX],
    [writer, STEPS_MAX],
  ] as const) {
    for (let step = 0; step < stepsMax; step++) {
      const next = interpreter.fire(state, process).find(({ kind }) => kind === 'next')
      if (next?.kind !== 'next') break
      hear(process, state, next.state, next.log)
      state = next.state
    }
  }
  const events = [...listeners.values()].map((listener) => listener.events)
  return assemble(model.name, trace, pair, events, racing)
}

type Pair = readonly [writer: number, other: number]

function assemble(
  name: string,
  trace: Trace,
  pair: Pair,
  events: readonly (readonly Event[])[],
  racing: ReadonlyMap<number, number>,
): Litmus {
  const [writer, other] = pair
  const own = pair.map((process) => events[process] ?? [])
  const kept = keptPlaces(own)
  for (const process of events.keys()) {
    if (process === writer || process === other) continue
    const write = (events[process] ?? []).find(
      (event) => event.kind === 'access' && event.writes && kept.has(event.place.key),
    )
    if (write?.kind === 'access') {
      const who = processName(process, trace.system)
      return refuse(`a third process takes part: ${who} writes ${write.place.key} (${write.line})`)
    }
  }
  const bodies = own.map((all) => windowOf(all, kept))
  for (const event of bodies.flat()) {
    const problem = problemOf(event)
    if (problem !== null) return refuse(`${problem} (${event.line})`)
  }
  const many = severalMembers(bodies)
  if (many !== null) return refuse(many)
  const mixed = mixedForms(bodies)
  if (mixed !== null) return refuse(mixed)
  const late = bodies.map(behindPointerTest).find((problem) => problem !== null)
  if (late != null) return refuse(late)
  const test: LitmusTest = {
    name: `${name}-race`,
    title: trace.trap.message,
    processes: pair.map((process) => processName(process, trace.system)),
    bodies,
    racing: pair.map((process) => {
      const next = events[process]?.slice(racing.get(process))
      return next?.find((event) => event.kind === 'access') ?? null
    }),
    system: trace.system,
  }
  return { ...litmusText(test), refusal: null }
}

const accessesIn = (events: readonly Event[]): readonly (Event & Access)[] =>
  events.flatMap((event) => (event.kind === 'access' ? [event] : []))

/** What both access, and what is needed to say that: places from which addresses, values and conditions of it come. */
function keptPlaces(own: readonly (readonly Event[])[]): ReadonlySet<string> {
  const [first, second] = own.map((all) => new Set(accessesIn(all).map(({ place }) => place.key)))
  const kept = new Set([...(first ?? [])].filter((key) => second?.has(key) === true))
  for (let size = -1; size !== kept.size; ) {
    size = kept.size
    for (const all of own) {
      for (const event of windowOf(all, kept)) {
        if (event.kind === 'when')
          for (const { load } of registersIn(event.test)) kept.add(load.key)
        if (event.kind !== 'access') continue
        if (event.through !== null) kept.add(event.through.load.key)
        for (const { load } of registersIn(event.stored)) kept.add(load.key)
      }
    }
  }
  return kept
}

/**
 * What is kept of a process: the accesses, all that orders, the conditions before the last access, and, so that they are
 * refused, things between two accesses that cannot be said.
 */
function windowOf(events: readonly Event[], kept: ReadonlySet<string>): readonly Event[] {
  const isKept = (event: Event) => event.kind === 'access' && kept.has(event.place.key)
  const first = events.findIndex(isKept)
  const last = events.findLastIndex(isKept)
  return events.filter((event, at) => {
    if (event.kind === 'access') return kept.has(event.place.key)
    if (event.kind === 'order' || event.kind === 'lock') return true
    return at > first && at < last && first >= 0
  })
}

function problemOf(event: Event): string | null {
  switch (event.kind) {
    case 'unsayable':
      return event.why
    case 'when':
      return unknownIn(event.test) === null ? null : `a condition on ${unknownIn(event.test)}`
    case 'access': {
      if (event.atomic) return `an atomic block around an access to ${event.place.key}`
      const why = unknownIn(event.stored)
      return why === null ? null : `${why} is stored to ${event.place.key}`
    }
    default:
      return null
  }
}

/** In a litmus test an object is one location: its address is that of its only member. */
function severalMembers(bodies: readonly (readonly Event[])[]): string | null {
  const members = new Map<string, string>()
  for (const { place } of bodies.flatMap(accessesIn)) {
    if (place.object === null) continue
    if (place.type.kind === 'pointer') return `${place.key} is a pointer in an object`
    const known = members.get(place.object) ?? place.key
    if (known !== place.key) return `two members of one object: ${known} and ${place.key}`
    members.set(place.object, known)
  }
  return null
}

/** An `atomic_t` is no `int`. */
function mixedForms(bodies: readonly (readonly Event[])[]): string | null {
  const atomic = new Map<string, boolean>()
  for (const { place, form } of bodies.flatMap(accessesIn)) {
    const is = isAtomicForm(form)
    if ((atomic.get(place.key) ?? is) !== is)
      return `${place.key} is accessed as an atomic_t and as an int`
    atomic.set(place.key, is)
  }
  return null
}

/**
 * A test of a pointer is not written: null is an object that nobody else knows, and what is done through the pointer is
 * done to that. Other accesses that such a test guards could not be left out where it fails.
 */
function behindPointerTest(body: readonly Event[]): string | null {
  let tested = false
  for (const event of body) {
    if (event.kind === 'when' && isPointerTest(event)) tested = true
    else if (event.kind === 'access' && tested && event.through === null) {
      return `an access to ${event.place.key} depends on a test of a pointer (${event.line})`
    }
  }
  return null
}
