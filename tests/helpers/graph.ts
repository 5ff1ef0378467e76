import type { Engine, PackedState, Step, Trail, Transition } from '../../checker/engine/engine.js'
import { noSymmetry } from '../../checker/engine/symmetry.js'
import type { Violation } from '../../checker/property/violation.js'
import {
  type Code,
  type Site,
  SourceText,
  type Span,
  type TransitionSystem,
  type Trap,
  type Wait,
} from '../../spec/index.js'

const FILE = 'toy.gmem'

interface Edge {
  readonly process: string
  readonly target: string | null
  readonly trap: { readonly kind: string; readonly place: number } | null
}

interface ToyWait {
  readonly process: string
  readonly holders: readonly string[]
  readonly names: string | null
}

/** `a p>b q>c`: from a to b by process p, then to c by q. `a>b` is by p. */
export function graph(...paths: readonly string[]): ToyGraph {
  const toy = new ToyGraph()
  for (const path of paths) toy.path(path)
  return toy
}

/**
 * A transition system small enough to know by heart, as an engine. A state is its name; each stands on a line of its
 * own, in the order of appearance. Several steps of one process from one state have the choices [0], [1], …
 */
export class ToyGraph {
  readonly #states: string[] = []
  readonly #edges = new Map<string, Edge[]>()
  #processes: string[] = []
  readonly #daemons = new Set<string>()
  #initial: string[] = []
  readonly #initialTraps: { readonly kind: string; readonly place: number }[] = []
  readonly #never = new Map<string, { readonly kind: string; readonly place: number }>()
  readonly #rests = new Set<string>()
  readonly #stuck = new Set<string>()
  readonly #leaks = new Map<string, string>()
  readonly #waits = new Map<string, ToyWait[]>()
  readonly #covers: string[] = []
  readonly #idle: string[] = []
  readonly #ignored = new Set<string>()

  path(path: string): this {
    const parts = path.split('>').map((part) => part.trim().split(/\s+/))
    for (let index = 0; index + 1 < parts.length; index++) {
      const [source = '', process = 'p'] = parts[index] ?? []
      const [target = ''] = parts[index + 1] ?? []
      this.#addEdge(source, { process, target, trap: null })
      this.#addState(target)
    }
    this.#addState(parts[0]?.[0] ?? '')
    return this
  }

  /** Fixes the order of the processes; without it they are in the order of appearance. */
  order(...processes: readonly string[]): this {
    const others = this.#processes.filter((process) => !processes.includes(process))
    this.#processes = [...processes, ...others]
    return this
  }

  daemons(...processes: readonly string[]): this {
    for (const process of processes) {
      this.#addProcess(process)
      this.#daemons.add(process)
    }
    return this
  }

  /** Without it the first state is the initial one. Choices are 0, 1, … when there are several. */
  starts(...states: readonly string[]): this {
    for (const state of states) this.#addState(state)
    this.#initial.push(...states)
    return this
  }

  /** One more way for `init` to go: into a violation. */
  startFails(kind: string, place = 0): this {
    this.#initialTraps.push({ kind, place })
    return this
  }

  never(state: string, kind = 'invariant', place = 0): this {
    this.#addState(state)
    this.#never.set(state, { kind, place })
    return this
  }

  /** `a p`: a violating step of p from a. */
  fails(step: string, kind = 'assert', place = 0): this {
    const [source = '', process = 'p'] = step.split(/\s+/)
    this.#addEdge(source, { process, target: null, trap: { kind, place } })
    return this
  }

  /** `a p`: a step of p from a that meets a bound. */
  cuts(step: string): this {
    const [source = '', process = 'p'] = step.split(/\s+/)
    this.#addEdge(source, { process, target: null, trap: null })
    return this
  }

  /** States that may rest, besides those without steps. */
  rests(...states: readonly string[]): this {
    for (const state of states) this.#rests.add(state)
    return this
  }

  /** States in which a daemon is between two runs of its body. */
  idles(...states: readonly string[]): this {
    this.#idle.push(...states)
    return this
  }

  /** States without steps that are not at rest. */
  stuck(...states: readonly string[]): this {
    for (const state of states) this.#stuck.add(state)
    return this
  }

  leaks(state: string, kind = 'leak'): this {
    this.#leaks.set(state, kind)
    return this
  }

  waits(
    state: string,
    process: string,
    holders: readonly string[],
    names: string | null = null,
  ): this {
    this.#addProcess(process)
    const waits = this.#waits.get(state) ?? []
    this.#waits.set(state, [...waits, { process, holders, names }])
    return this
  }

  covers(state: string): this {
    this.#covers.push(state)
    return this
  }

  ignores(kind: string): this {
    this.#ignored.add(kind)
    return this
  }

  engine(): Engine {
    const system = this.#system()
    const name = (state: PackedState) => this.#states[state[0] ?? -1] ?? '?'
    return {
      name: 'reference',
      system,
      stateBits: 32,
      stateWords: 1,
      symmetry: noSymmetry,
      initial: () => this.#initialTransitions(),
      successors: (state, visit) => {
        for (const transition of this.#transitions(name(state))) visit(transition)
      },
      judge: (state) => {
        const bad = this.#never.get(name(state))
        return bad === undefined ? null : trap(bad.kind, bad.place)
      },
      mayRest: (state) => this.#mayRest(name(state)),
      judgeRest: (state) => {
        const kind = this.#leaks.get(name(state))
        return kind === undefined ? null : trap(kind, state[0] ?? 0)
      },
      finished: () => false,
      location: (state) => state[0] ?? 0,
      waits: (state) => this.#waitsIn(name(state)),
      acquisition: () => null,
      exposures: () => [],
      covered: (state) =>
        [...this.#covers.keys()].filter((index) => this.#covers[index] === name(state)),
      executed: [],
    }
  }

  /** The run of a violation: `a p>b q>c`, and `!` where it ends with a violating step. */
  run(violation: Violation | null): string {
    if (violation === null) return 'none'
    return this.walk(violation.trail)
  }

  walk(trail: Trail): string {
    const initial = this.#initialTransitions().find((one) => equal(one.choices, trail.initial))
    if (initial === undefined) return 'no such initial state'
    if (initial.kind !== 'next') return '!'
    const { text } = this.follow(this.#states[initial.state[0] ?? -1] ?? '?', trail.steps)
    return text
  }

  /** The states passed on the way, and where it ends. */
  follow(start: string, steps: readonly Step[]): { readonly text: string; readonly end: string } {
    let state = start
    let text = start
    for (const step of steps) {
      const found = this.#transitions(state).find(
        (one) => one.process === step.process && equal(one.choices, step.choices),
      )
      if (found === undefined) return { text: `${text} no such step`, end: '?' }
      text += ` ${this.#processes[step.process]}`
      if (found.kind !== 'next') return { text: `${text}!`, end: '!' }
      state = this.#states[found.state[0] ?? -1] ?? '?'
      text += `>${state}`
    }
    return { text, end: state }
  }

  #addState(state: string): void {
    if (!this.#states.includes(state)) this.#states.push(state)
  }

  #addProcess(process: string): void {
    if (!this.#processes.includes(process)) this.#processes.push(process)
  }

  #addEdge(source: string, edge: Edge): void {
    this.#addState(source)
    this.#addProcess(edge.process)
    this.#edges.set(source, [...(this.#edges.get(source) ?? []), edge])
  }

  #mayRest(state: string): boolean {
    if (this.#rests.has(state)) return true
    return !this.#edges.has(state) && !this.#stuck.has(state)
  }

  #initialTransitions(): Transition[] {
    const states = this.#initial.length === 0 ? this.#states.slice(0, 1) : this.#initial
    const count = states.length + this.#initialTraps.length
    const choices = (index: number) => (count === 1 ? [] : [index])
    const good = states.map((state, index): Transition => {
      return { process: -1, choices: choices(index), kind: 'next', state: this.#pack(state) }
    })
    const bad = this.#initialTraps.map(({ kind, place }, index): Transition => {
      const at = choices(states.length + index)
      return { process: -1, choices: at, kind: 'violation', trap: trap(kind, place) }
    })
    return [...good, ...bad]
  }

  #transitions(state: string): Transition[] {
    const edges = this.#edges.get(state) ?? []
    return this.#processes.flatMap((name, process) => {
      const own = edges.filter((edge) => edge.process === name)
      return own.map((edge, index) => {
        const choices = own.length === 1 ? [] : [index]
        return this.#transition(edge, process, choices)
      })
    })
  }

  #transition(edge: Edge, process: number, choices: readonly number[]): Transition {
    if (edge.target !== null) {
      return { process, choices, kind: 'next', state: this.#pack(edge.target) }
    }
    if (edge.trap !== null) {
      const { kind, place } = edge.trap
      return { process, choices, kind: 'violation', trap: trap(kind, place) }
    }
    const bound = { kind: 'pool', name: 'toy', message: 'pool toy is empty', at: span(0) } as const
    return { process, choices, kind: 'cut', bound }
  }

  #pack(state: string): PackedState {
    return Uint32Array.of(this.#states.indexOf(state))
  }

  #site(state: string): Site {
    const text = [...this.#states, ''].join('\n')
    const before = this.#states.slice(0, this.#states.indexOf(state)).map((name) => `${name}\n`)
    const from = Math.min(before.join('').length, text.length)
    const at = { file: FILE, from, to: from + state.length }
    return { span: at, statement: at, annotation: null, call: CALL }
  }

  #waitsIn(state: string): Wait[] {
    return (this.#waits.get(state) ?? []).map(({ process, holders, names }) => ({
      process: this.#processes.indexOf(process),
      site: this.#site(state),
      what: 'mutex',
      place: holders.length === 0 ? 'm' : `m_${holders.join('_')}`,
      holders: holders.map((holder) => this.#processes.indexOf(holder)),
      names,
      movable: false,
    }))
  }

  /** One for all: every state is a location. */
  #code(): Code {
    return {
      name: 'toy',
      span: span(0),
      instructions: this.#states.map((state) => {
        return { kind: 'end', site: this.#site(state), next: 0, region: 0 }
      }),
      entry: 0,
      slots: [],
      cells: 0,
      kept: [],
      idle: new Set(this.#idle.map((state) => this.#states.indexOf(state))),
    }
  }

  #system(): TransitionSystem {
    return {
      name: 'toy',
      sources: new Map([[FILE, new SourceText(FILE, [...this.#states, ''].join('\n'))]]),
      shared: [],
      pools: [],
      codes: [this.#code()],
      processes: this.#processes.map((name) => ({
        name,
        declared: name,
        daemon: this.#daemons.has(name),
        code: 0,
        family: null,
        context: 'task',
        on: null,
        callbacks: false,
      })),
      init: [],
      invariants: [],
      finals: [],
      covers: this.#covers.map((name) => ({
        name,
        span: span(0),
        code: this.#code(),
        result: { kind: 'literal', value: 1 },
      })),
      headlines: new Map(),
      ignored: this.#ignored,
      asked: new Set(),
      lines: [],
    }
  }
}

const CALL = {
  id: 0,
  op: null,
  annotation: null,
  parent: null,
  span: span(0),
  statement: span(0),
  parameters: [],
}

function span(place: number): Span {
  return { file: FILE, from: place, to: place + 1 }
}

function trap(kind: string, place: number): Trap {
  return { kind, message: kind, at: span(place), site: null, process: null, operands: [] }
}

function equal(left: readonly number[], right: readonly number[]): boolean {
  return left.length === right.length && left.every((item, index) => item === right[index])
}
