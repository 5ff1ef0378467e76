import type { LeftOut, Threat } from '../../spec/index.js'
import type { Step, Trail } from '../engine/engine.js'
import { sourcePlace, sourceText } from './place.js'
import type { Change, SourcePlace, Trace, TraceStep } from './trace.js'

export const traceFormat = 'gmemcheck-trace/1'

/** A change as the file tells it. */
export interface WrittenChange {
  readonly place: string
  readonly before: string
  readonly after: string
}

/** A step as the file tells it. */
export interface WrittenStep {
  readonly index: number
  readonly process: string
  /** The innermost op, or null in the body of a process. */
  readonly op: string | null
  /** The kernel function the model names for it, or null. */
  readonly function: string | null
  readonly at: SourcePlace
  readonly text: string
  readonly changes: readonly WrittenChange[]
}

export interface WrittenOperand {
  readonly place: string
  readonly value: string
  /** The step that wrote it last; null: the initial state. */
  readonly lastWriter: {
    readonly step: number
    readonly process: string
    readonly line: number
  } | null
}

export interface WrittenLeftOut extends LeftOut {
  readonly what: string
}

/** The content of a `.trace.json` file, version 1. `spec/schema/trace.schema.json` describes it. */
export interface TraceFile {
  readonly format: typeof traceFormat
  readonly model: string
  readonly files: readonly string[]
  readonly modelHash: string
  readonly params: Readonly<Record<string, string | number | boolean>>
  readonly design: Readonly<Record<string, string | number | boolean>>
  /** What of the scenario was left out, by its number and in words; missing: nothing. */
  readonly leftOut?: readonly WrittenLeftOut[]
  readonly token: string
  readonly violation: {
    readonly kind: string
    readonly headline: string
    readonly message: string
    readonly at: SourcePlace
    readonly process: string | null
    /** The last step itself fails; else the state it leads to is wrong. */
    readonly byStep: boolean
    readonly operands: readonly WrittenOperand[]
    readonly waits: readonly {
      readonly process: string
      readonly for: string
      readonly heldBy: readonly string[]
    }[]
    /** Of a report about several processes: what each was about to do, and where. */
    readonly involved?: readonly {
      readonly process: string
      readonly what: string
      readonly at: SourcePlace
    }[]
    /** Of a circle of lock orders: whether the deadlock itself was met, and after how many steps. */
    readonly threat?: Threat
  }
  readonly length: {
    readonly steps: number
    readonly switches: number
    /** The number of steps is proved to be the least possible. */
    readonly minimal: boolean
  }
  readonly processes: readonly string[]
  readonly trail: {
    readonly initial: readonly number[]
    readonly steps: readonly Step[]
    readonly loop: readonly Step[]
  }
  readonly steps: readonly WrittenStep[]
  readonly loop: readonly WrittenStep[]
}

/** What the trace itself does not know. */
export interface TraceContext {
  readonly modelHash: string
  readonly token: string
  readonly params: TraceFile['params']
  readonly design: TraceFile['design']
  readonly minimal: boolean
  readonly leftOut: readonly WrittenLeftOut[]
}

/** `mem_map[0]._refcount`. */
export const fullPlace = (change: Pick<Change, 'object' | 'name'>): string =>
  change.object === null
    ? change.name
    : change.name === ''
      ? change.object
      : `${change.object}.${change.name}`

/** The file of a trace. The same trace always gives the same text. */
export function traceFile(trace: Trace, context: TraceContext): TraceFile {
  const { system } = trace
  const name = (process: number) => system.processes[process]?.name ?? 'init'
  return {
    format: traceFormat,
    model: system.name,
    files: [...system.sources.keys()],
    modelHash: context.modelHash,
    params: context.params,
    design: context.design,
    ...(context.leftOut.length === 0 ? {} : { leftOut: context.leftOut }),
    token: context.token,
    violation: {
      kind: trace.kind,
      headline: trace.headline,
      message: trace.trap.message,
      at: sourcePlace(system, trace.trap.at),
      process: trace.trap.process === null ? null : name(trace.trap.process),
      byStep: trace.trap.site !== null,
      operands: trace.operands.map((operand) => ({
        place: fullPlace(operand),
        value: operand.value,
        lastWriter:
          operand.writer === null
            ? null
            : {
                step: operand.writer.index,
                process: name(operand.writer.process),
                line: sourcePlace(system, operand.writer.site.span).line,
              },
      })),
      waits: trace.waits.map((wait) => ({
        process: name(wait.process),
        for: `${wait.what} ${wait.place}`.trim(),
        heldBy: wait.holders.map(name),
      })),
      ...(trace.trap.involved === undefined
        ? {}
        : {
            involved: trace.trap.involved.map(({ process, what, site }) => {
              return { process: name(process), what, at: sourcePlace(system, site.span) }
            }),
          }),
      ...(trace.trap.threat === undefined ? {} : { threat: trace.trap.threat }),
    },
    length: { steps: trace.steps.length, switches: trace.switches, minimal: context.minimal },
    processes: system.processes.map((process) => process.name),
    trail: {
      initial: trace.trail.initial,
      steps: trace.trail.steps.map(plainStep),
      loop: trace.loop.map(plainStep),
    },
    steps: trace.steps.map((step) => writtenStep(trace, step)),
    loop: trace.loop.map((step) => writtenStep(trace, step)),
  }
}

const plainStep = ({ process, choices }: Step): Step => ({ process, choices })

function writtenStep(trace: Trace, step: TraceStep): WrittenStep {
  const { system } = trace
  return {
    index: step.index,
    process: system.processes[step.process]?.name ?? '',
    op: step.site.call.op,
    function: step.site.annotation ?? step.site.call.annotation,
    at: sourcePlace(system, step.site.span),
    text: sourceText(system, step.site.span),
    changes: step.changes.map((change) => ({
      place: fullPlace(change),
      before: change.before,
      after: change.after,
    })),
  }
}

/** The text of a trace file: one step a line, so that two of them can be compared by eye and by diff. */
export function writeTraceFile(file: TraceFile): string {
  const { steps, loop, trail, ...head } = file
  const lines = JSON.stringify(head, null, 2).slice(0, -2)
  const rows = (items: readonly unknown[]) =>
    items.length === 0
      ? '[]'
      : `[\n${items.map((item) => `    ${JSON.stringify(item)}`).join(',\n')}\n  ]`
  return `${lines},
  "trail": {
    "initial": ${JSON.stringify(trail.initial)},
    "steps": ${JSON.stringify(trail.steps)},
    "loop": ${JSON.stringify(trail.loop)}
  },
  "steps": ${rows(steps)},
  "loop": ${rows(loop)}
}
`
}

/** A trace file read back, or the reason why it cannot be. */
export type ReadTrace =
  | { readonly file: TraceFile; readonly refusal: null }
  | { readonly file: null; readonly refusal: string }

/** Reads and validates the text of a trace file: what follows may trust every field. */
export function readTraceFile(text: string): ReadTrace {
  const refuse = (refusal: string): ReadTrace => ({ file: null, refusal })
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch {
    const found = /"format"\s*:\s*"([^"]*)"/.exec(text)?.[1]
    return refuse(
      found === traceFormat
        ? 'the trace file is truncated or damaged: it is not valid JSON'
        : 'this is not a gmemcheck trace: it is not valid JSON',
    )
  }
  if (!isObject(content)) return refuse('this is not a gmemcheck trace: it is not a JSON object')
  const { format } = content
  if (typeof format !== 'string' || !format.startsWith('gmemcheck-')) {
    return refuse('this is not a gmemcheck trace: it has no "format": "gmemcheck-trace/1"')
  }
  if (format !== traceFormat) {
    return refuse(`the format is ${format}; this version reads ${traceFormat}`)
  }
  const problem = shapeProblem(content)
  if (problem !== null) return refuse(`the trace file is damaged: ${problem}`)
  return { file: content as unknown as TraceFile, refusal: null }
}

type Json = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isIndex = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value)
const isStep = (value: unknown): boolean =>
  isObject(value) &&
  isIndex(value.process) &&
  Array.isArray(value.choices) &&
  value.choices.every(isIndex)
const isLeftOut = (value: unknown): boolean =>
  isObject(value) && isIndex(value.part) && (value.keep === null || isIndex(value.keep))
const isPlace = (value: unknown): boolean =>
  isObject(value) && typeof value.file === 'string' && isIndex(value.line) && isIndex(value.column)
const isSetting = (value: unknown): boolean =>
  typeof value === 'string' || typeof value === 'boolean' || isIndex(value)

/** What the replay relies on; null when all is there and fits together. */
function shapeProblem(content: Json): string | null {
  for (const field of ['model', 'modelHash', 'token']) {
    if (typeof content[field] !== 'string') return `"${field}" is missing or no text`
  }
  const { files } = content
  if (!Array.isArray(files) || files.length === 0 || !files.every((f) => typeof f === 'string')) {
    return '"files" is missing or malformed'
  }
  for (const field of ['params', 'design']) {
    const settings = content[field]
    if (!isObject(settings) || !Object.values(settings).every(isSetting)) {
      return `"${field}" is missing or malformed`
    }
  }
  const { leftOut = [] } = content
  if (!Array.isArray(leftOut) || !leftOut.every(isLeftOut)) return '"leftOut" is malformed'
  const { violation, trail, steps, loop, processes, length } = content
  if (
    !isObject(violation) ||
    typeof violation.kind !== 'string' ||
    typeof violation.byStep !== 'boolean' ||
    !isPlace(violation.at) ||
    !(violation.process === null || typeof violation.process === 'string')
  ) {
    return '"violation" is missing or malformed'
  }
  if (!isObject(length) || typeof length.minimal !== 'boolean') return '"length" is missing'
  if (!Array.isArray(processes) || !processes.every((name) => typeof name === 'string')) {
    return '"processes" is missing or malformed'
  }
  if (!isObject(trail) || !Array.isArray(trail.initial) || !trail.initial.every(isIndex)) {
    return '"trail" is missing or malformed'
  }
  for (const field of ['steps', 'loop']) {
    const list = trail[field]
    if (!Array.isArray(list) || !list.every(isStep)) return `"trail.${field}" is malformed`
  }
  const counts: readonly (readonly [string, unknown, unknown])[] = [
    ['steps', trail.steps, steps],
    ['loop', trail.loop, loop],
  ]
  for (const [field, schedule, shown] of counts) {
    if (!Array.isArray(shown) || shown.length !== (schedule as unknown[]).length) {
      return `"${field}" and "trail.${field}" do not have the same length`
    }
  }
  return null
}

/** The trail of a trace file. */
export const trailOf = (file: TraceFile): Trail => ({
  initial: file.trail.initial,
  steps: file.trail.steps,
})
