import { processName } from '../../trace/changes.js'
import { holdings, isSpinning, openSections } from '../../trace/holdings.js'
import type { Trace, TraceStep } from '../../trace/trace.js'
import { WIDTH, wrap } from '../wrap.js'
import { heldLines, placeOf, siteText, stackLines, stepText } from './words.js'

/** Parts of `preempt_count` (include/linux/preempt.h). */
const SOFTIRQ_OFFSET = 0x100
const SOFTIRQ_DISABLE_OFFSET = 2 * SOFTIRQ_OFFSET
const HARDIRQ_OFFSET = 0x10000

/** The report of `__might_resched` in kernel/sched/core.c, with the step that made the context atomic. */
export function sleepReport(trace: Trace): string[] {
  const { system } = trace
  const { site, process } = trace.trap
  if (site === null || process === null) return []
  const sections = openSections(trace, process)
  const depth = (which: string) => sections.find((each) => each.which === which)?.depth ?? 0
  const context = system.processes[process]?.context ?? 'task'
  const count = preemptCount(trace, process)
  const irqs = depth('irqs') > 0 || context === 'hardirq' ? 1 : 0
  return [
    ...wrap(
      `BUG: sleeping function called from invalid context at ${placeOf(system, site.span)}`,
      WIDTH,
    ),
    `in_atomic(): ${count === 0 ? 0 : 1}, irqs_disabled(): ${irqs}, name: ${processName(system, process)}`,
    `preempt_count: ${count.toString(16)}, expected: 0`,
    `RCU nest depth: ${depth('rcu')}, expected: 0`,
    ...heldLines(trace, process),
    ...causeLines(trace, process),
    'Call Trace:',
    ...stackLines(system, site, process),
  ]
}

function preemptCount(trace: Trace, process: number): number {
  const sections = openSections(trace, process)
  const depth = (which: string) => sections.find((each) => each.which === which)?.depth ?? 0
  const spinning = holdings(trace, process).filter(({ which }) => isSpinning(which)).length
  const context = trace.system.processes[process]?.context ?? 'task'
  const handler = { task: 0, softirq: SOFTIRQ_OFFSET, hardirq: HARDIRQ_OFFSET }[context]
  return depth('preempt') + spinning + depth('bh') * SOFTIRQ_DISABLE_OFFSET + handler
}

/** Which step made it so: `Preemption disabled at`, `hardirqs last disabled at`; for a handler, whom it interrupted. */
function causeLines(trace: Trace, process: number): string[] {
  const { system } = trace
  const sections = openSections(trace, process)
  const since = (which: string) => sections.find((each) => each.which === which)?.since ?? null
  const spinning = holdings(trace, process)
    .filter(({ which }) => isSpinning(which))
    .map((each) => each.since)
  const steps = [since('preempt'), ...spinning].filter((step) => step !== null)
  const first = steps.sort((one, other) => one.index - other.index)[0] ?? null
  const lines = [
    ...causeText(trace, 'Preemption disabled at:', first),
    ...causeText(trace, 'softirqs last disabled at:', since('bh')),
    ...causeText(trace, 'hardirqs last disabled at:', since('irqs')),
  ]
  const instance = system.processes[process]
  if (instance === undefined || instance.context === 'task') return lines
  const on =
    instance.on === null ? '' : `, which has interrupted ${processName(system, instance.on)}`
  return [...lines, `in ${instance.context} context${on}`]
}

function causeText({ system }: Trace, title: string, step: TraceStep | null): string[] {
  if (step === null) return []
  return [title, ` ${stepText(system, step.site)} in ${siteText(system, step.site, step.process)}`]
}
