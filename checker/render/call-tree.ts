import {
  type Call,
  type Site,
  type Span,
  type State,
  sameSpan,
  type TransitionSystem,
  type Wait,
} from '../../spec/index.js'
import { valueText } from '../trace/changes.js'
import type { Trace, TraceStep } from '../trace/trace.js'
import { isInterruption, isLostRest } from './headline.js'
import { type Substitution, substitute } from './statement-text.js'

/**
 * A step; or, half way to the next step, the moment at which a process was found waiting, or about to do what the report
 * is about.
 */
export interface Event {
  readonly time: number
  readonly process: number
  readonly site: Site
  readonly step: TraceStep | null
  readonly wait: Wait | null
  /** What it is about to do, in the words of the report. */
  readonly about: string | null
  /** The state the process stood in: where its parameters have their values. */
  readonly before: State
}

/** One execution of one statement, with everything that happened in it. */
export interface StatementNode {
  readonly span: Span
  readonly instance: CallInstance
  readonly events: Event[]
  /** Those of `events` that are this statement's own, not of a call in it. */
  readonly direct: Event[]
  readonly calls: CallInstance[]
  lastLocation: number
}

/** One execution of an op, or of the body of a process. */
export interface CallInstance {
  readonly call: Call
  readonly parent: StatementNode | null
  readonly statements: StatementNode[]
  readonly substitution: Substitution
  /** Control has left it: the next visit of the same call is another instance. */
  left: boolean
}

/** The dynamic call tree of one process: which statements of which calls its steps belong to. */
export function callTree(trace: Trace, process: number): CallInstance | null {
  const events = eventsOf(trace, process)
  const [first] = events
  if (first === undefined) return null
  const builder = new TreeBuilder(trace.system, process)
  for (const event of events) builder.add(event)
  return builder.root
}

/** Steps and waits of one process, in order of time. */
function eventsOf(trace: Trace, process: number): Event[] {
  const events: Event[] = []
  for (const step of [...trace.steps, ...trace.loop]) {
    if (step.process !== process) continue
    const { index, site, before, after } = step
    events.push({ time: index, process, site, step, wait: null, about: null, before })
    const { waits } = step
    if (waits === null || isInterruption(waits)) continue
    // A step that only queued the process says itself that it waits.
    if (!step.parks) events.push(waitEvent(waits, index + 0.5, after))
  }
  const last = events.at(-1)
  const stuck = isLostRest(trace) && trace.loop.every((step) => step.process !== process)
  const wait = stuck
    ? trace.waits.find((each) => each.process === process && !isInterruption(each))
    : undefined
  if (wait !== undefined && last?.step?.parks !== true && last?.wait == null) {
    events.push(waitEvent(wait, trace.steps.length + 0.5, trace.end))
  }
  const about = aboutTo(trace, process)
  if (about !== null) events.push(about)
  return events
}

/** What the state the run ends in is wrong about: an access of a race, the last order of a circle. */
function aboutTo({ trap, steps, end }: Trace, process: number): Event | null {
  const involved = trap.involved?.find((each) => {
    if (each.process !== process) return false
    const { span } = each.site
    return trap.kind === 'data-race' || (process === trap.process && sameSpan(span, trap.at))
  })
  if (involved === undefined) return null
  const { site, what } = involved
  const time = steps.length + 0.5
  return { time, process, site, step: null, wait: null, about: what, before: end }
}

const waitEvent = (wait: Wait, time: number, before: State): Event => ({
  time,
  process: wait.process,
  site: wait.site,
  step: null,
  wait,
  about: null,
  before,
})

class TreeBuilder {
  readonly system: TransitionSystem
  readonly process: number
  root: CallInstance | null = null
  /** The open instances from the root inwards, each with the statement it is at. */
  #stack: { readonly instance: CallInstance; statement: StatementNode | null }[] = []

  constructor(system: TransitionSystem, process: number) {
    this.system = system
    this.process = process
  }

  add(event: Event): void {
    const chain = chainOf(event.site.call)
    this.#open(chain, event.before)
    const location = event.before.processes[this.process]?.at ?? 0
    this.#visit(chain.length - 1, event.site.statement, location)
    this.#stack.forEach(({ statement }, level) => {
      statement?.events.push(event)
      if (level === chain.length - 1) statement?.direct.push(event)
    })
    if (event.step !== null) this.#follow(event.step)
  }

  /** Opens the instances of a chain of calls; those that are open already stay. */
  #open(chain: readonly Call[], state: State): void {
    chain.forEach((call, level) => {
      const open = this.#stack[level]
      if (open !== undefined && open.instance.call === call && !open.instance.left) return
      this.#stack.length = level
      if (level > 0) this.#visitCall(level - 1, call)
      const parent = this.#stack[level - 1]
      const statement = parent?.statement ?? null
      const instance: CallInstance = {
        call,
        parent: statement,
        statements: [],
        substitution: this.#substitution(call, parent?.instance ?? null, state),
        left: false,
      }
      if (statement === null) this.root ??= instance
      else statement.calls.push(instance)
      this.#stack.push({ instance, statement: null })
    })
    this.#stack.length = chain.length
  }

  /** The statement at a level; another execution of it when control has gone back. */
  #visit(level: number, span: Span, location: number): void {
    const open = this.#stack[level]
    if (open === undefined) return
    const last = open.statement?.direct.at(-1)
    const again = last?.step?.parks === true || last?.wait != null || this.#isInGrace(last)
    const back = location < (open.statement?.lastLocation ?? -1)
    const same = location === open.statement?.lastLocation && !again
    const stays = open.statement !== null && sameSpan(open.statement.span, span) && !back && !same
    if (!stays) this.#enterStatement(open, span)
    if (open.statement !== null) open.statement.lastLocation = location
  }

  /** Behind the first half of a wait for readers, with the second still to come. */
  #isInGrace(event: Event | undefined): boolean {
    return (event?.step?.after.processes[this.process]?.awaits ?? null) !== null
  }

  /** The statement a call is part of; another execution of it when the same call has been made in it. */
  #visitCall(level: number, call: Call): void {
    const open = this.#stack[level]
    if (open === undefined) return
    const current = open.statement
    const stays =
      current !== null &&
      sameSpan(current.span, call.statement) &&
      !current.calls.some((made) => made.call === call)
    if (!stays) this.#enterStatement(open, call.statement)
  }

  #enterStatement(
    open: { readonly instance: CallInstance; statement: StatementNode | null },
    span: Span,
  ): void {
    const { instance } = open
    open.statement = { span, instance, events: [], direct: [], calls: [], lastLocation: -1 }
    instance.statements.push(open.statement)
  }

  /** Marks the instances that the rest of the transition leaves: they are not to be entered again. */
  #follow(step: TraceStep): void {
    const code = this.system.codes[this.system.processes[this.process]?.code ?? 0]
    for (const entry of step.log) {
      const instruction = code?.instructions[entry.location]
      if (entry.mark === null || instruction === undefined) continue
      if (instruction.kind !== 'leave' && instruction.kind !== 'enter') continue
      const open = this.#stack.find(({ instance }) => instance.call === instruction.call)
      if (open !== undefined) open.instance.left = true
    }
    // A daemon that has come back to its entry begins a new run of its body.
    const now = step.after.processes[this.process]?.at
    const begins = now !== undefined && code?.idle.has(now) === true
    for (const open of begins ? this.#stack : []) open.instance.left = true
  }

  #substitution(call: Call, caller: CallInstance | null, state: State): Substitution {
    const names = new Map<string, string>()
    if (caller === null) {
      const { family } = this.system.processes[this.process] ?? { family: null }
      const text = this.system.sources.get(call.span.file)?.text.slice(call.span.from) ?? ''
      const index = /^[^[{]*\[\s*([A-Za-z_]\w*)\s+in\b/.exec(text)?.[1]
      if (family !== null && index !== undefined) names.set(index, String(family))
      return names
    }
    const locals = state.processes[this.process]?.locals ?? []
    // Nobody has written the argument of a callback: it is the object whose head was queued.
    const isCallback = this.system.processes[this.process]?.callbacks === true
    for (const { name, slot, text } of call.parameters) {
      if (slot === null) {
        names.set(name, substitute(text, caller.substitution))
      } else if (isCallback || (slot.type.kind !== 'pointer' && slot.type.kind !== 'struct')) {
        const value = locals[slot.index] ?? null
        names.set(
          name,
          value === null
            ? substitute(text, caller.substitution)
            : valueText(this.system, slot.type, value),
        )
      }
    }
    return names
  }
}

/** The calls a site is in, from the body of the process inwards. */
function chainOf(call: Call): Call[] {
  const chain: Call[] = []
  for (let each: Call | null = call; each !== null; each = each.parent) chain.unshift(each)
  return chain
}
