import type { Action, Body, Check, CodeNote, Program, Refusal, SourceNote } from '../program.js'
import { bodyLines } from './body.js'
import { declarations, tooWide } from './declarations.js'
import { testText } from './expression.js'
import { faultText, filled, ifLines, type Pen, statementLines } from './statements.js'
import { chooses, comment, indented, noteText, Scope, Words } from './words.js'

export interface PromelaOptions {
  /** What the text was made from, for people: a line each. */
  readonly about?: readonly string[]
}

export type Promela =
  | {
      readonly text: string
      /** By kind of violation, what `-DONLY=` takes. */
      readonly kinds: ReadonlyMap<string, number>
      readonly refusals?: never
    }
  | { readonly refusals: readonly Refusal[] }

/** SPIN stores one state more than the program has: the one before `init` has run. */
export const STATES_BEFORE_INIT = 1

/** SPIN counts processes in a byte; `init` and the monitor are processes as well. */
const PROCESSES_MAX = 255 - 2

/**
 * With a `goto` as its last statement an `atomic` would end there, and the place gone to would be a state. With a loop as
 * the last of a `d_step`, the C code that SPIN writes is wrong.
 */
const LAST = ['skip;']

/** SPIN takes no `d_step` with more than 2048 elements, as it counts them. */
const D_STEP_MAX = 2000

/** The number of a fault without a kind: a bound that was met. It is reported only if asked for. */
export const ONLY_BOUNDS = 0

/** Whether a model has a bound that may be met. */
export const meetsBounds = (text: string): boolean =>
  new RegExp(`FAULT[(]\\d+, ${ONLY_BOUNDS}[)]`).test(text)

/** The program as a model for SPIN, written so that SPIN stores just the program's states, and one more. */
export function promela(program: Program, options: PromelaOptions = {}): Promela {
  const refusals = [...tooWide(program.variables), ...tooMany(program)]
  return refusals.length > 0 ? { refusals } : new Writer(program).write(options)
}

const tooMany = ({ processes }: Program): readonly Refusal[] =>
  processes.length <= PROCESSES_MAX
    ? []
    : [{ construct: `more than ${PROCESSES_MAX} processes`, place: null }]

function kindNumbers({ faults, rest }: Program): ReadonlyMap<string, number> {
  const kinds = new Map<string, number>()
  for (const { kind } of [...faults, rest.stuck]) {
    if (kind !== null && !kinds.has(kind)) kinds.set(kind, ONLY_BOUNDS + 1 + kinds.size)
  }
  return kinds
}

class Writer {
  readonly #program: Program
  readonly #words = new Words()
  readonly #kinds: ReadonlyMap<string, number>
  readonly #proctypes: readonly string[]
  /** Of each inline. */
  readonly #weights = new Map<string, number>()

  constructor(program: Program) {
    this.#program = program
    this.#kinds = kindNumbers(program)
    for (const variable of program.variables) this.#words.of(variable)
    for (const procedure of program.procedures) {
      this.#words.of(procedure)
      for (const each of procedure.parameters) this.#words.declareParameter(procedure, each)
    }
    this.#proctypes = program.codes.map(({ name }) => this.#words.fresh(name))
  }

  write({ about = [] }: PromelaOptions): Promela {
    const { variables, codes } = this.#program
    const body = [
      this.#procedures(),
      this.#judge(),
      ...codes.map((code, number) => this.#proctype(code, number)),
      this.#monitor(),
      this.#init(),
    ]
    const { cells } = this.#words
    const sections = [
      this.#header(about),
      this.#macros(),
      [
        'int fault = NONE; /* the number of what ended this path */',
        ...declarations(variables, this.#words),
      ],
      cells.length === 0
        ? []
        : [
            comment('Cells for the length of one step: no part of the state.'),
            ...cells.map((cell) => `hidden int ${cell};`),
          ],
      ...body,
    ]
    const text = sections
      .filter((lines) => lines.length > 0)
      .map((lines) => `${lines.join('\n')}\n`)
      .join('\n')
    return { text, kinds: this.#kinds }
  }

  #header(about: readonly string[]): readonly string[] {
    const lines = [
      `${this.#program.system.name}, as guarded commands, one atomic option for each step.`,
      ...about,
      '',
      '  spin -a -o2 model.pml',
      '  cc -O1 -DSAFETY -DNOREDUCE -DVECTORSZ=32000 -o pan pan.c',
      '  ./pan -E -m1000000',
      '  spin -t -T -B model.pml    shows the steps of what was found',
      '',
      // Without -o2, SPIN leaves variables that nothing reads out of its states.
      'Without an error, the states stored are those of the model and the one before init.',
      'spin -DONLY=1 -a -o2 model.pml reports faults of one kind; others just end their path:',
      `  ${ONLY_BOUNDS} a bound is met`,
      ...[...this.#kinds].map(([kind, number]) => `  ${number} ${kind}`),
    ]
    const safe = lines.map((line) => line.replaceAll('*/', '* /').replaceAll('/*', '/ *'))
    return ['/*', ...safe.map((line) => ` * ${line}`.trimEnd()), ' */']
  }

  #macros(): readonly string[] {
    return [
      '#ifdef ONLY',
      '#define REPORTED(kind) (kind == ONLY)',
      '#else',
      `#define REPORTED(kind) (kind != ${ONLY_BOUNDS})`,
      '#endif',
      // The assertion first: once there is a fault, no process may go on, even in the middle of a step.
      '#define FAULT(number, kind) assert(fault == number || !REPORTED(kind)); fault = number',
      '#define NONE (-1)',
      '#define self (_pid - 1)',
    ]
  }

  #procedures(): readonly string[] {
    return this.#program.procedures.flatMap((procedure) => {
      const scope = new Scope(this.#words)
      const passed = procedure.parameters.map((each) => `${scope.cell(each)} = 0;`)
      const statements = statementLines(procedure.statements, this.#pen('none', scope), null)
      const lines = filled([...statements, ...scope.resets(), ...passed])
      return this.#inline(this.#words.of(procedure), lines)
    })
  }

  /** What every state is judged by, after what led to it has raised nothing. */
  #judge(): readonly string[] {
    const { checks } = this.#program
    return checks.length === 0 ? [] : this.#inline('judge', this.#checkLines(checks, 'judged'))
  }

  #checkLines(checks: readonly Check[], end: string): readonly string[] {
    return checks.flatMap(({ name, body }, at) => {
      const scope = new Scope(this.#words)
      const lines = this.#body(body, `${end}_${at + 1}`, scope, null)
      const text = [comment(name), ...lines]
      return at === 0 ? text : ['if', ':: fault == NONE ->', ...indented(text), ':: else', 'fi;']
    })
  }

  #judged(): readonly string[] {
    if (this.#program.checks.length === 0) return []
    return ['if', ':: fault == NONE -> judge();', ':: else', 'fi;']
  }

  /** A process waits at its loop and nowhere else. */
  #proctype({ first, last }: CodeNote, code: number): readonly string[] {
    const { actions, checks } = this.#program
    const self = first === last ? String(first) : 'self'
    const options = actions
      .filter((action) => action.code === code)
      .flatMap((action) => this.#option(action, self))
    const step = ['if', ...options, 'fi;', ...this.#instant(this.#judged(), checks)]
    const loop = ['do', ':: atomic {', ...indented([...step, ...LAST]), '}', 'od']
    return [
      `proctype ${this.#proctypes[code]}() provided (fault == NONE) {`,
      ...indented(options.length === 0 ? ['false'] : loop),
      '}',
    ]
  }

  #option({ name, enabled, place, body }: Action, self: string): readonly string[] {
    const scope = new Scope(this.#words, self)
    const end = `done_${name.replace(/\W+/g, '_')}`
    const note = place === null ? [] : [comment(noteText(place))]
    const lines = [
      ...note,
      `${testText(enabled, scope)} ->`,
      `printf("${name}, process %d\\n", ${self});`,
      ...this.#body(body, end, scope, place),
    ]
    const [first = '', ...others] = this.#instant(lines, [{ body }])
    return [`:: ${first}`, ...(others.at(-1) === '}' ? others : indented(others))]
  }

  /** Judges rest. It comes back to where it was, so that what it finds nothing wrong with is no new state. */
  #monitor(): readonly string[] {
    const { condition, checks, stuck } = this.#program.rest
    const scope = new Scope(this.#words)
    const { end, ...pen } = this.#pen('none', scope)
    const atRest = this.#checkLines(checks, 'rested')
    const isStuck = [comment(faultText(stuck)), `FAULT(${stuck.number}, ${pen.kindOf(stuck)});`]
    return [
      'proctype monitor() {',
      '  do',
      '  :: atomic {',
      '    timeout && fault == NONE ->',
      ...indented(indented([...ifLines(condition, filled(atRest), isStuck, scope), ...LAST])),
      '  }',
      '  od',
      '}',
    ]
  }

  #init(): readonly string[] {
    const { init, checks, processes } = this.#program
    const scope = new Scope(this.#words)
    return [
      'init {',
      '  atomic {',
      ...indented(
        indented([
          ...this.#body(init, 'done_init', scope, null),
          ...this.#instant(this.#judged(), checks),
          ...processes.map(({ name, code }) => `run ${this.#proctypes[code]}(); ${comment(name)}`),
          'run monitor()',
        ]),
      ),
      '  }',
      '}',
    ]
  }

  #body(body: Body, end: string, scope: Scope, place: SourceNote | null): readonly string[] {
    return [...bodyLines(body, this.#pen(end, scope), place), ...scope.resets()]
  }

  #pen(end: string, scope: Scope): Pen {
    return {
      scope,
      end,
      kindOf: ({ kind }) => this.#kindNumber(kind),
    }
  }

  #kindNumber(kind: string | null): number {
    const number = kind === null ? ONLY_BOUNDS : this.#kinds.get(kind)
    if (number === undefined) throw new Error(`${kind} is no kind of the program's faults`)
    return number
  }

  /**
   * Lines within an `atomic`, whose states in between are not stored as nothing in it ever waits. As a `d_step` they are
   * one transition of SPIN's; but that makes choices by itself, and may not be long.
   */
  #instant(
    lines: readonly string[],
    bodies: readonly { readonly body: Body }[],
  ): readonly string[] {
    if (lines.length === 0) return []
    if (bodies.some(({ body }) => chooses(body)) || this.#weight(lines) > D_STEP_MAX) return lines
    return ['d_step {', ...indented([...lines, ...LAST]), '}']
  }

  /** About how many elements SPIN makes of some lines; rather too many than too few. */
  #weight(lines: readonly string[]): number {
    const weights = lines.map((line) => {
      const inline = this.#weights.get(line.replace(/^.*?(\w+)\(\);$/, '$1'))
      return inline ?? (/^ *for /.test(line) ? 7 : 2)
    })
    return weights.reduce((sum, weight) => sum + weight, 0)
  }

  #inline(name: string, lines: readonly string[]): readonly string[] {
    this.#weights.set(name, this.#weight(lines))
    return [`inline ${name}() {`, ...indented(lines), '}']
  }
}
