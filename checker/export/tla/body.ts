import { jointsOf } from '../blocks.js'
import type { Body, SourceNote, Statement, Temporary, Variable } from '../program.js'
import { numText, testText } from './expression.js'
import { handedOf, unfolded } from './flow.js'
import { type Form, recordText } from './forms.js'
import { nameRead, reach, setsOf } from './statements.js'
import { comment, type Globals, hung, type Lines, noteText } from './words.js'
import { type Scope, valueText, type Working, withTemporary, worthOf } from './working.js'

/** A body ready to be written: what it may set, and which of its blocks are definitions of their own. */
export interface Prepared {
  readonly body: Body
  readonly written: readonly Variable[]
  readonly isCyclic: boolean
  readonly blockNames: ReadonlyMap<number, string>
}

/** Names every definition that the body needs; to be done for all bodies before any is written. */
export function prepare(source: Body, name: string, globals: Globals): Prepared {
  const body = unfolded(source)
  const { labelled, isCyclic } = jointsOf(body)
  const blockNames = new Map<number, string>()
  for (const block of [...labelled].sort((a, b) => a - b)) {
    if (!isShort(body, block)) blockNames.set(block, globals.fresh(`${name}_b${block}`))
  }
  const written = [...setsOf(body.blocks.flatMap(({ statements }) => statements))]
  return { body, written, isCyclic, blockNames }
}

/** Written out wherever it is needed rather than given a name. */
function isShort(body: Body, block: number): boolean {
  const { statements, end } = body.blocks[block] ?? { statements: [], end: null }
  if (end?.kind !== 'done' || statements.length > 3) return false
  const [first] = statements
  if (first?.kind === 'fault' && first.when.kind === 'constant') return true
  return statements.every((each) => each.kind === 'set')
}

export interface Written {
  /** Definitions that have to come before. */
  readonly definitions: readonly Lines[]
  /** The body from its first block on. */
  readonly lines: Lines
}

/** What a definition is written with. */
export interface Pen {
  /** `record`: what stands for the record that was handed over, where there is one. */
  readonly form: (scope: Scope, record: string) => Form
  readonly variableName: Scope['variableName']
  readonly globals: Globals
  /** The name or number of the process that moves; a parameter where it is a name. */
  readonly self: string
  /** What variables are worth at the beginning, where that is not what they are called. */
  readonly initial: Working['variables']
  /** The record in which variables are handed on, and which ones those are; null: each is handed on by itself. */
  readonly record: { readonly start: string; readonly members: readonly Variable[] } | null
  readonly place: SourceNote | null
}

export function writeBody(prepared: Prepared, pen: Pen): Written {
  return new BodyWriter(prepared, pen).write()
}

/** Where text is written: what names there are, and what stands for the record. */
interface Place extends Scope {
  readonly record: string
}

/** A process that is always the same is written as its number. */
const isParameter = (self: string): boolean => /^[a-z]/i.test(self)

class BodyWriter {
  readonly #prepared: Prepared
  readonly #pen: Pen
  readonly #handed: ReturnType<typeof handedOf>
  readonly #definitions: Lines[] = []
  readonly #heads: string[] = []
  readonly #defined = new Set<number>()

  constructor(prepared: Prepared, pen: Pen) {
    this.#prepared = prepared
    this.#pen = pen
    this.#handed = handedOf(prepared.body)
  }

  write(): Written {
    const { initial: variables, record, self } = this.#pen
    const place = this.#place(record?.start ?? '')
    const working: Working = { variables, temporaries: new Map(), self }
    const lines = this.#jump(0, working, place)
    const heads = this.#prepared.isCyclic ? this.#heads.map((head) => `RECURSIVE ${head}`) : []
    return { definitions: [...(heads.length > 0 ? [heads] : []), ...this.#definitions], lines }
  }

  #place(given: string | null): Place {
    const { globals, variableName, record } = this.#pen
    const names = globals.inside()
    const name = given ?? names.fresh('now')
    const members = new Set(record?.members)
    const base = (variable: Variable) =>
      members.has(variable) ? `${name}.${variableName(variable)}` : variableName(variable)
    return { names, variableName, base, record: name }
  }

  /** The text that goes on with a block. */
  #jump(at: number, working: Working, scope: Place): Lines {
    const name = this.#prepared.blockNames.get(at)
    if (name === undefined) return this.#tree(at, working, scope)
    this.#define(at, name)
    const { variables, temporaries } = this.#handedTo(at)
    const { record } = this.#pen
    const handed =
      record === null ? [] : [recordText(record.members, scope.record, working, scope).join(' ')]
    const passed = [
      ...handed.map((text) => text.replace(/ {2,}/g, ' ')),
      ...(isParameter(working.self) ? [working.self] : []),
      ...variables.map((each) => valueText(worthOf(each, working, scope))),
      // A way on which it has no value does not read it.
      ...temporaries.map((each) => working.temporaries.get(each) ?? '0'),
    ]
    return [passed.length === 0 ? name : `${name}(${passed.join(', ')})`]
  }

  #handedTo(at: number): {
    readonly variables: readonly Variable[]
    readonly temporaries: readonly Temporary[]
  } {
    const { variables, temporaries } = this.#handed[at] ?? { variables: [], temporaries: [] }
    if (this.#pen.record !== null) return { variables: [], temporaries }
    const initial = [...this.#pen.initial.keys()]
    return { variables: [...new Set([...initial, ...variables])], temporaries }
  }

  #define(at: number, name: string): void {
    if (this.#defined.has(at)) return
    this.#defined.add(at)
    const { self, record } = this.#pen
    const scope = this.#place(record === null ? '' : null)
    const { variables, temporaries } = this.#handedTo(at)
    const parameters = record === null ? [] : [scope.record]
    if (isParameter(self)) parameters.push(self)
    const named = <T extends { readonly name: string }>(things: readonly T[]) =>
      things.map((thing) => {
        const parameter = scope.names.fresh(thing.name)
        parameters.push(parameter)
        return [thing, parameter] as const
      })
    const values = named(variables).map(
      ([variable, base]) => [variable, { base, fixed: 0, updates: [] }] as const,
    )
    const working: Working = {
      variables: new Map(values),
      temporaries: new Map(named(temporaries)),
      self,
    }
    const blanks = parameters.map(() => '_').join(', ')
    this.#heads.push(parameters.length === 0 ? name : `${name}(${blanks})`)
    const lines = this.#tree(at, working, scope)
    const head = parameters.length === 0 ? name : `${name}(${parameters.join(', ')})`
    this.#definitions.push([`${head} ==`, ...hung('  ', lines)])
  }

  #tree(at: number, working: Working, scope: Place): Lines {
    const block = this.#prepared.body.blocks[at]
    if (block === undefined) throw new Error(`there is no block ${at}`)
    return this.#after(at, block.statements, working, scope, this.#pen.place)
  }

  #after(
    at: number,
    statements: readonly Statement[],
    working: Working,
    scope: Place,
    before: SourceNote | null,
  ): Lines {
    const [statement, ...others] = statements
    if (statement === undefined) return this.#end(at, working, scope)
    const note = statement.note ?? before
    const said = note === null || isSame(note, before) ? [] : [comment(noteText(note))]
    const rest = (next: Working) => this.#after(at, others, next, scope, note)
    const form = this.#pen.form(scope, scope.record)
    if (statement.kind === 'fault') {
      const { when, fault } = statement
      if (when.kind === 'constant' && !when.value) return rest(working)
      const why = comment(`${fault.kind ?? 'bound'}: ${fault.message}`)
      const ends = form.fault(fault)
      if (when.kind === 'constant') return [...said, why, ends]
      const { lets, working: named } = nameRead([when], working, scope)
      const test = testText(when, named, scope)
      return [...said, ...lets, why, ...branchLines(test, [ends], rest(named))]
    }
    if (statement.kind === 'select') {
      const { options, temporary } = statement
      const read = options.flatMap(({ when, value }) => [when, value])
      const { lets, working: named } = nameRead(read, working, scope)
      const values = optionsText(statement, named, scope)
      const name = scope.names.fresh(temporary.name)
      const picked = form.pick(name, values, rest(withTemporary(named, temporary, name)))
      return [...said, ...lets, ...picked]
    }
    const { lets, working: next } = reach([statement], working, scope)
    return [...said, ...lets, ...rest(next)]
  }

  #end(at: number, working: Working, scope: Place): Lines {
    const end = this.#prepared.body.blocks[at]?.end
    const form = this.#pen.form(scope, scope.record)
    switch (end?.kind) {
      case 'goto':
        return this.#jump(end.block, working, scope)
      case 'branch': {
        const { test } = end
        if (test.kind === 'constant') {
          return this.#jump(test.value ? end.then : end.otherwise, working, scope)
        }
        const { lets, working: named } = nameRead([test], working, scope)
        const then = this.#jump(end.then, named, scope)
        const otherwise = this.#jump(end.otherwise, named, scope)
        return [...lets, ...branchLines(testText(test, named, scope), then, otherwise)]
      }
      case 'either':
        return form.either(end.blocks.map((block) => this.#jump(block, working, scope)))
      default:
        return form.done(working)
    }
  }
}

function branchLines(test: string, then: Lines, otherwise: Lines): Lines {
  const [only = ''] = then
  const [last = ''] = otherwise
  if (then.length === 1) {
    const line = `IF ${test} THEN ${only} ELSE`
    if (otherwise.length === 1 && line.length + last.length < 90) return [`${line} ${last}`]
    if (line.length < 120) return [line, ...otherwise]
    return [`IF ${test}`, `THEN ${only} ELSE`, ...otherwise]
  }
  return [`IF ${test}`, ...hung('THEN ', then), ...hung('ELSE ', otherwise)]
}

/** The values that can be had. */
function optionsText(
  { options }: Extract<Statement, { readonly kind: 'select' }>,
  working: Working,
  scope: Scope,
): string {
  const always: string[] = []
  const sets: string[] = []
  for (const { when, value } of options) {
    const text = numText(value, working, scope)
    if (when.kind === 'constant') {
      if (when.value) always.push(text)
    } else sets.push(`(IF ${testText(when, working, scope)} THEN {${text}} ELSE {})`)
  }
  if (always.length > 0) sets.unshift(`{${always.join(', ')}}`)
  return sets.length === 0 ? '{}' : sets.join(' \\cup ')
}

const isSame = (left: SourceNote, right: SourceNote | null): boolean =>
  right !== null && left.file === right.file && left.line === right.line && left.text === right.text
