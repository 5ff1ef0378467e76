import { type Diagnostic, frame, hasErrors, type Sources } from '../../spec/index.js'
import type { Progress, VerdictDocument } from '../index.js'
import { EXIT, type ExitCode } from './exit.js'
import type { Terminal } from './terminal.js'

/** Shows diagnostics on stderr, errors always, warnings unless asked to be quiet. Says whether there are errors. */
export function showDiagnostics(
  terminal: Terminal,
  diagnostics: readonly Diagnostic[],
  sources: Sources,
  quiet = false,
): boolean {
  for (const diagnostic of diagnostics) {
    if (quiet && diagnostic.severity === 'warning') continue
    terminal.err(`${frame(diagnostic, sources, terminal.paint.frame)}\n\n`)
  }
  return hasErrors(diagnostics)
}

/** The exit code of a verdict. */
export function verdictCode(verdict: VerdictDocument['verdict']): ExitCode {
  return { holds: EXIT.ok, violated: EXIT.violated, incomplete: EXIT.incomplete }[verdict]
}

/** The first word after `verdict:` in its colour. */
export function paintVerdict(terminal: Terminal, text: string): string {
  const { good, bad, doubtful } = terminal.paint
  return text
    .replace(/^(verdict: )(holds)/m, (_, head, word) => `${head}${good(word)}`)
    .replace(/^(verdict: )(violated \S+)/m, (_, head, word) => `${head}${bad(word)}`)
    .replace(/^(verdict: )(incomplete)/m, (_, head, word) => `${head}${doubtful(word)}`)
}

/** The first line of a counterexample and its `***` in the colour of what is wrong. */
export function paintColumns(terminal: Terminal, text: string): string {
  return text
    .replace(/^BUG: .*$/m, (line) => terminal.paint.strong(terminal.paint.bad(line)))
    .replace(/\*\*\* .*$/gm, (words) => terminal.paint.bad(words))
}

const PROGRESS_FROM = 2 ** 13

/** Tells on stderr how far a search is, each time the number of states has doubled. */
export function progressTeller(terminal: Terminal, quiet: boolean): (progress: Progress) => void {
  let next = PROGRESS_FROM
  return ({ depth, distinctStates, frontier }) => {
    if (quiet || distinctStates < next) return
    while (next <= distinctStates) next *= 2
    const number = (value: number) => value.toLocaleString('en-US')
    terminal.progress(
      `progress: ${number(distinctStates)} states, depth ${depth}, ${number(frontier)} in this level`,
    )
  }
}

const HOW_TO_REPORT =
  'This is a mistake in gmemcheck, not in the model. Please report it with the model,\n' +
  'the command line and this message; GMEMCHECK_DEBUG=1 adds the stack.'

/** Words for what should not have happened; the stack only for who asks. */
export function internalError(problem: unknown): string {
  const message = problem instanceof Error ? problem.message : String(problem)
  const stack = problem instanceof Error && process.env.GMEMCHECK_DEBUG ? `${problem.stack}\n` : ''
  return `gmemcheck: internal error: ${message}\n${stack}${HOW_TO_REPORT}\n`
}
