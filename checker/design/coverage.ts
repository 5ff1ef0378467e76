import {
  type CheckedModel,
  designRows,
  type Expectation,
  matchExpectation,
  type Span,
  type Statement,
} from '../../spec/index.js'
import { ifsIn, lowers, type Nested, onlyFails, statementTree } from './coverage-statements.js'
import type { FileExercise } from './row-coverage.js'

/** A model of a run, with what each of its rows exercised. */
export interface CoveredModel {
  readonly model: CheckedModel
  readonly rows: readonly (readonly FileExercise[])[]
}

/** Something written in a model or a library that no row of any model of the run exercised. */
export interface Unexercised {
  readonly span: Span
  /** `body`: of an op or a process, none of it. `true`, `false`: the way a condition never went. `row`: of `expect`. */
  readonly what: 'body' | 'statement' | 'true' | 'false' | 'row'
  /** Of a body: `op folio_put`, `thread vmm`. */
  readonly title: string | null
}

/** One file, over the union of all rows of all models that have it. */
export interface FileCoverage {
  readonly file: string
  readonly statements: number
  readonly executed: number
  /** In the order of the text; what is inside of one is not told again. */
  readonly missing: readonly Unexercised[]
}

interface Body {
  readonly title: string
  /** Of its name, and of all its statements. */
  readonly span: Span
  readonly extent: Span
  readonly body: readonly Statement[]
}

/** What nothing exercised, file by file in the order of their names. */
export function coverageOf(models: readonly CoveredModel[]): readonly FileCoverage[] {
  const files = new Map<string, FileUnion>()
  const fileOf = ({ file }: Span): FileUnion => {
    const found = files.get(file) ?? new FileUnion(file)
    files.set(file, found)
    return found
  }
  for (const { model, rows } of models) {
    const bodies = bodiesOf(model)
    for (const body of bodies) fileOf(body.span).bodies.set(body.extent.from, body)
    for (const row of rows) {
      for (const exercise of row) files.get(exercise.file)?.add(exercise)
      const byFile = new Map(row.map((exercise) => [exercise.file, exercise]))
      for (const body of bodies) fileOf(body.span).addFolded(body, byFile.get(body.span.file))
    }
    for (const { span } of unmatched(model)) fileOf(span).rows.push(missed(span, 'row'))
  }
  return [...files.values()]
    .map((file) => file.coverage())
    .filter(({ statements, missing }) => statements > 0 || missing.length > 0)
    .sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0))
}

function bodiesOf(model: CheckedModel): readonly Body[] {
  const { ops, processes, shrinkers, init } = model
  return [
    ...ops.flatMap(({ name, span, body }) => bodyOf(`op ${name}`, span, body)),
    ...processes.flatMap(({ name, daemon, span, body }) =>
      bodyOf(`${daemon ? 'daemon' : 'thread'} ${name}`, span, body),
    ),
    ...shrinkers.flatMap(({ name, span, body }) => bodyOf(`shrinker ${name}`, span, body)),
    ...init.flatMap((body) => bodyOf('init', null, body)),
  ]
}

function bodyOf(title: string, span: Span | null, body: readonly Statement[]): readonly Body[] {
  const [first] = body
  const last = body.at(-1)
  if (first === undefined || last === undefined) return []
  const extent = { ...first.span, to: last.span.to }
  return [{ title, span: span ?? extent, extent, body }]
}

const missed = (
  span: Span,
  what: Unexercised['what'],
  title: string | null = null,
): Unexercised => ({
  span,
  what,
  title,
})

/** Rows of `expect` that no row of the design space comes to: earlier ones take them all, or no design is like that. */
function unmatched(model: CheckedModel): readonly Expectation[] {
  const matched = new Set(designRows(model).map((row) => matchExpectation(model, row)))
  return model.expectations.filter((each) => !matched.has(each))
}

interface Ways {
  then: boolean
  otherwise: boolean
}

class FileUnion {
  readonly bodies = new Map<number, Body>()
  readonly rows: Unexercised[] = []
  readonly #file: string
  readonly #executed = new Set<number>()
  readonly #ways = new Map<string, Ways>()

  constructor(file: string) {
    this.#file = file
  }

  add({ executed, branches }: FileExercise): void {
    for (const at of executed) this.#executed.add(at)
    for (const { from, to, then, otherwise } of branches) {
      const ways = this.#waysOf({ from, to })
      ways.then ||= then
      ways.otherwise ||= otherwise
    }
  }

  /** A condition that the design decides is no branch in this row, but it goes its one way. */
  addFolded({ extent, body }: Body, exercise: FileExercise | undefined): void {
    if (exercise === undefined || !exercise.executed.some((at) => isIn(at, extent))) return
    const branches = new Set(exercise.branches.map(({ from, to }) => `${from} ${to}`))
    for (const statement of ifsIn(body)) {
      if (branches.has(keyOf(statement.span))) continue
      const { then, otherwise } = statement
      const ways = this.#waysOf(statement.span)
      // Where nothing was made of either arm, nobody can tell which one it was.
      const hasThen = exercise.lowered.some((at) => isIn(at, then.span))
      if (hasThen || !lowers(then)) ways.then = true
      if (!hasThen || (otherwise !== null && !lowers(otherwise))) ways.otherwise = true
    }
  }

  #waysOf(span: Pick<Span, 'from' | 'to'>): Ways {
    const ways = this.#ways.get(keyOf(span)) ?? { then: false, otherwise: false }
    this.#ways.set(keyOf(span), ways)
    return ways
  }

  coverage(): FileCoverage {
    const bodies = [...this.bodies.values()]
    const all = bodies.flatMap(({ body }) => flat(statementTree(body)))
    const missing = [...bodies.flatMap((body) => this.#missingIn(body)), ...this.rows]
    return {
      file: this.#file,
      statements: all.length,
      executed: all.filter(({ statement }) => this.#isExecuted(statement.span)).length,
      missing: missing.sort((a, b) => a.span.from - b.span.from),
    }
  }

  #isExecuted(span: Span): boolean {
    for (const at of this.#executed) if (isIn(at, span)) return true
    return false
  }

  #missingIn({ title, span, body }: Body): Unexercised[] {
    const tree = statementTree(body)
    if (tree.length === 0) return []
    if (!tree.some(({ statement }) => this.#isExecuted(statement.span))) {
      return [missed(span, 'body', title)]
    }
    return tree.flatMap((each) => this.#missingFrom(each))
  }

  #missingFrom({ statement, inner }: Nested): Unexercised[] {
    const { span } = statement
    if (!this.#isExecuted(span)) return [missed(span, 'statement')]
    const found: Unexercised[] = []
    let left = inner
    if (statement.kind === 'if' || statement.kind === 'while') {
      const ways = this.#ways.get(keyOf(span)) ?? { then: true, otherwise: true }
      const gone = statement.kind === 'if' ? statement.then : statement.body
      // A violation that is never met is what holding means.
      if (!ways.then && !onlyFails(gone)) found.push(missed(span, 'true'))
      if (!ways.otherwise) found.push(missed(span, 'false'))
      // The way that was never gone stands for everything on it.
      if (!ways.then) left = left.filter((each) => !isIn(each.statement.span.from, gone.span))
      if (!ways.otherwise) left = left.filter((each) => isIn(each.statement.span.from, gone.span))
    }
    return [...found, ...left.flatMap((each) => this.#missingFrom(each))]
  }
}

const flat = (tree: readonly Nested[]): readonly Nested[] =>
  tree.flatMap((each) => [each, ...flat(each.inner)])

const keyOf = ({ from, to }: Pick<Span, 'from' | 'to'>): string => `${from} ${to}`

const isIn = (at: number, { from, to }: Pick<Span, 'from' | 'to'>): boolean => at >= from && at < to
