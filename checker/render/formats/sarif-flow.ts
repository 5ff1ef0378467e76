import type { Call } from '../../../spec/index.js'
import { processName } from '../../trace/changes.js'
import { fullPlace } from '../../trace/format.js'
import type { Trace, TraceStep } from '../../trace/trace.js'
import { namingOf } from '../change-text.js'
import { contextText } from '../part-text.js'
import { starText } from '../star-text.js'
import { location } from './sarif-place.js'
import { stepName } from './step-name.js'

/** A run as a code flow: the steps of each process are a thread flow of their own, in the order of the whole run. */
export function codeFlow(trace: Trace): object {
  const { system } = trace
  const steps = [...trace.steps, ...trace.loop]
  const movers = [...system.processes.keys()].filter((process) =>
    steps.some((step) => step.process === process),
  )
  return {
    threadFlows: movers.map((process) => ({
      id: processName(system, process),
      message: { text: contextText(system, process) },
      locations: steps
        .filter((step) => step.process === process)
        .map((step) => flowLocation(trace, step)),
    })),
  }
}

function flowLocation(trace: Trace, step: TraceStep): object {
  const { system, trap, steps } = trace
  const fails = trap.site !== null && step === steps.at(-1)
  const star = fails ? ` *** ${trace.kind}: ${starText(trace, namingOf(trace))}` : ''
  const again = step.index > steps.length ? ' (again and again)' : ''
  const kernel = step.site.annotation ?? step.site.call.annotation
  const where = kernel === null ? '' : ` [${kernel}]`
  const text = `${stepName(system, step.site)}${where}${again}${star}`
  const state = step.changes.map((change) => [fullPlace(change), { text: change.after }])
  return {
    executionOrder: step.index,
    nestingLevel: depthOf(step.site.call),
    importance: fails ? 'essential' : step.changes.length > 0 ? 'important' : 'unimportant',
    location: location(system, step.site.span, text),
    ...(state.length === 0 ? {} : { state: Object.fromEntries(state) }),
  }
}

const depthOf = ({ parent }: Call): number => (parent === null ? 0 : 1 + depthOf(parent))
