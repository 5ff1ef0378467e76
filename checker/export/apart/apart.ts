import { Refused } from '../elaborate/catalogue.js'
import type {
  Action,
  Block,
  Body,
  Check,
  CodeNote,
  End,
  Index,
  Procedure,
  Program,
  Refusal,
  SourceNote,
  Statement,
  Temporary,
} from '../program.js'
import { Alike } from './alike.js'
import { Parts } from './parts.js'
import { statementsOf } from './statements.js'
import { type Names, testOf } from './terms.js'

/** A program that calls no instance of a symmetric family by its number. */
export interface Apart {
  readonly program: Program
  readonly families: readonly CodeNote[]
  /**
   * Bodies that hold for any names of the instances: to be run once for each way to give these indexes values of
   * which those of one family all differ. That of `init` begins from the initial values every time.
   */
  readonly members: ReadonlyMap<Body, readonly Index[]>
}

/**
 * What belongs to the instances of families that differ in nothing, apart from everything else: arrays over such a family
 * alone, loops over it alone, and instead of a number of an owner, for each instance whether it is the one. Then
 * instances are only ever compared for equality and used as an index, which is what scalarsets allow (Ip and Dill 1996).
 */
export function apart(
  program: Program,
): { readonly apart: Apart } | { readonly refusals: readonly Refusal[] } {
  const families = program.codes.filter(({ symmetric, first, last }) => symmetric && first < last)
  if (families.length === 0) {
    const reasons = program.codes.flatMap(({ different }) => different ?? [])
    const none = { construct: 'a scalarset without a family of two or more', place: null }
    return { refusals: reasons.length > 0 ? reasons : [none] }
  }
  try {
    return { apart: new Splitter(program, families).split() }
  } catch (problem) {
    if (!(problem instanceof Refused)) throw problem
    return { refusals: [problem.refusal] }
  }
}

class Splitter {
  readonly #program: Program
  readonly #families: readonly CodeNote[]
  readonly #parts: Parts
  readonly #alike: Alike
  readonly #procedures: Procedure[] = []
  readonly #known = new Map<Procedure, Map<number | null, Procedure>>()
  readonly #members = new Map<Body, readonly Index[]>()

  constructor(program: Program, families: readonly CodeNote[]) {
    this.#program = program
    this.#families = families
    this.#parts = new Parts(families, program.variables)
    this.#alike = new Alike(families)
  }

  split(): Apart {
    const { codes, variables, checks, rest, init, actions } = this.#program
    for (const { name, initial } of variables) {
      const isSplit = !this.#parts.variables.some((one) => one.name === name)
      if (isSplit && typeof initial !== 'number') {
        throw new Refused(`${name}, which does not begin with the same for all`, null)
      }
    }
    const program: Program = {
      ...this.#program,
      variables: this.#parts.variables,
      procedures: this.#procedures,
      init: this.#anonymous(init),
      actions: actions.map((action) => this.#action(action, codes[action.code])),
      checks: checks.map((check) => this.#check(check)),
      rest: {
        condition: testOf(this.#alike.test(rest.condition), this.#names(null, null)),
        checks: rest.checks.map((check) => this.#check(check)),
        stuck: rest.stuck,
      },
    }
    return { program, families: this.#families, members: this.#members }
  }

  #names(self: Names['self'], place: SourceNote | null): Names {
    const fresh = { indexes: new Map(), temporaries: new Map() }
    return { parts: this.#parts, self, member: null, ...fresh, place }
  }

  #action(action: Action, code: CodeNote | undefined): Action {
    if (code === undefined) throw new Error(`${action.name} belongs to no code`)
    const family = this.#parts.familyOf(code.first)
    const self = { family, num: { kind: 'self' }, example: code.first } as const
    const names = this.#names(self, action.place)
    const enabled = testOf(this.#alike.test(action.enabled), names)
    return { ...action, enabled, body: this.#body(action.body, names) }
  }

  #check(check: Check): Check {
    return { name: check.name, body: this.#anonymous(check.body) }
  }

  /** A body in which nobody moves: whoever is called by a number has a name that could be anybody's. */
  #anonymous(body: Body): Body {
    const known = new Map<number, Index>()
    const member = (process: number, { first, last }: CodeNote): Index => {
      const name = this.#program.processes[process]?.name ?? `p${process}`
      const index = known.get(process) ?? { name, from: first, to: last, over: 'process' }
      known.set(process, index)
      return index
    }
    const made = this.#body(body, { ...this.#names(null, null), member })
    if (known.size > 0) this.#members.set(made, [...known.values()])
    return made
  }

  #body(body: Body, names: Names): Body {
    return { ...body, blocks: body.blocks.map((block) => this.#block(block, names)) }
  }

  #block({ statements, end }: Block, names: Names): Block {
    return {
      statements: this.#statements(statements, names),
      end: this.#end(end, { ...names, place: statements.at(-1)?.note ?? names.place }),
    }
  }

  #end(end: End, names: Names): End {
    return end.kind === 'branch' ? { ...end, test: testOf(this.#alike.test(end.test), names) } : end
  }

  #statements(statements: readonly Statement[], names: Names): readonly Statement[] {
    return statementsOf(this.#alike.statements(statements), names, (procedure, self) => {
      const mover = usesSelf(procedure) ? self : null
      return { procedure: this.#procedure(procedure, mover), isTold: mover?.family != null }
    })
  }

  /** Whoever moves is a parameter where it is of a family: a scalarset is no number. */
  #procedure(procedure: Procedure, self: Names['self']): Procedure {
    const known = this.#known.get(procedure) ?? new Map<number | null, Procedure>()
    this.#known.set(procedure, known)
    const found = known.get(self?.example ?? null)
    if (found !== undefined) return found
    const parameters = [...procedure.parameters]
    let inside = self
    if (self !== null && self.family !== null) {
      const { first, last } = self.family
      const temporary: Temporary = { name: 'mover', from: first, to: last, holds: 'process' }
      parameters.unshift(temporary)
      inside = { ...self, num: { kind: 'temporary', temporary } }
    }
    const statements = this.#statements(procedure.statements, this.#names(inside, null))
    const made: Procedure = { name: procedure.name, parameters, statements }
    known.set(self?.example ?? null, made)
    this.#procedures.push(made)
    return made
  }
}

/** Whether it asks who moves, itself or by what it calls. */
const usesSelf = (part: object): boolean =>
  ('kind' in part && part.kind === 'self') ||
  Object.values(part).some((one) => typeof one === 'object' && one !== null && usesSelf(one))
