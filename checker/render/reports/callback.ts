import { lookUp, processName } from '../../trace/changes.js'
import { lastTurn } from '../../trace/holdings.js'
import type { Trace } from '../../trace/trace.js'
import { WIDTH, wrap } from '../wrap.js'
import { siteText, stackLines, stepText } from './words.js'

/** An `rcu_head` in use: lib/debugobjects.c:debug_print_object, with the step that queued it. */
export function callbackReport(trace: Trace): string[] {
  const { system, trap } = trace
  const { site, process } = trap
  if (site === null || process === null) return []
  const [path] = trap.operands
  const isFree = trace.steps.at(-1)?.instruction.kind === 'free'
  const what = isFree ? 'free active' : 'activate active'
  const queued =
    path === undefined
      ? null
      : lastTurn(trace, (state) => lookUp(system, state, path)?.value !== 'idle')
  return [
    `WARNING: ODEBUG: ${what} (active state 1) object type: rcu_head`,
    ...wrap(trap.message, WIDTH),
    'Call Trace:',
    ...stackLines(system, site, process),
    ...(queued === null
      ? []
      : [
          `queued by ${processName(system, queued.process)} at:`,
          ` ${stepText(system, queued.site)} in ${siteText(system, queued.site, queued.process)}`,
        ]),
  ]
}
