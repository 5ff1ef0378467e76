import type { Span } from '../source/span.js'
import { editBody } from './edit.js'
import { ConstantError, evaluate } from './evaluate.js'
import type { CheckedModel, Configuration, Process, Range, Statement } from './model.js'
import { walkStatements } from './walk.js'

/**
 * What of a scenario, the processes and the initial state that a design is put to, can be left out: a process, the call of
 * an op in a process or in `init`, all but one branch of an `either` or value of a `choose` in `init`. The design itself,
 * what ops do, stays whole. The parts are numbered by their place in the text, in every row alike.
 */
export type ScenarioPart = { readonly span: Span } & (
  | { readonly kind: 'process'; readonly name: string }
  | { readonly kind: 'call'; readonly op: string }
  | { readonly kind: 'either'; readonly branches: number }
  /** `values` are those of its range in this row; none where that is no constant. */
  | { readonly kind: 'choose'; readonly name: string; readonly values: readonly number[] }
)

/** A part that is left out, by its number; of an `either` or `choose` in `init`: the branch or the value that is kept. */
export interface LeftOut {
  readonly part: number
  readonly keep: number | null
}

export function scenarioParts(
  model: CheckedModel,
  configuration: Configuration,
): readonly ScenarioPart[] {
  const calls: ScenarioPart[] = []
  const choices: ScenarioPart[] = []
  const visit = (statement: Statement, isInit: boolean): void => {
    const { span } = statement
    if (statement.kind === 'evaluate' && statement.expression.kind === 'call') {
      calls.push({ kind: 'call', op: statement.expression.op.name, span })
    }
    if (!isInit) return
    if (statement.kind === 'either') {
      choices.push({ kind: 'either', branches: statement.branches.length, span })
    }
    if (statement.kind === 'choose') {
      const values = valuesIn(statement.range, configuration)
      choices.push({ kind: 'choose', name: statement.local.name, values, span })
    }
  }
  for (const { body } of model.processes) walkStatements(body, (each) => visit(each, false))
  for (const body of model.init) walkStatements(body, (each) => visit(each, true))
  const processes = model.processes.map(
    ({ name, span }): ScenarioPart => ({ kind: 'process', name, span }),
  )
  return [...processes, ...calls, ...choices]
}

function valuesIn({ from, to }: Range, configuration: Configuration): readonly number[] {
  try {
    const [low, high] = [evaluate(from, configuration), evaluate(to, configuration)]
    return Array.from({ length: Math.max(0, high - low + 1) }, (_, index) => low + index)
  } catch (problem) {
    if (!(problem instanceof ConstantError)) throw problem
    return []
  }
}

/** The model without some parts of its scenario; null when it has no such part. A handler goes with whom it interrupts. */
export function withoutParts(
  model: CheckedModel,
  configuration: Configuration,
  leftOut: readonly LeftOut[],
): CheckedModel | null {
  const parts = scenarioParts(model, configuration)
  const names = new Set<string>()
  const edited = new Map<string, number | null>()
  for (const { part, keep } of leftOut) {
    const found = parts[part]
    if (found === undefined || !canKeep(found, keep)) return null
    if (found.kind === 'process') names.add(found.name)
    else edited.set(keyOf(found.span), keep)
  }
  const edit = (statement: Statement): Statement => {
    const keep = edited.get(keyOf(statement.span))
    return keep === undefined ? statement : without(statement, keep)
  }
  const stays = ({ name, context }: Process): boolean =>
    !names.has(name) && (context === null || !names.has(context.on))
  return {
    ...model,
    init: model.init.map((body) => editBody(body, edit)),
    processes: model.processes
      .filter(stays)
      .map((process) => ({ ...process, body: editBody(process.body, edit) })),
  }
}

const canKeep = (part: ScenarioPart, keep: number | null): boolean => {
  if (part.kind === 'either') return keep !== null && keep >= 0 && keep < part.branches
  return part.kind === 'choose' ? keep !== null && part.values.includes(keep) : keep === null
}

const keyOf = ({ file, from, to }: Span): string => `${file}:${from}:${to}`

function without(statement: Statement, keep: number | null): Statement {
  const { span, annotation } = statement
  if (statement.kind === 'either') {
    return { kind: 'block', body: statement.branches[keep ?? 0] ?? [], span, annotation }
  }
  if (statement.kind === 'choose') {
    const { local } = statement
    const target = { kind: 'local', local, span, type: local.type } as const
    const value = { kind: 'literal', value: keep ?? 0, span, type: local.type } as const
    return { kind: 'assign', target, operator: null, value, span, annotation }
  }
  return statement.kind === 'evaluate' ? { kind: 'skip', span, annotation } : statement
}
