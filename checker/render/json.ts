import { createHash } from 'node:crypto'
import type { Span, TransitionSystem, Trap, ValueType } from '../../spec/index.js'
import type { SearchResult } from '../search/verdict.js'
import { processName } from '../trace/changes.js'
import { sourcePlace, sourceText } from '../trace/place.js'
import type { SourcePlace } from '../trace/trace.js'
import { statementText } from './statement-text.js'

type Violation = SearchResult['violations'][number]

export const verdictFormat = 'gmemcheck-verdict/1'

/** Values of params and design choices by name: numbers, booleans, enumerators by name. */
export type Settings = Readonly<Record<string, string | number | boolean>>

export interface ViolationDocument {
  readonly kind: string
  readonly message: string
  readonly at: SourcePlace
  readonly process: string | null
  /** The same for violations with one cause: kind, op and statement, not line numbers. */
  readonly signature: string
  /** Of `--all`, which tells one cause from another: who takes part, how often it was met, and the smallest run to it. */
  readonly processes?: readonly string[]
  readonly count?: number
  readonly trace?: TraceDocument
}

export interface TraceDocument {
  readonly steps: number
  readonly switches: number
  readonly minimal: boolean
  /** Where it was written to, or null. */
  readonly file: string | null
  readonly token: string
}

/** The verdict of one row as other tools read it. `spec/schema/verdict.schema.json` describes it. */
export interface VerdictDocument {
  readonly format: typeof verdictFormat
  readonly model: string
  readonly file: string
  readonly modelHash: string
  readonly params: Settings
  readonly design: Settings
  /** What of the scenario was left out, where it was shrunk; `params` and the search are those of what is left. */
  readonly leftOut?: readonly string[]
  readonly verdict: 'holds' | 'violated' | 'incomplete'
  /** What ended the search early; also of a search that had found a violation by then. */
  readonly limit?: string
  readonly limitMessage?: string
  readonly violation?: ViolationDocument
  readonly trace?: TraceDocument
  readonly violations: readonly ViolationDocument[]
  readonly bounds: {
    readonly params: Settings
    readonly pools: Readonly<Record<string, number>>
    readonly ranges: Readonly<Record<string, string>>
    readonly memoryModel: 'sequential consistency'
  }
  readonly search: {
    readonly exhaustive: boolean
    readonly distinctStates: number
    readonly generatedStates: number
    readonly depth: number
    readonly exact: boolean
    readonly omissionProbability: number
    readonly workers: number
    readonly engine: 'reference' | 'compiled'
    readonly reductions: readonly string[]
    /** Those that were not made, or not everywhere. */
    readonly refused?: readonly { readonly name: string; readonly reason: string }[]
    readonly seconds: number
    readonly stateBits: number
    readonly peakBytes: number
  }
  readonly coverage: {
    readonly unreached: readonly UnreachedLine[]
    readonly uncovered: readonly string[]
  }
  /** Of random walks; then nothing was searched to its end. */
  readonly simulation?: {
    readonly seed: number
    readonly walks: number
    readonly atRest: number
    readonly cut: number
    readonly steps: number
  }
}

export interface UnreachedLine {
  readonly file: string
  readonly line: number
  readonly text: string
}

/** Everything the document is made of. */
export interface VerdictParts {
  readonly system: TransitionSystem
  readonly file: string
  readonly modelHash: string
  readonly params: Settings
  readonly design: Settings
  readonly leftOut: readonly string[]
  readonly result: SearchResult
  /** Of the violations that are shown. */
  readonly traces: ReadonlyMap<Violation, { readonly file: string | null; readonly token: string }>
  readonly engine: 'reference' | 'compiled'
}

/** The document of one search. */
export function verdictDocument(parts: VerdictParts): VerdictDocument {
  const { system, result, traces } = parts
  const { limit, violation, statistics } = result
  const { exhaustive, distinctStates, generatedStates, depth } = statistics
  const runOf = (each: Violation) => runDocument(result, each, traces.get(each))
  const shown = violation === null ? undefined : runOf(violation)
  return {
    format: verdictFormat,
    model: system.name,
    file: parts.file,
    modelHash: parts.modelHash,
    params: parts.params,
    design: parts.design,
    ...(parts.leftOut.length === 0 ? {} : { leftOut: parts.leftOut }),
    verdict: result.verdict,
    ...(limit === null ? {} : { limit: limit.name, limitMessage: limit.message }),
    ...(violation === null ? {} : { violation: violationDocument(system, violation) }),
    ...(shown === undefined ? {} : { trace: shown }),
    violations: result.violations.map((each) => ({
      ...violationDocument(system, each),
      ...(traces.size > 1 || each.count !== undefined ? causeDocument(each, runOf(each)) : {}),
    })),
    bounds: { params: parts.params, ...boundsOf(system), memoryModel: 'sequential consistency' },
    search: {
      exhaustive,
      distinctStates,
      generatedStates,
      depth,
      exact: true,
      omissionProbability: 0,
      workers: statistics.workers,
      engine: parts.engine,
      reductions: result.shortcuts.used,
      ...(result.shortcuts.refused.length === 0 ? {} : { refused: result.shortcuts.refused }),
      seconds: Math.round(statistics.seconds * 1000) / 1000,
      stateBits: statistics.stateBits,
      peakBytes: statistics.peakBytes,
    },
    coverage: {
      unreached: unreachedLines(system, result.executed),
      uncovered: result.uncovered.map((index) => system.covers[index]?.name ?? String(index)),
    },
  }
}

/** The run to a violation; none where it is not written down. */
function runDocument(
  { shortcuts }: SearchResult,
  { depth, switches }: Violation,
  trace: { readonly file: string | null; readonly token: string } | undefined,
): TraceDocument | undefined {
  if (trace === undefined) return undefined
  // Levels of single steps, completed one after the other: the first one is the nearest.
  return { steps: depth, switches, minimal: shortcuts.isShortest, ...trace }
}

function causeDocument(
  { participants, count }: Violation,
  trace: TraceDocument | undefined,
): Pick<ViolationDocument, 'processes' | 'count' | 'trace'> {
  return {
    ...(participants === undefined ? {} : { processes: participants }),
    ...(count === undefined ? {} : { count }),
    ...(trace === undefined ? {} : { trace }),
  }
}

function violationDocument(system: TransitionSystem, violation: Violation): ViolationDocument {
  const { trap } = violation
  return {
    kind: violation.kind,
    message: trap.message,
    at: sourcePlace(system, trap.at),
    process: trap.process === null ? null : processName(system, trap.process),
    signature: signature(system, trap),
  }
}

/** The same for violations with one cause: made of kind, op and statement, not of line numbers. */
export function signature(system: TransitionSystem, trap: Trap): string {
  const text = sourceText(system, trap.site?.statement ?? trap.at)
  const cause = [trap.kind, trap.site?.call.op ?? '', text].join('\0')
  return createHash('sha256').update(cause).digest('hex').slice(0, 12)
}

/** Sizes of pools and declared ranges: what `holds` is relative to. */
export function boundsOf(system: TransitionSystem): {
  pools: Record<string, number>
  ranges: Record<string, string>
} {
  const pools: Record<string, number> = {}
  const ranges: Record<string, string> = {}
  const walk = (name: string, type: ValueType): void => {
    if (type.kind === 'int' && !type.inferred) ranges[name] = `${type.from}..${type.to}`
    if (type.kind === 'array') walk(name, type.of)
    if (type.kind === 'struct') {
      for (const field of type.fields) walk(`${name}.${field.name}`, field.type)
    }
  }
  for (const variable of system.shared) walk(variable.name, variable.type)
  for (const pool of system.pools) {
    if (pool.safety !== 'tasks') pools[pool.name] = pool.size
    walk(pool.safety === 'tasks' ? 'task' : pool.name, pool.type)
  }
  return { pools, ranges }
}

/** Statements of the model that this search never executed; what is inside of one is not told again. */
export function unreachedLines(
  system: TransitionSystem,
  executed: readonly Uint8Array[],
): UnreachedLine[] {
  const reached = new Map<string, Set<number>>()
  system.codes.forEach((code, index) => {
    code.instructions.forEach((instruction, location) => {
      if (!executed[index]?.[location]) return
      const { statement, span } = instruction.site
      for (const each of [statement, span]) {
        const known = reached.get(each.file)
        if (known === undefined) reached.set(each.file, new Set([each.from]))
        else known.add(each.from)
      }
    })
  })
  const begins = new Map([...reached].map(([file, places]) => [file, [...places]]))
  const isReached = (line: Span) =>
    begins.get(line.file)?.some((from) => from >= line.from && from < line.to) ?? false
  const missed = system.lines.filter((line) => !isReached(line))
  const isInner = (line: Span) =>
    missed.some((other) => other !== line && contains(other, line) && !contains(line, other))
  const found = new Map<string, UnreachedLine>()
  for (const line of missed) {
    const place = sourcePlace(system, line)
    const text = statementText(sourceText(system, line))
    // That a `fail` was never executed is what holding means.
    if (isInner(line) || /^fail\b/.test(text)) continue
    found.set(`${place.file}:${place.line}:${text}`, { file: place.file, line: place.line, text })
  }
  return [...found.values()].sort(
    (a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) || a.line - b.line,
  )
}

const contains = (outer: Span, inner: Span): boolean =>
  outer.file === inner.file && outer.from <= inner.from && outer.to >= inner.to
