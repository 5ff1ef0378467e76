import { type Diagnostic, frame, hasErrors, type Sources } from '../../spec/index.js'
import { levelTrend, type Progress, renderProgress, type VerdictDocument } from '../index.js'
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
    .replace(/^(?:BUG|WARNING|INFO|watchdog): .*$/m, (line) =>
      terminal.paint.strong(terminal.paint.bad(line)),
    )
    .replace(/\*\*\* .*$/gm, (words) => terminal.paint.bad(words))
}

/** Seconds between two progress lines, where one replaces the other and where each stays. */
const REDRAW_SECONDS = 0.25
const LINE_SECONDS = 3

/** Whether it is time for a progress line: asked often, true after a pause. */
export function pauses(terminal: Terminal): () => boolean {
  const pause = terminal.redraws ? REDRAW_SECONDS : LINE_SECONDS
  let before = performance.now()
  return () => {
    const now = performance.now()
    if (now - before < pause * 1000) return false
    before = now
    return true
  }
}

/**
 * Tells on stderr how far a search is: on a terminal one line, redrawn; else a line every few seconds, so that a run
 * shorter than that says nothing. `seconds` is the time since the search began.
 */
export function progressTeller(
  terminal: Terminal,
  seconds: () => number,
): (progress: Progress) => void {
  const levels: number[] = []
  const pause = terminal.redraws ? REDRAW_SECONDS : LINE_SECONDS
  let before = { seconds: 0, states: 0 }
  return (progress) => {
    // Where a level was missed, the ones before say nothing about the trend.
    if (progress.depth > levels.length) levels.length = 0
    levels[progress.depth] = progress.frontier
    const now = { seconds: seconds(), states: progress.distinctStates }
    const passed = now.seconds - before.seconds
    if (passed < pause) return
    const statesPerSecond = (now.states - before.states) / passed
    terminal.progress(renderProgress(progress, { statesPerSecond, trend: levelTrend(levels) }))
    before = now
  }
}

export const howToReport =
  'This is a mistake in gmemcheck, not in the model. Please report it with the model,\n' +
  'the command line and this message; GMEMCHECK_DEBUG=1 adds the stack.'

/** Words for what should not have happened; the stack only for who asks. */
export function internalError(problem: unknown): string {
  const message = problem instanceof Error ? problem.message : String(problem)
  const stack = problem instanceof Error && process.env.GMEMCHECK_DEBUG ? `${problem.stack}\n` : ''
  return `gmemcheck: internal error: ${message}\n${stack}${howToReport}\n`
}
