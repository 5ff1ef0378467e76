import {
  type Call,
  type Slot,
  type Span,
  type State,
  sameSpan,
  type TransitionSystem,
} from '../../spec/index.js'
import { valueText } from '../trace/changes.js'
import { executedIn } from '../trace/inside.js'
import { sourceText } from '../trace/place.js'
import type { Trace, TraceStep } from '../trace/trace.js'
import { type CallInstance, callTree, type Event, type StatementNode } from './call-tree.js'
import { changeTexts, type Naming, namingOf } from './change-text.js'
import { contextText, entryText, partText } from './part-text.js'
import { starText } from './star-text.js'
import { type Substitution, statementText, substitute } from './statement-text.js'

/** One line of a process's column, with what stands below it. */
export interface Line {
  /** Orders the lines of all processes; steps count from 1. */
  readonly time: number
  readonly process: number
  readonly indent: number
  readonly text: string
  readonly waits: boolean
  /** The place of what it waits for, where that is known. */
  readonly awaited: string | null
  /** What it changed, each a short text. */
  readonly changes: readonly string[]
  /** The violation, when this line is the violating one. */
  readonly star: string | null
  /** The steps it stands for; none where it only tells of a wait, or of a call whose lines follow. */
  readonly steps: readonly TraceStep[]
}

/** A process's column: its heading and its lines. */
export interface Column {
  readonly process: number
  readonly heading: string
  readonly lines: readonly Line[]
}

/** The columns of the processes that move, calls folded wherever nobody else moved in between. */
export function traceColumns(trace: Trace): Column[] {
  const naming = namingOf(trace)
  return trace.system.processes.flatMap((_, process) => {
    const root = callTree(trace, process)
    if (root === null) return []
    const writer = new LineWriter(trace, process, naming)
    const top = topCall(trace.system, root)
    const name = contextText(trace.system, process)
    if (top !== null) {
      const heading = `${name}: ${writer.callText(top)}`
      writer.transparent(root, top)
      return [{ process, heading, lines: writer.lines }]
    }
    writer.body(root, 0)
    return [{ process, heading: name, lines: writer.lines }]
  })
}

/** The one op the body of a process calls, conditions aside: its statements then are the process's own level. */
function topCall(system: TransitionSystem, root: CallInstance): CallInstance | null {
  const isCondition = (span: Span) =>
    /^(?:assert|if|while|await|BUG_ON|WARN_ON)\b/.test(sourceText(system, span))
  const written = new Set<Call>()
  for (const code of system.codes) {
    for (const instruction of code.instructions) {
      if (instruction.kind !== 'enter' || instruction.call.parent !== root.call) continue
      if (!isCondition(instruction.call.statement)) written.add(instruction.call)
    }
  }
  if (written.size !== 1) return null
  const made = root.statements
    .flatMap((statement) => statement.calls)
    .filter((call) => written.has(call.call) && call.statements.length > 0)
  return made.length === 1 ? (made[0] ?? null) : null
}

class LineWriter {
  readonly lines: Line[] = []
  readonly #trace: Trace
  readonly #process: number
  readonly #naming: Naming
  /** Process of each step, by index from 1. */
  readonly #movers: readonly number[]

  constructor(trace: Trace, process: number, naming: Naming) {
    this.#trace = trace
    this.#process = process
    this.#naming = naming
    this.#movers = [-1, ...[...trace.steps, ...trace.loop].map((step) => step.process)]
  }

  /** The body of a process whose one call is opened at the body's own level. */
  transparent(root: CallInstance, top: CallInstance): void {
    for (const statement of root.statements) {
      if (statement.calls.includes(top)) this.body(top, 0)
      else this.#statement(statement, 0)
    }
  }

  body(instance: CallInstance, indent: number): void {
    for (const statement of instance.statements) this.#statement(statement, indent)
  }

  #statement(node: StatementNode, indent: number): void {
    if (node.events.length === 0) return
    const opened = node.calls.filter((call) => call.statements.length > 0)
    if (opened.length === 0 || this.#together(node.events)) {
      const runs = this.#runs(node.events)
      // Several runs of a statement without calls are its parts: which is which must be said.
      const parts = opened.length === 0 && runs.length > 1
      for (const run of runs) this.#write(node, run, indent, parts ? partText(run, runs) : '')
      return
    }
    const [first] = node.events
    if (first !== undefined) this.#head(node, first, indent)
    // Own steps of the statement and those of its calls, as they came.
    const own = this.#runs(node.direct)
    for (const run of own) this.#write(node, run, indent)
    for (const call of opened) this.body(call, indent + 1)
  }

  /** Nobody else moved between the first and the last of these steps; queueing and waiting do not count. */
  #together(events: readonly Event[]): boolean {
    const steps = events.filter(({ step }) => step !== null && !step.parks)
    const [first] = steps
    return first === undefined || this.#alone(first.time, steps.at(-1)?.time ?? first.time)
  }

  #alone(from: number, to: number): boolean {
    const turn = this.#trace.steps.length
    if (from <= turn && to > turn) return false
    for (let time = Math.ceil(from); time <= to; time += 1) {
      if (this.#movers[time] !== this.#process) return false
    }
    return true
  }

  /** Stretches of events that nobody else's step interrupts. */
  #runs(events: readonly Event[]): Event[][] {
    const runs: Event[][] = []
    for (const event of events) {
      const run = runs.at(-1)
      const last = run?.at(-1)
      if (run !== undefined && last !== undefined && this.#alone(last.time, event.time)) {
        run.push(event)
      } else {
        runs.push([event])
      }
    }
    return runs
  }

  #head(node: StatementNode, first: Event, indent: number): void {
    const text = this.#text(node, first)
    // Just before its first inner line, which has the same time.
    this.lines.push({
      time: first.time,
      process: this.#process,
      indent,
      text,
      waits: false,
      awaited: null,
      changes: [],
      star: null,
      steps: [],
    })
  }

  #write(node: StatementNode, run: readonly Event[], indent: number, part = ''): void {
    const [first] = run
    const last = run.at(-1)
    if (first === undefined || last === undefined) return
    const text = this.#text(node, first) + part
    const steps = run.map((event) => event.step).filter((step) => step !== null)
    const waits = last.wait !== null || last.step?.parks === true
    const before = steps[0]?.before
    const after = steps.at(-1)?.after
    const said = { process: this.#process, text, whole: run.length === node.events.length }
    const shared =
      before === undefined || after === undefined
        ? []
        : changeTexts(this.#trace.system, before, after, this.#naming, said)
    const result = this.#result(node, text, steps.at(-1))
    const { trap } = this.#trace
    const final = this.#trace.steps.at(-1)
    const violates = trap.site !== null && final !== undefined && steps.includes(final)
    this.lines.push({
      time: first.time,
      process: this.#process,
      indent,
      text,
      waits,
      awaited: (last.wait ?? last.step?.waits)?.place ?? null,
      changes: violates ? shared : [...shared, ...result],
      star: violates ? starText(this.#trace, this.#naming) : last.about,
      steps,
    })
  }

  /** `f = null`, `r = -11`: what an assignment from a call has given, where it is no address. */
  #result({ span }: StatementNode, text: string, step: TraceStep | undefined): string[] {
    const name = /^([A-Za-z_]\w*) = .*\(/.exec(text)?.[1]
    if (name === undefined || step === undefined) return []
    const { system } = this.#trace
    // Ops called before and after may have locals of the same name: it is the one this statement has written.
    const written = executedIn(system, step).findLast(
      (each) => 'slot' in each && each.slot?.name === name && sameSpan(each.site.statement, span),
    )
    const slot = written !== undefined && 'slot' in written ? written.slot : null
    const value = slot === null ? null : this.#valueOf(step.after, slot)
    return value === null || value.startsWith('&') ? [] : [`${name} = ${value}`]
  }

  #local(state: State, name: string): string | null {
    const { system } = this.#trace
    const code = system.codes[system.processes[this.#process]?.code ?? 0]
    const process = state.processes[this.#process]
    if (code === undefined || process === undefined) return null
    const slots = (code.kept[process.at] ?? []).filter((slot) => slot.name === name)
    const slot = slots.sort((a, b) => a.index - b.index).at(-1)
    return slot === undefined ? null : this.#valueOf(state, slot)
  }

  /** Null where the slot holds nothing: out of its scope, or before it was given a value. */
  #valueOf(state: State, slot: Slot): string | null {
    const { system } = this.#trace
    const process = state.processes[this.#process]
    const code = system.codes[system.processes[this.#process]?.code ?? 0]
    const isKept = code?.kept[process?.at ?? -1]?.includes(slot) === true
    const value = isKept ? (process?.locals[slot.index] ?? null) : null
    return value === null ? null : valueText(system, slot.type, value)
  }

  #text(node: StatementNode, first: Event): string {
    const { system } = this.#trace
    const entered = entryText(system, first)
    if (entered !== null) return entered
    const names = this.#names(node.instance.substitution, node.span, first.before)
    const calls = node.calls.filter((each) => each.statements.length > 0)
    const [call] = calls
    const compound = /^(?:if|while|for|either|atomic)\b/.test(sourceText(system, node.span))
    // The condition of an `if` that is one call reads best as the call.
    if (compound && call !== undefined && node.direct.length === 0) {
      return substitute(this.callText(call), names)
    }
    return substitute(statementText(this.#withCalls(node.span, calls)), names)
  }

  /** The text of a statement, the arguments of its calls replaced by what was passed. */
  #withCalls(span: Span, calls: readonly CallInstance[]): string {
    const { system } = this.#trace
    const source = system.sources.get(span.file)
    if (source === undefined) return ''
    const inner = calls
      .filter(({ call }) => call.span.file === span.file && call.span.to <= span.to)
      .sort((a, b) => a.call.span.from - b.call.span.from)
    let at = span.from
    let text = ''
    for (const instance of inner) {
      const { from, to } = instance.call.span
      if (from < at) continue
      text += sourceText(system, { file: span.file, from: at, to: from }, false)
      text += this.callText(instance)
      at = to
    }
    text += sourceText(system, { file: span.file, from: at, to: span.to }, false)
    return text.trim()
  }

  /** Parameters, and the variables of the `for` loops around the statement. */
  #names(parameters: Substitution, span: Span, state: State): Substitution {
    const text = this.#trace.system.sources.get(span.file)?.text.slice(0, span.from) ?? ''
    const body = text.slice(Math.max(text.lastIndexOf('\n}'), text.lastIndexOf('\nop ')) + 1)
    const names = new Map(parameters)
    for (const [, name = ''] of body.matchAll(/\bfor\s*\(\s*([A-Za-z_]\w*)\s+in\b/g)) {
      const value = this.#local(state, name)
      if (value !== null && /^-?\d+$/.test(value)) names.set(name, value)
    }
    return names
  }

  /** `punch_hole(4, 4)`: numbers as they are, places and pointers as the caller wrote them. */
  callText(instance: CallInstance): string {
    const { call, parent, substitution } = instance
    const names = parent?.instance.substitution ?? new Map<string, string>()
    const values = call.parameters.map(({ name, text }) => {
      const value = substitution.get(name)
      return value ?? substitute(text, names)
    })
    return `${call.op ?? ''}(${values.join(', ')})`
  }
}

/** The lines of all columns in the order in which things happened. */
export function inOrder(columns: readonly Column[]): Line[] {
  return columns
    .flatMap((column) => column.lines)
    .map((line, sequence) => ({ line, sequence }))
    .sort((a, b) => a.line.time - b.line.time || a.sequence - b.sequence)
    .map(({ line }) => line)
}
