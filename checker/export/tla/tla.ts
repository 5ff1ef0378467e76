import type { Action, Check, Program, Refusal, SourceNote, Variable } from '../program.js'
import type { Exported } from '../tools/tool.js'
import { type Pen, type Prepared, prepare, type Written, writeBody } from './body.js'
import { ARITHMETIC, CALLED, conjunctsOf, guardText } from './expression.js'
import { formula, NONE, outcomes, verdicts } from './forms.js'
import { readIn } from './independent.js'
import { initialText } from './initial.js'
import { configText, faultsIn, invariantsOf, type Judge } from './invariants.js'
import { symmetricView } from './symmetry.js'
import {
  comment,
  conjunction,
  disjunction,
  Globals,
  indented,
  type Lines,
  listed,
  noteText,
} from './words.js'
import type { Scope, Working } from './working.js'

export interface TlaOptions {
  /** What the text was made from, for people: a line each. */
  readonly about?: readonly string[]
  /** States that differ only in which of several like processes is which are one: fewer, and not to be compared. */
  readonly symmetric?: boolean
}

export type Tla =
  | {
      readonly module: string
      readonly config: string
      readonly name: string
      readonly refusals?: never
    }
  | { readonly refusals: readonly Refusal[] }

/**
 * The program as a module of TLA+: one action for each action, so that the states that TLC counts are those of the
 * program. Besides the program's variables there are two. `fault` is the number of the fault in which a step ended;
 * such a state is judged and neither counted nor continued (`Unharmed`). `moved` says who came here from where; it
 * tells a reader of traces what happened and makes no difference between states (`View`).
 */
export function tla(program: Program, options: TlaOptions = {}): Tla {
  return new Writer(program).write(options)
}

/** As files, the module first. A module is called what its file is. */
export function tlaFiles({ name, module, config }: Extract<Tla, { module: string }>): Exported {
  return {
    files: [
      { name: `${name}.tla`, text: module },
      { name: `${name}.cfg`, text: config },
    ],
    kinds: new Map(),
  }
}

interface Step {
  readonly action: Action
  readonly name: string
  readonly prepared: Prepared
}

/** A body as part of a formula, and what has to be defined before. */
interface Conjuncts {
  readonly before: readonly Lines[]
  readonly item: readonly Lines[]
}

class Writer {
  readonly #program: Program
  readonly #globals = new Globals()
  readonly #module: string
  readonly #variables: ReadonlyMap<Variable, string>
  readonly #init: Prepared
  readonly #actions: readonly Step[]
  readonly #checks: readonly Judge[]
  readonly #finals: readonly Judge[]

  constructor(program: Program) {
    this.#program = program
    const globals = this.#globals
    this.#module = globals.fresh(program.system.name)
    this.#variables = new Map(
      program.variables.map((variable) => [variable, globals.of(variable, variable.name)]),
    )
    this.#init = prepare(program.init, 'Init', globals)
    this.#actions = program.actions.map((action) => {
      const name = globals.of(action, action.name)
      return { action, name, prepared: prepare(action.body, name, globals) }
    })
    const judges = (wanted: string, checks: readonly Check[]): readonly Judge[] =>
      checks.map((check) => {
        const name = globals.fresh(`${wanted}_${check.name}`)
        return { name, check, prepared: prepare(check.body, name, globals) }
      })
    this.#checks = judges('Check', program.checks)
    this.#finals = judges('Final', program.rest.checks)
  }

  write({ about = [], symmetric = false }: TlaOptions): Tla {
    const steps = [this.#init, ...this.#actions.map(({ prepared }) => prepared)]
    const inSteps = steps.flatMap(({ body }) => faultsIn(body))
    const invariants = invariantsOf(inSteps, this.#checks, this.#finals, this.#globals)
    const sections = [
      this.#declarations(),
      ...this.#view(symmetric),
      ...this.#checks.flatMap((judge) => this.#judge(judge)),
      ...this.#finals.flatMap((judge) => this.#judge(judge)),
      this.#unharmed(),
      this.#atRest(),
      ...invariants.map(({ text }) => text),
      ...this.#initial(),
      ...this.#actions.flatMap((each) => this.#action(each)),
      ...this.#next(),
    ]
    const text = sections.map((lines) => `${lines.join('\n')}\n`).join('\n')
    const head = `---- MODULE ${this.#module} ----`
    const module = [
      `${head}\n${this.#header(about).join('\n')}\n`,
      `EXTENDS Integers${text.includes('Cardinality(') ? ', FiniteSets' : ''}\n`,
      ...arithmeticFor(text),
      text,
      '='.repeat(head.length),
    ]
    return {
      name: this.#module,
      module: `${module.join('\n')}\n`,
      config: configText(invariants, this.#program.rest.stuck),
    }
  }

  #header(about: readonly string[]): Lines {
    const { system, processes } = this.#program
    const names = processes.map(({ name }, number) => `${number} ${name}`)
    return [
      `${system.name}, as guarded commands, one action for each step.`,
      ...about,
      `Processes: ${names.join(', ')}.`,
      `java -cp tla2tools.jar tlc2.TLC -workers 1 -config ${this.#module}.cfg ${this.#module}.tla`,
    ].map(comment)
  }

  #declarations(): Lines {
    const lines = this.#program.variables.flatMap((variable) => {
      const { from, to, note } = variable
      const range = comment(`${from}..${to}${note === '' ? '' : `: ${note}`}`)
      return [`  ${this.#name(variable)},  ${range}`]
    })
    return [
      'VARIABLES',
      ...lines,
      `  fault,  ${comment('-1, or the number of the fault in which the step ended')}`,
      `  moved   ${comment('<<process, location>>: who came here from where')}`,
    ]
  }

  #view(symmetric: boolean): readonly Lines[] {
    const globals = this.#globals
    const whole = symmetric
      ? symmetricView(
          this.#program,
          this.#name,
          (wanted) => globals.fresh(wanted),
          () => globals.inside(),
        )
      : null
    const { definitions, parts } = whole ?? {
      definitions: [],
      parts: [...this.#variables.values()],
    }
    return [
      listed('Vars == <<', [...this.#variables.values(), 'fault', 'moved'], '>>'),
      ...definitions,
      listed('View == <<', [...parts, 'fault'], '>>'),
    ]
  }

  readonly #name = (variable: Variable): string => {
    const name = this.#variables.get(variable)
    if (name === undefined) throw new Error(`${variable.name} is not declared`)
    return name
  }

  #pen(self: string): Omit<Pen, 'form'> {
    const none = { initial: new Map(), record: null, place: null }
    return { variableName: this.#name, globals: this.#globals, self, ...none }
  }

  /** A body as a set of outcomes, beginning with the record `start` of some variables. */
  #outcomes(
    prepared: Prepared,
    start: string,
    members: readonly Variable[],
    self: string,
    place: SourceNote | null = null,
  ): Written {
    const form = (scope: Scope, record: string) => outcomes(members, record, start, scope)
    return writeBody(prepared, { ...this.#pen(self), form, place, record: { start, members } })
  }

  #plain(self = ''): { readonly scope: Scope; readonly working: Working } {
    const names = this.#globals.inside()
    const scope = { names, variableName: this.#name, base: this.#name }
    return { scope, working: { variables: new Map(), temporaries: new Map(), self } }
  }

  /** What a check finds wrong, as a set of faults. */
  #judge({ name, prepared }: Judge): readonly Lines[] {
    const pen = { ...this.#pen(''), form: () => verdicts }
    const { definitions, lines } = writeBody(prepared, pen)
    return [...definitions, [`${name} ==`, ...indented(lines)]]
  }

  #unharmed(): Lines {
    const all = [`fault = ${NONE}`, ...this.#checks.map(({ name }) => `${name} = {}`)]
    const about = comment('Where a step has ended in a fault, or a check fails, nothing follows.')
    return [about, 'Unharmed ==', ...indented(conjunction(all.map((line) => [line])))]
  }

  #atRest(): Lines {
    const { scope, working } = this.#plain()
    const conjuncts = conjunctsOf(this.#program.rest.condition)
    const lines = conjuncts.map((test) => [guardText(test, working, scope)])
    const about = comment('Every thread has finished, and no daemon has anything to do.')
    return [about, 'AtRest ==', ...indented(conjunction(lines))]
  }

  /** What may fault begins with a record of what everything is worth before. */
  #initial(): readonly Lines[] {
    const { body, written, isCyclic } = this.#init
    const { variables } = this.#program
    const { scope } = this.#plain()
    const isPlain = !isCyclic && faultsIn(body).length === 0
    const start = (variable: Variable) => initialText(variable, scope.names)
    const read = readIn(body.blocks.flatMap(({ statements }) => statements))
    const known = variables.filter((each) => written.includes(each) || read.has(each))
    const name = isPlain ? '' : this.#globals.fresh('Initially')
    const { definitions, lines } = isPlain
      ? writeBody(this.#init, {
          ...this.#pen(''),
          initial: new Map(
            known.map((each) => [each, { base: start(each), fixed: 0, updates: [] }] as const),
          ),
          form: (inner) => formula(written, inner, ''),
        })
      : this.#outcomes(this.#init, name, known, '')
    const others = variables.filter((each) => !written.includes(each))
    const fixed = others.map((each) => [`${this.#name(each)} = ${start(each)}`])
    const moved = ['moved = <<-1, -1>>']
    const { before, item } = isPlain ? plain(lines) : this.#chosen('Init', '', written, lines, '')
    const items = conjunction([...fixed, moved, ...item])
    const initially = isPlain
      ? []
      : [
          startRecord(
            name,
            known.map((each) => [this.#name(each), start(each)]),
          ),
        ]
    return [...initially, ...definitions, ...before, ['Init ==', ...indented(items)]]
  }

  #action({ action, name, prepared }: Step): readonly Lines[] {
    const code = this.#program.codes[action.code]
    if (code === undefined) throw new Error(`${action.name} belongs to no code`)
    const isFamily = code.first < code.last
    const self = isFamily ? 'self' : String(code.first)
    const { written, isCyclic } = prepared
    const { scope, working } = this.#plain(self)
    const { place } = action
    const start = isCyclic ? this.#globals.fresh(`${name}_before`) : ''
    const { definitions, lines } = isCyclic
      ? this.#outcomes(prepared, start, written, self, place)
      : writeBody(prepared, {
          ...this.#pen(self),
          form: (inner) => formula(written, inner, "'"),
          place,
        })
    const others = this.#program.variables.filter((each) => !written.includes(each))
    const guards = conjunctsOf(action.enabled).map((test) => [guardText(test, working, scope)])
    const argument = isFamily ? '(self)' : ''
    const { before, item } = isCyclic
      ? this.#chosen(name, argument, written, lines, "'")
      : plain(lines)
    const items = [
      [`fault = ${NONE}`],
      ...guards,
      ...item,
      [`moved' = <<${self}, ${action.location}>>`],
      ...(others.length === 0 ? [] : [listed('UNCHANGED <<', others.map(this.#name), '>>')]),
    ]
    const about = comment(place === null ? action.name : noteText(place))
    const record = isCyclic
      ? [
          startRecord(
            start,
            written.map((each) => [this.#name(each), this.#name(each)]),
          ),
        ]
      : []
    const text = [about, `${name}${argument} ==`, ...indented(conjunction(items))]
    return [...record, ...definitions, ...before, text]
  }

  /** The variables are what one of the outcomes of a body says. */
  #chosen(
    wanted: string,
    argument: string,
    written: readonly Variable[],
    lines: Lines,
    prime: "'" | '',
  ): Conjuncts {
    const name = this.#globals.fresh(`${wanted}_outcomes`)
    const one = this.#globals.inside().fresh('outcome')
    const names = [...written.map(this.#name), 'fault']
    const equal = names.map((each) => [`${each}${prime} = ${one}.${each}`])
    const item = [`\\E ${one} \\in ${name}${argument} :`, ...conjunction(equal)]
    return { before: [[`${name}${argument} ==`, ...indented(lines)]], item: [item] }
  }

  #next(): readonly Lines[] {
    const { codes } = this.#program
    const ofCode = codes.flatMap((code, number) => {
      const names = this.#actions.filter(({ action }) => action.code === number)
      if (names.length === 0) return []
      const isFamily = code.first < code.last
      const name = this.#globals.fresh(code.name)
      const argument = isFamily ? '(self)' : ''
      const steps = disjunction(names.map((each) => [`${each.name}${argument}`]))
      const call = isFamily ? `\\E self \\in ${code.first}..${code.last} : ${name}(self)` : name
      return [{ call, text: [`${name}${argument} ==`, ...indented(steps)] }]
    })
    return [
      ...ofCode.map(({ text }) => text),
      [
        comment(
          'At rest nothing has to happen: what TLC calls a deadlock is a standstill elsewhere.',
        ),
        'Done ==',
        ...indented(
          conjunction([
            [`fault = ${NONE}`],
            ['AtRest'],
            listed('UNCHANGED <<', [...this.#variables.values(), 'fault', 'moved'], '>>'),
          ]),
        ),
      ],
      ['Next ==', ...indented(disjunction([...ofCode.map(({ call }) => [call]), ['Done']]))],
      [`Spec == Init /\\ [][Next]_Vars`],
    ]
  }
}

const startRecord = (name: string, fields: readonly (readonly [string, string])[]): Lines => {
  const texts = fields.map(([field, value]) => `${field} |-> ${value}`)
  return [`${name} ==`, ...listed('  [', [...texts, `fault |-> ${NONE}`], ']')]
}

/** A list of conjuncts is part of the list that it is put into. */
function plain(lines: Lines): Conjuncts {
  if (!lines[0]?.startsWith('/\\ ')) return { before: [], item: [lines] }
  const item: string[][] = []
  for (const line of lines) {
    if (line.startsWith('/\\ ')) item.push([line.slice(3)])
    else item.at(-1)?.push(line.slice(3))
  }
  return { before: [], item }
}

/** The definitions that a text uses. */
function arithmeticFor(text: string): readonly string[] {
  const used = new Set<string>()
  for (const { name } of ARITHMETIC) {
    if (!text.includes(`${name}(`)) continue
    used.add(name)
    for (const called of CALLED[name] ?? []) used.add(called)
  }
  return ARITHMETIC.filter(({ name }) => used.has(name)).map(
    ({ text: lines }) => `${lines.join('\n')}\n`,
  )
}
