import type { Instruction } from '../../../spec/index.js'
import { processName } from '../../trace/changes.js'
import { fullPlace } from '../../trace/format.js'
import { siteOf } from '../../trace/inside.js'
import { nullSource } from '../../trace/null-source.js'
import { type CountChange, lastCounts } from '../../trace/references.js'
import type { StatePath, Trace, TraceStep } from '../../trace/trace.js'
import { headline } from '../headline.js'
import { WIDTH, wrap } from '../wrap.js'
import { heldLines, sinceText, siteText, stackLines, whoText, writerText } from './words.js'

/**
 * Misuse of memory and of reference counts: the skeleton of kernel/kcsan/report.c, one stack for the step that fails and one
 * for the step that made it wrong, and what mm/kasan/report.c adds: who freed the object, and who had allocated it.
 */
export function memoryReport(trace: Trace): string[] | null {
  const { site, process } = trace.trap
  const failing = trace.steps.at(-1)
  if (site === null || process === null || failing === undefined) return null
  const object = lifeOperand(trace)
  const count = trace.operands.at(-1)
  const about = object ?? count?.path ?? null
  return [
    ...wrap(headline(trace), WIDTH),
    ...wrap(`${whatText(trace, failing)} by ${whoText(trace.system, process)}:`, WIDTH),
    ...stackLines(trace.system, site, process),
    ...heldLines(trace, process),
    ...(trace.kind === 'null-dereference' ? nullLines(trace) : []),
    ...(object === null ? [] : lifeLines(trace, object)),
    ...(about === null ? [] : countLines(trace, about, object === null)),
  ]
}

/** An object that nothing points to any more: mm/kmemleak.c:print_unreferenced, and who put it last. */
export function leakReport(trace: Trace): string[] | null {
  const object = lifeOperand(trace)
  if (object === null) return null
  return [
    ...wrap(headline(trace), WIDTH),
    ...lifeLines(trace, object),
    ...countLines(trace, object, false),
  ]
}

/** The path of the object whose life the violation is about, or null. */
function lifeOperand({ operands }: Trace): StatePath | null {
  return operands.findLast(({ path }) => path.at(-1) === 'alive')?.path ?? null
}

const VERBS: Readonly<Record<string, string>> = { load: 'read', store: 'write', free: 'free' }

/** `write to nodes[0]`; `put of refs`: by the kind of the step, or what it does to a count. */
function whatText({ kind, operands }: Trace, { instruction }: TraceStep): string {
  const operand = operands.at(-1)
  const place = operand === undefined ? '' : fullPlace(operand)
  if (kind === 'null-dereference') return 'access through a null pointer'
  if (kind === 'refcount-underflow') return `put of ${place}`
  if (kind === 'refcount-inc-from-zero') return `get of ${place}`
  const verb = VERBS[instruction.kind] ?? 'access'
  return verb === 'free' ? `free of ${place}` : `${verb} ${verb === 'read' ? 'of' : 'to'} ${place}`
}

/** `freed by task vcpu0:` with its stack, and before that who had allocated it, where the run shows that. */
function lifeLines(trace: Trace, path: StatePath): string[] {
  const lives = (after: string): TraceStep | undefined =>
    trace.steps.findLast((step) =>
      step.changes.some(
        (change) => change.kind === 'life' && change.after === after && isSame(change.path, path),
      ),
    )
  const [freed, allocated] = [lives('free'), lives('allocated')]
  // A free before the last allocation is the end of an earlier object in the same memory, which the pointer may be to.
  const events = [freed, allocated].filter((step) => step !== undefined)
  return events
    .sort((one, other) => other.index - one.index)
    .flatMap((step) =>
      step === freed
        ? stepLines(trace, 'freed', step, ({ kind }) => kind === 'free')
        : stepLines(trace, 'allocated', step, ({ kind }) => kind === 'alloc'),
    )
}

const isSame = (one: StatePath, other: StatePath): boolean =>
  one.length === other.length && one.every((key, index) => key === other[index])

const stepLines = (
  { system }: Trace,
  did: string,
  step: TraceStep,
  does: (instruction: Instruction) => boolean,
): string[] => [
  '',
  ...wrap(`${did} by ${whoText(system, step.process)}:`, WIDTH),
  ...stackLines(system, siteOf(system, step, does), step.process),
]

/** Where the null came from, and who had put it there. */
function nullLines(trace: Trace): string[] {
  const { system } = trace
  const source = nullSource(trace)
  if (source === null) return []
  const { step, site, place, writer } = source
  const at = siteText(system, site, step.process)
  const put = writer === null ? 'as init left it' : writerText(trace, writer)
  return [
    '',
    ...wrap(
      place === null
        ? `null since the allocation failed in ${at}`
        : `null was read from ${place} in ${at}: ${put}`,
      WIDTH,
    ),
  ]
}

const isCounting = ({ kind }: Instruction): boolean => kind === 'update' || kind === 'store'

/** The last get and the last put of each count; of the count at fault the put with its stack. */
function countLines(trace: Trace, path: StatePath, isFault: boolean): string[] {
  return lastCounts(trace, path).flatMap(({ place, get, put }) => {
    const withStack = isFault && put !== null
    const stack = withStack
      ? stepLines(trace, `last put of ${place}, ${valuesText(put)},`, put.step, isCounting)
      : []
    const others = [
      ...(get === null ? [] : countText(trace, 'get', place, get)),
      ...(withStack || put === null ? [] : countText(trace, 'put', place, put)),
    ]
    return [...stack, ...(others.length === 0 ? [] : ['', ...others])]
  })
}

const valuesText = ({ change }: CountChange): string => `${change.before} -> ${change.after}`

function countText({ system }: Trace, what: string, place: string, found: CountChange): string[] {
  const { step } = found
  const who = processName(system, step.process)
  const where = sinceText(system, step)
  return wrap(`last ${what} of ${place}, ${valuesText(found)}: ${who} in ${where}`, WIDTH, 2)
}
