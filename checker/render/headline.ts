import type { Wait } from '../../spec/index.js'
import { processName } from '../trace/changes.js'
import type { Trace } from '../trace/trace.js'

/** Kinds after which the kernel goes on. */
const WARNINGS: ReadonlySet<string> = new Set(['lock-not-held', 'lock-inversion'])

/** `BUG: nonzero mapcount in filemap_remove_folio`: the kernel's words, and where it happened. */
export function headline(trace: Trace): string {
  const { site, process } = trace.trap
  const where =
    site?.call.op ?? (site !== null && process !== null ? processName(trace.system, process) : null)
  const words = `${trace.headline}${where === null ? '' : ` in ${where}`}`
  if (trace.kind === 'warn-on') return words
  return `${WARNINGS.has(trace.kind) ? 'WARNING' : 'BUG'}: ${words}`
}

/** A process that a handler has interrupted: no wait of its own. The handler's column shows that it came in. */
export const isInterruption = ({ what }: Wait): boolean => what === 'the end of'

/** The end of the run is no step and no false property: processes that should go on cannot. */
export function isLostRest({ trap, kind, loop, waits }: Trace): boolean {
  if (trap.site !== null || trap.operands.length > 0) return false
  return loop.length > 0 || kind === 'deadlock' || waits.some((wait) => wait.names === kind)
}
