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
import type { Slot } from './expression.js'
import { binary, literal } from './fold.js'
import { unfold } from './lower-call.js'
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
    shrinkers: model.shrinkers,
    callbacks: [],
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
  const lowered = lowerProcesses(model.processes, shared)
  const body = (kind: CodeKind, span: Span, statements: readonly Statement[]): Code =>
    lowerCode(shared, kind, kind, span, 'thread', (b, env) => lowerBody(b, env, statements))
  const property = (one: Property) => ({
    name: one.name,
    span: one.span,
    code: body('property', one.span, one.body),
  })
  const init = model.init.map((statements) =>
    body('init', statements[0]?.span ?? { file: '', from: 0, to: 0 }, statements),
  )
  const { codes, processes } = withCallbacks(lowered, shared)
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
    init,
    invariants: model.invariants.map(property),
    finals: model.finals.map(property),
    covers: model.covers.map((cover): CoverCode => {
      let result = null as CoverCode['result'] | null
      const code = lowerCode(shared, 'property', cover.name, cover.span, 'thread', (b, env) => {
        result = lowerCondition(b, env, cover.condition)
        const slot = b.temporary('', { kind: 'bool' })
        b.emit({ kind: 'assign', slot, value: result })
        result = { kind: 'slot', slot }
      })
      return { name: cover.name, span: cover.span, code, result: result ?? never() }
    }),
    headlines: shared.headlines,
    ignored: shared.ignored,
    asked: new Set([...model.checks].filter(([, on]) => on).map(([kind]) => kind)),
    // A family without members is not there to be reached.
    lines: linesOf(codes.filter((_, at) => processes.some(({ code }) => code === at))),
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
    const from = family ? shared.types.constant(family.range.from) : 0
    const to = family ? shared.types.constant(family.range.to) : 0
    const context: ProcessInstance['context'] = process.context?.which ?? 'task'
    const instance = { declared: name, daemon, code: codes.length, context, on: null }
    codes.push(
      lowerCode(shared, 'process', name, process.span, kindOf(process), (b, env) => {
        if (family) b.family = { low: from, high: Math.max(from, to) }
        if (process.context) lowerHandler(b, env, process.body)
        else lowerBody(b, env, process.body)
      }),
    )
    if (family === null) {
      processes.push({ ...instance, name, family: null, callbacks: false })
      continue
    }
    for (let index = from; index <= to; index++) {
      processes.push({ ...instance, name: `${name}${index}`, family: index, callbacks: false })
    }
  }
  return { codes, processes: interrupting(declared, processes) }
}

/** Handlers told which process they interrupt. */
const interrupting = (
  declared: readonly Process[],
  processes: readonly ProcessInstance[],
): ProcessInstance[] =>
  processes.map((instance) => {
    const target = declared.find((each) => each.name === instance.declared)?.context?.on
    const on = processes.findIndex((each) => each.name === target)
    return on < 0 ? instance : { ...instance, on }
  })

/** Entering a handler is a step, together with what it waits for first: an interrupt that is not raised does not come. */
function lowerHandler(b: Builder, env: Environment, body: readonly Statement[]): void {
  const first = body[0]
  const waits = first?.kind === 'await' || first?.kind === 'atomic'
  b.inRegion('interrupt', () => {
    b.emit({ kind: 'interrupt' })
    if (waits && first) lowerBody(b, env, [first])
  })
  lowerBody(b, env, waits ? body.slice(1) : body)
}

/** The process that runs the callbacks of call_rcu (kernel/rcu/tree.c:rcu_do_batch), one at a time. */
function lowerCallbacks(shared: Shared): Code {
  const at = shared.callbacks[0]?.span ?? { file: '', from: 0, to: 0 }
  return lowerCode(shared, 'process', 'rcu', at, 'daemon', (b) => {
    const number = { kind: 'int', from: 0, to: 0, inferred: true } as const
    const head = b.reserve('head', number)
    const callback = b.reserve('callback', number)
    const objects: Slot[] = []
    b.emit({ kind: 'callback-begin', head, callback, objects })
    b.enterScope(head)
    b.enterScope(callback)
    const done = target()
    // A callback may queue another one, so there may be more of them at the end than now.
    for (let index = 0; index < shared.callbacks.length; index++) {
      const op = shared.callbacks[index]
      const parameter = op?.parameters[0]
      if (!op || !parameter) continue
      const object = b.reserve(parameter.name, shared.types.resolve(parameter.type))
      objects.push(object)
      b.enterScope(object)
      const here = target()
      const other = target()
      b.branch(binary('==', { kind: 'slot', slot: callback }, literal(index)), here, other)
      b.place(here)
      const inner = environment({ target: target(), slot: null })
      inner.bindings.set(parameter, { kind: 'slot', slot: object })
      const parameters = [{ name: parameter.name, slot: object, text: parameter.name }]
      b.at({ span: op.span, statement: op.span }, () =>
        b.frame(() => unfold(b, inner, op, parameters, op.span)),
      )
      b.goto(done)
      b.place(other)
    }
    b.place(done)
    b.emit({ kind: 'callback-end', head: { kind: 'slot', slot: head } })
  })
}

function withCallbacks(
  { codes, processes }: ReturnType<typeof lowerProcesses>,
  shared: Shared,
): ReturnType<typeof lowerProcesses> {
  if (shared.callbacks.length === 0) return { codes, processes }
  const runner: ProcessInstance = {
    name: 'rcu',
    declared: 'rcu',
    daemon: true,
    code: codes.length,
    family: null,
    context: 'softirq',
    on: null,
    callbacks: true,
  }
  return { codes: [...codes, lowerCallbacks(shared)], processes: [...processes, runner] }
}

type Kind = 'thread' | 'daemon' | 'handler' | 'handler daemon'
const kindOf = (process: Process): Kind => {
  if (process.context) return process.daemon ? 'handler daemon' : 'handler'
  return process.daemon ? 'daemon' : 'thread'
}

function lowerCode(
  shared: Shared,
  kind: CodeKind,
  name: string,
  span: Span,
  process: Kind,
  body: (b: Builder, env: Environment) => void,
): Code {
  const b = new Builder(shared, kind, span)
  const end = target()
  body(b, environment({ target: end, slot: null }))
  b.place(end)
  b.emit({ kind: 'end' })
  return assemble(b, name, span, {
    daemon: process.endsWith('daemon'),
    handler: process.startsWith('handler'),
  })
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
  // Most are one span many times over; naming each only once is what makes this quick.
  const statements = new Set<Span>()
  for (const code of codes) {
    for (const { site, kind } of code.instructions) {
      if (kind !== 'end' && kind !== 'enter' && kind !== 'leave') statements.add(site.statement)
    }
  }
  const found = new Map([...statements].map((one) => [`${one.file}:${one.from}:${one.to}`, one]))
  return [...found.values()].sort(
    (a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) || a.from - b.from || a.to - b.to,
  )
}
