import {
  analyse,
  type CheckedModel,
  type Diagnostic,
  type LoadedFiles,
  loadModel,
  type ReadResult,
  SourceText,
  withText,
} from '../../spec/index.js'

/** Reads a path as written in a file (null: on the command line). */
export type Reader = (path: string, from: string | null) => ReadResult

/** A model, or why there is none; with all texts that were read, for the frames of its diagnostics. */
export interface ReadModel {
  readonly model: CheckedModel | null
  /** Its files as trees, for whoever changes them. */
  readonly loaded: LoadedFiles | null
  readonly diagnostics: readonly Diagnostic[]
  readonly sources: ReadonlyMap<string, SourceText>
  /** What was read, so that another thread can read the same without touching files. */
  readonly recorded: RecordedReads
}

/** Answers of a reader by question. Plain data. */
export type RecordedReads = readonly (readonly [question: string, answer: ReadResult])[]

const question = (path: string, from: string | null): string => `${from ?? ''}\0${path}`

/** Loads and analyses the model at a path; `added`: declarations from elsewhere, as if they were its last. */
export function readModel(path: string, read: Reader, added: SourceText | null = null): ReadModel {
  const sources = new Map<string, SourceText>()
  const recorded = new Map<string, ReadResult>()
  const recording: Reader = (written, from) => {
    const known = recorded.get(question(written, from))
    const answer = known ?? read(written, from)
    recorded.set(question(written, from), answer)
    if (answer.kind === 'text' && !sources.has(answer.path)) {
      sources.set(answer.path, new SourceText(answer.path, answer.text))
    }
    return answer
  }
  let loaded = loadModel(path, recording)
  if (added !== null && loaded.result !== null) {
    sources.set(added.path, added)
    loaded = withText(loaded.result, added)
  }
  const done = { sources, recorded: [...recorded], loaded: loaded.result }
  if (loaded.result === null) return { model: null, diagnostics: loaded.diagnostics, ...done }
  const { result, diagnostics } = analyse(loaded.result)
  return { model: result, diagnostics: [...loaded.diagnostics, ...diagnostics], ...done }
}

/** A reader that only repeats what was recorded. */
export function readerOf(recorded: RecordedReads): Reader {
  const answers = new Map(recorded)
  return (path, from) => answers.get(question(path, from)) ?? { kind: 'missing', tried: [] }
}

/** A reader of texts in memory: the model at its own path, used files by the path after `use`. */
export function readerOfTexts(texts: Readonly<Record<string, string>>): Reader {
  return (path) => {
    const text = texts[path]
    return text === undefined ? { kind: 'missing', tried: [path] } : { kind: 'text', path, text }
  }
}
