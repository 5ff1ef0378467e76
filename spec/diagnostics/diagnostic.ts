import type { Span } from '../source/span.js'
import type { DiagnosticCode } from './codes.js'

export type Severity = 'error' | 'warning'

/** A place a message points at, with what is to be said about it. */
export interface Label {
  readonly span: Span
  readonly text: string
}

/**
 * A message about the text of a model: what is wrong (`message`), where (`at`, `labels`), why (`notes`)
 * and how to mend it (`help`). `code` is stable and has a page in `spec/errors/`.
 */
export interface Diagnostic {
  readonly code: DiagnosticCode
  readonly severity: Severity
  readonly message: string
  readonly at: Span
  /** What the caret line says; '' leaves the carets alone. */
  readonly caption: string
  readonly labels: readonly Label[]
  readonly notes: readonly string[]
  readonly help: readonly string[]
}

/** A value that may be missing, with everything there is to say about its making. */
export interface Outcome<T> {
  readonly result: T | null
  readonly diagnostics: readonly Diagnostic[]
}

export interface Details {
  readonly caption?: string
  readonly labels?: readonly Label[]
  readonly notes?: readonly string[]
  readonly help?: readonly string[] | string | undefined
}

function make(
  severity: Severity,
  code: DiagnosticCode,
  at: Span,
  message: string,
  details: Details,
): Diagnostic {
  const help = details.help ?? []
  return {
    code,
    severity,
    message,
    at,
    caption: details.caption ?? '',
    labels: details.labels ?? [],
    notes: details.notes ?? [],
    help: typeof help === 'string' ? [help] : help,
  }
}

export const error = (
  code: DiagnosticCode,
  at: Span,
  message: string,
  details: Details = {},
): Diagnostic => make('error', code, at, message, details)

export const warning = (
  code: DiagnosticCode,
  at: Span,
  message: string,
  details: Details = {},
): Diagnostic => make('warning', code, at, message, details)

export const hasErrors = (diagnostics: readonly Diagnostic[]): boolean =>
  diagnostics.some((diagnostic) => diagnostic.severity === 'error')
