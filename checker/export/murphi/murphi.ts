import { type Apart, apart } from '../apart/apart.js'
import type { Action, Body, Check, Program, Refusal, SourceNote, Test } from '../program.js'
import { type BodyText, bodyText } from './body.js'
import { type Choices, choicesOf } from './choices.js'
import { type Declared, declarations, initialValues } from './declarations.js'
import { conditionTexts, testText } from './expression.js'
import { faultText, noteText, type Pen, statementLines } from './statements.js'
import { comment, Globals, indented, quoted, Scope } from './words.js'

export interface MurphiOptions {
  /** What the text was made from, for people: a line each. */
  readonly about?: readonly string[]
  /** Families whose instances differ in nothing are scalarsets, which Rumur takes for one another. */
  readonly symmetric?: boolean
}

export type Murphi =
  | { readonly text: string; readonly refusals?: never }
  | { readonly refusals: readonly Refusal[] }

/** Options of Rumur without which the text does not mean what it should. */
export const RUMUR_OPTIONS = ['--deadlock-detection', 'stuck', '--value-type', 'int32_t'] as const

/** With it the states that are counted are the orbits, exactly. */
export const RUMUR_ORBITS = ['--symmetry-reduction', 'exhaustive'] as const

/** The fault that the text says Rumur's own `deadlock` is. */
export function deadlockOf(text: string): number {
  const number = /^-- {3}deadlock = (\d+) /m.exec(text)?.[1]
  if (number === undefined) throw new Error('the text does not say what a deadlock is')
  return Number(number)
}

/** The rule that stays where everything is at rest; no step of the model. */
export const REST = 'at rest'

/** The program as a Murphi model: one rule for each action, so that states and depths are those of the program. */
export function murphi(program: Program, options: MurphiOptions = {}): Murphi {
  if (options.symmetric !== true) return new Writer(plain(program)).write(options)
  const found = apart(program)
  return 'refusals' in found ? found : new Writer(found.apart).write(options)
}

const plain = (program: Program): Apart => ({ program, families: [], members: new Map() })

class Writer {
  readonly #apart: Apart
  readonly #program: Program
  readonly #globals = new Globals()
  readonly #needSelf = new Set<object>()
  readonly #refusals: Refusal[] = []
  readonly #declared: Declared

  constructor(apart: Apart) {
    this.#apart = apart
    this.#program = apart.program
    this.#declared = declarations(apart.program, this.#globals, apart.families)
  }

  write({ about = [] }: MurphiOptions): Murphi {
    const { checks, rest, actions } = this.#program
    const procedures = this.#procedures()
    const check = this.#checks('check', checks)
    const checkAtRest = this.#checks('check_at_rest', rest.checks)
    const sections = [
      this.#header(about),
      this.#declared.lines,
      ...procedures,
      ...check.sections,
      ...checkAtRest.sections,
      this.#start(check.call),
      ...actions.map((action) => this.#rule(action, check.call)),
      this.#rest(checkAtRest.call),
    ]
    if (this.#refusals.length > 0) return { refusals: this.#refusals }
    return { text: sections.map((lines) => `${lines.join('\n')}\n`).join('\n') }
  }

  #header(about: readonly string[]): readonly string[] {
    const { families } = this.#apart
    const options = families.length === 0 ? RUMUR_OPTIONS : [...RUMUR_OPTIONS, ...RUMUR_ORBITS]
    return [
      ...[`${this.#program.system.name}, as guarded commands, one rule for each step.`, ...about],
      ...families.map(({ name }) => `The instances of ${name} differ in nothing: a scalarset.`),
      '',
      `  rumur --threads 1 ${options.join(' ')} --output model.c model.m`,
      '  cc -std=c11 -O2 -mcx16 -o model model.c -lpthread && ./model',
      '',
      'The number that begins an error is that of the fault. What is called a deadlock there is',
      `  deadlock = ${faultText(this.#program.rest.stuck).slice(1, -1)}`,
    ].map((line) => (line === '' ? '--' : `-- ${line}`))
  }

  #procedures(): readonly (readonly string[])[] {
    return this.#program.procedures.map((procedure) => {
      const name = this.#globals.of(procedure)
      const scope = new Scope(this.#globals)
      const parameters = procedure.parameters.map(
        (parameter) => `${scope.of(parameter)}: ${this.#globals.rangeText(parameter)}`,
      )
      const lines = statementLines(procedure.statements, this.#pen(scope), null)
      if (scope.usesSelf) {
        this.#needSelf.add(procedure)
        parameters.unshift(`self: ${this.#declared.all.name}`)
      }
      return [
        `procedure ${name}(${parameters.join('; ')});`,
        'begin',
        ...indented(lines),
        'endprocedure;',
      ]
    })
  }

  /** A procedure for each check, and one that calls them in order; no call where there is nothing to check. */
  #checks(
    wanted: string,
    checks: readonly Check[],
  ): { readonly sections: readonly (readonly string[])[]; readonly call: readonly string[] } {
    const names = checks.map(({ name }) => this.#globals.fresh(`${wanted}_${name}`))
    const sections = checks.map(({ name, body }, at) => {
      const scope = new Scope(this.#globals)
      const everybody = this.#everybody(body, scope)
      const { text } = this.#body(body, scope, null)
      return [
        comment(name),
        `procedure ${names[at]}();`,
        ...localLines(text.locals),
        'begin',
        ...indented(everybody(text.lines)),
        'endprocedure;',
      ]
    })
    if (names.length < 2) return { sections, call: names.map((name) => `${name}();`) }
    const all = this.#globals.fresh(wanted)
    const calls = names.map((name) => `  ${name}();`)
    const together = [`procedure ${all}();`, 'begin', ...calls, 'endprocedure;']
    return { sections: [...sections, together], call: [`${all}();`] }
  }

  #start(check: readonly string[]): readonly string[] {
    const scope = new Scope(this.#globals)
    const initial = statementLines(initialValues(this.#program.variables), this.#pen(scope), null)
    const everybody = this.#everybody(this.#program.init, scope)
    const { text, picks } = this.#body(this.#program.init, scope, null)
    return inRuleset(picks, [
      'startstate "init"',
      ...localLines(text.locals),
      'begin',
      ...indented([...everybody([...initial, ...text.lines]), ...check]),
      'endstartstate;',
    ])
  }

  /** What surrounds the text of a body that names instances: loops that give the names to them in every way. */
  #everybody(body: Body, scope: Scope): (lines: readonly string[]) => readonly string[] {
    const loops = (this.#apart.members.get(body) ?? []).map((index, at, all) => {
      const name = scope.of(index)
      const others = all.slice(0, at).filter(({ from }) => from === index.from)
      return { index, name, differs: others.map((other) => `${name} != ${scope.of(other)}`) }
    })
    return (lines) =>
      loops.reduceRight<readonly string[]>((inner, { index, name, differs }) => {
        const once =
          differs.length === 0
            ? inner
            : [`if ${differs.join(' & ')} then`, ...indented(inner), 'endif;']
        return [`for ${name}: ${this.#globals.rangeText(index)} do`, ...indented(once), 'endfor;']
      }, lines)
  }

  #rule(action: Action, check: readonly string[]): readonly string[] {
    const family = this.#declared.families[action.code]
    if (family === undefined) throw new Error(`${action.name} belongs to no code`)
    const isFamily = family.from < family.to
    const constant = this.#declared.constants[family.from] ?? String(family.from)
    const scope = new Scope(this.#globals, isFamily ? 'self' : constant)
    const enabled = guardLines(action.enabled, scope)
    const { text, picks } = this.#body(action.body, scope, action.place)
    const parameters = isFamily ? [`self: ${family.name}`, ...picks] : picks
    const rule = [
      `rule ${quoted(action.name)}`,
      ...indented(enabled),
      ...localLines(text.locals),
      'begin',
      ...indented([...text.lines, ...check]),
      'endrule;',
    ]
    const place = action.place === null ? [] : [comment(noteText(action.place))]
    return [...place, ...inRuleset(parameters, rule)]
  }

  /** It goes from the state to itself: a state without a rule is then one where not all are at rest. */
  #rest(check: readonly string[]): readonly string[] {
    const scope = new Scope(this.#globals)
    return [
      `rule ${quoted(REST)}`,
      ...indented(guardLines(this.#program.rest.condition, scope)),
      'begin',
      ...indented(check),
      'endrule;',
    ]
  }

  #body(
    body: Body,
    scope: Scope,
    place: SourceNote | null,
  ): { readonly text: BodyText; readonly picks: readonly string[] } {
    const choices = choicesOf(body, place)
    if ('construct' in choices) {
      this.#refusals.push(choices)
      return { text: { locals: [], lines: [] }, picks: [] }
    }
    const pen = this.#pen(scope, choices)
    const picks = choices.widths.map((width, at) => `${pen.picks[at]}: 0 .. ${width - 1}`)
    return { text: bodyText(body, pen, place), picks }
  }

  #pen(scope: Scope, choices: Choices = { widths: [], parameters: new Map() }): Pen {
    const picks = choices.widths.map(() => scope.fresh('pick'))
    return { scope, choices, picks, needSelf: this.#needSelf }
  }
}

/** A guard that is too long for a line has one for each of its conditions. */
function guardLines(test: Test, scope: Scope): readonly string[] {
  const whole = testText(test, scope)
  const parts = whole.length > GUARD_MAX ? conditionTexts(test, scope) : [whole]
  return parts.map((part, at) => `${part} ${at === parts.length - 1 ? '==>' : '&'}`)
}

const GUARD_MAX = 92

const localLines = (locals: readonly string[]): readonly string[] =>
  locals.length === 0 ? [] : ['var', ...indented(locals)]

const inRuleset = (parameters: readonly string[], rule: readonly string[]): readonly string[] =>
  parameters.length === 0
    ? rule
    : [`ruleset ${parameters.join('; ')} do`, ...indented(rule), 'endruleset;']
