import { kinds } from '../analysis/kinds.js'
import type {
  CheckedModel,
  Configuration,
  Process,
  Property,
  Statement,
} from '../analysis/model.js'
import { hasErrors, type Outcome } from '../diagnostics/diagnostic.js'
import type { Span } from '../source/span.js'
import { assemble } from './assemble.js'
import { Builder, type CodeKind, instructionLimit, type Shared, TooLarge } from './builder.js'
import { type Environment, environment } from './environment.js'
import { tooLarge } from './errors.js'
import { lowerCondition, lowerValue } from './lower-expression.js'
import { lowerBody } from './lower-statement.js'
import { TypeResolver } from './resolve-type.js'
import type { Code, CoverCode, PoolStorage, ProcessInstance, TransitionSystem } from './system.js'
import { target } from './target.js'

/** The transition system of a model in one row of its design space. */
export function lower(
  model: CheckedModel,
  configuration: Configuration,
): Outcome<TransitionSystem> {
  const pools = new Map(model.pools.map((pool, at) => [pool, at]))
  const types = new TypeResolver(configuration, pools)
  const headlines = new Map<string, string>([...Object.entries(kinds), ...model.violations])
  const ignored = new Set([...model.checks].filter(([, on]) => !on).map(([kind]) => kind))
  const shared: Shared = {
    types,
    variables: new Map(model.variables.map((variable, at) => [variable, at])),
    pools,
    ops: new Map(model.ops.map((op) => [op.name, op])),
    ignored,
    headlines,
    diagnostics: types.diagnostics,
    text: (span) => oneLine(model.sources.get(span.file)?.excerpt(span) ?? ''),
    nextCall: 0,
    lowerValue,
    lowerBody,
  }
  try {
    const system = lowerAll(model, shared)
    const failed = hasErrors(shared.diagnostics)
    return { result: failed ? null : system, diagnostics: shared.diagnostics }
  } catch (problem) {
    if (!(problem instanceof TooLarge)) throw problem
    const at = model.processes[0]?.span ?? { file: '', from: 0, to: 0 }
    return { result: null, diagnostics: [...shared.diagnostics, tooLarge(at, instructionLimit)] }
  }
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim()

function lowerAll(model: CheckedModel, shared: Shared): TransitionSystem {
  const { types } = shared
  const { codes, processes } = lowerProcesses(model.processes, shared)
  const body = (kind: CodeKind, span: Span, statements: readonly Statement[]): Code =>
    lowerCode(shared, kind, kind, span, false, (b, env) => lowerBody(b, env, statements))
  const property = (one: Property) => ({
    name: one.name,
    span: one.span,
    code: body('property', one.span, one.body),
  })
  return {
    name: model.name,
    sources: model.sources,
    shared: model.variables.map((variable) => {
      const type = types.resolve(variable.type)
      const initial = types.initial(type, variable.type, variable.initial)
      return { name: variable.name, span: variable.span, type, initial }
    }),
    pools: lowerPools(model, shared, processes.length),
    codes,
    processes,
    init: model.init.map((statements) =>
      body('init', statements[0]?.span ?? { file: '', from: 0, to: 0 }, statements),
    ),
    invariants: model.invariants.map(property),
    finals: model.finals.map(property),
    covers: model.covers.map((cover): CoverCode => {
      let result = null as CoverCode['result'] | null
      const code = lowerCode(shared, 'property', cover.name, cover.span, false, (b, env) => {
        result = lowerCondition(b, env, cover.condition)
        const slot = b.temporary('', { kind: 'bool' })
        b.emit({ kind: 'assign', slot, value: result })
        result = { kind: 'slot', slot }
      })
      return { name: cover.name, span: cover.span, code, result: result ?? never() }
    }),
    headlines: shared.headlines,
    ignored: shared.ignored,
    lines: linesOf(codes),
  }
}

const never = (): never => {
  throw new Error('unreachable')
}

function lowerProcesses(
  declared: readonly Process[],
  shared: Shared,
): { codes: readonly Code[]; processes: readonly ProcessInstance[] } {
  const codes: Code[] = []
  const processes: ProcessInstance[] = []
  for (const process of declared) {
    const { name, daemon, family } = process
    const code = codes.length
    const from = family ? shared.types.constant(family.range.from) : 0
    const to = family ? shared.types.constant(family.range.to) : 0
    codes.push(
      lowerCode(shared, 'process', name, process.span, daemon, (b, env) => {
        if (family) b.family = { low: from, high: Math.max(from, to) }
        lowerBody(b, env, process.body)
      }),
    )
    if (family === null) {
      processes.push({ name, declared: name, daemon, code, family: null })
      continue
    }
    for (let index = from; index <= to; index++) {
      processes.push({ name: `${name}${index}`, declared: name, daemon, code, family: index })
    }
  }
  return { codes, processes }
}

function lowerCode(
  shared: Shared,
  kind: CodeKind,
  name: string,
  span: Span,
  daemon: boolean,
  body: (b: Builder, env: Environment) => void,
): Code {
  const b = new Builder(shared, kind, span)
  const end = target()
  body(b, environment({ target: end, slot: null }))
  b.place(end)
  b.emit({ kind: 'end' })
  return assemble(b, name, span, daemon)
}

function lowerPools(
  model: CheckedModel,
  shared: Shared,
  processes: number,
): readonly PoolStorage[] {
  const { types } = shared
  const bases = new Map<string, number>()
  return model.pools.map((pool): PoolStorage => {
    const tasks = pool.size === null
    const size = pool.size === null ? processes : types.size(pool.size, `pool ${pool.name}`)
    const base = bases.get(pool.struct.name) ?? 0
    bases.set(pool.struct.name, base + size)
    const type = types.struct(pool.struct)
    return {
      name: pool.name,
      span: pool.span,
      size,
      safety: tasks ? 'tasks' : pool.safety,
      type,
      initial: types.fields(type, pool.struct),
      initialised: pool.struct.members
        .filter((member) => member.initial !== null)
        .map((member) => member.name),
      base,
    }
  })
}

/** Every statement of the processes, each once, in the order of the text. */
function linesOf(codes: readonly Code[]): readonly Span[] {
  const found = new Map<string, Span>()
  for (const code of codes) {
    for (const { site, kind } of code.instructions) {
      if (kind === 'end' || kind === 'enter' || kind === 'leave') continue
      const { statement } = site
      found.set(`${statement.file}:${statement.from}:${statement.to}`, statement)
    }
  }
  return [...found.values()].sort(
    (a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) || a.from - b.from || a.to - b.to,
  )
}
