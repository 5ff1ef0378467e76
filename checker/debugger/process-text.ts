import type { Interpreter, State, TransitionSystem, Wait } from '../../spec/index.js'
import { isInterruption } from '../render/headline.js'
import { clipped, waitedFor } from '../render/text.js'
import { valueText } from '../trace/changes.js'
import { placeText, sourcePlace, sourceText } from '../trace/place.js'

/** Words that have a place behind them on the same line. */
const WORDS_MAX = 56

/** What a process is about to do, and where: `folio_lock(f)  at filemap.gmem:84`. */
export function aboutToText(system: TransitionSystem, state: State, process: number): string {
  const code = system.codes[system.processes[process]?.code ?? -1]
  const site = code?.instructions[state.processes[process]?.at ?? -1]?.site
  if (site === undefined) return ''
  const text = clipped(sourceText(system, site.span).replace(/;$/, ''), WORDS_MAX)
  return `${text}  at ${placeText(sourcePlace(system, site.span))}`
}

/** Where a process stands, with its locals. */
export function processText(system: TransitionSystem, state: State, process: number): string {
  const here = state.processes[process]
  const code = system.codes[system.processes[process]?.code ?? -1]
  if (here === undefined || code === undefined) return ''
  if (code.instructions[here.at]?.kind === 'end') return 'has finished'
  const locals = (code.kept[here.at] ?? [])
    .filter((slot) => !slot.temporary && slot.name !== '')
    .map(
      (slot) => `${slot.name} = ${valueText(system, slot.type, here.locals[slot.index] ?? null)}`,
    )
  const before = `before ${aboutToText(system, state, process)}`
  return locals.length === 0 ? before : `${before}; ${locals.join(', ')}`
}

/** Why a process cannot move. */
export function stuckText(
  { system, finished, wait }: Interpreter,
  state: State,
  process: number,
): string {
  if (finished(state, process)) return 'has finished'
  const found = wait(state, process)
  return found === null ? 'cannot move' : waitText(system, found)
}

const waitText = (system: TransitionSystem, wait: Wait): string =>
  isInterruption(wait) ? 'is interrupted by a handler' : `waits ${waitedFor(system, wait)}`
