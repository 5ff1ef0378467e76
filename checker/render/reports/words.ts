import type { Site, Span, TransitionSystem } from '../../../spec/index.js'
import { processName } from '../../trace/changes.js'
import { type Holding, holdings } from '../../trace/holdings.js'
import { sourcePlace, sourceText } from '../../trace/place.js'
import type { Trace, TraceStep } from '../../trace/trace.js'
import { contextText } from '../part-text.js'
import { statementText } from '../statement-text.js'
import { WIDTH, wrap } from '../wrap.js'

/** What all reports in the kernel's words are made of. Reports say where things happen as `file:line` of the model. */

/** Column at which the places of a stack begin. */
export const PLACES_AT = 40
const TEXT_MAX = 60

/** `abba.gmem:4`: the file without its folder. */
export function placeOf(system: TransitionSystem, span: Span): string {
  const { file, line } = sourcePlace(system, span)
  return `${file.split('/').at(-1)}:${line}`
}

/** `first, abba.gmem:4`: the op, or the process, and the line. */
export function siteText(system: TransitionSystem, site: Site, process: number): string {
  return `${site.call.op ?? processName(system, process)}, ${placeOf(system, site.span)}`
}

/** `task vmm`; `timer (hardirq on vcpu)`. */
export function whoText(system: TransitionSystem, process: number): string {
  const isTask = system.processes[process]?.context === 'task'
  return isTask ? `task ${processName(system, process)}` : contextText(system, process)
}

/** The text of a step on one line; of a plain access, which is a bare name, its statement. */
export function stepText(system: TransitionSystem, site: Site): string {
  const own = sourceText(system, site.span).replace(/;$/, '')
  const text = own.includes('(') ? own : statementText(sourceText(system, site.statement))
  return text.length <= TEXT_MAX ? text : `${text.slice(0, TEXT_MAX - 1).trimEnd()}…`
}

/** Where a process stands, as a stack: what it does, then the ops from the innermost outwards, each with its line. */
export function stackLines(system: TransitionSystem, site: Site, process: number): string[] {
  const lines = [` ${stepText(system, site)}`]
  let span = site.span
  let annotation = site.annotation
  for (let call: Site['call'] | null = site.call; call !== null; call = call.parent) {
    const op = call.op ?? processName(system, process)
    const kernel = (annotation ?? call.annotation)?.split(':').at(-1) ?? op
    const name = kernel === op ? op : `${op} [${kernel}]`
    lines.push(...placed(` ${name}`, placeOf(system, span)))
    span = call.span
    annotation = null
  }
  return lines
}

/** A text with its place in a column of its own, as far as there is room for one. */
export function placed(text: string, place: string): string[] {
  const room = WIDTH - place.length - 1
  return wrap(`${text.padEnd(Math.min(PLACES_AT - 1, room))} ${place}`, WIDTH, 3)
}

/** `(sem){rwsem, read}`, in the place where lockdep prints class and usage. */
export function lockText({ name, which, mode }: Pick<Holding, 'name' | 'which' | 'mode'>): string {
  const isReader = mode === 'read' && (which === 'rwsem' || which === 'rwlock_t')
  return `(${name}){${which}${isReader ? ', read' : ''}}`
}

/** `first, abba.gmem:4`, or that nobody took it in this run. */
export function sinceText(system: TransitionSystem, since: TraceStep | null): string {
  if (since === null) return 'the initial state'
  const { op } = since.site.call
  return `${op === null ? '' : `${op}, `}${placeOf(system, since.site.span)}`
}

/** `written last by vcpu0 in set_pte, filemap.gmem:77`. */
export const writerText = ({ system }: Trace, step: TraceStep): string =>
  `written last by ${processName(system, step.process)} in ${sinceText(system, step)}`

/** What a process holds, in the words of `lockdep_print_held_locks`. */
export function heldLines(trace: Trace, process: number): string[] {
  const { system } = trace
  const held = holdings(trace, process)
  const name = processName(system, process)
  if (held.length === 0) return [`no locks held by ${name}.`]
  return [
    `${held.length} ${held.length === 1 ? 'lock' : 'locks'} held by ${name}:`,
    ...held.flatMap((each, index) =>
      wrap(` #${index}: ${lockText(each)}, at: ${sinceText(system, each.since)}`, WIDTH, 5),
    ),
  ]
}

/** lockdep's columns, one per CPU: each row is one thing that one of them does. */
export function scenario(rows: readonly (readonly [cpu: number, text: string])[]): string[] {
  const count = Math.max(...rows.map(([cpu]) => cpu)) + 1
  const width = Math.min(24, Math.floor((WIDTH - 7) / count))
  const across = (cells: readonly string[]) =>
    `       ${cells.map((each) => each.padEnd(width)).join('')}`
  const cpus = Array.from({ length: count }, (_, cpu) => cpu)
  return [
    across(cpus.map((cpu) => `CPU${cpu}`)),
    across(cpus.map(() => '----')),
    ...rows.flatMap(([cpu, text]) => {
      const pad = ' '.repeat(cpu === 0 ? 2 : 7 + cpu * width)
      const indent = text.length - text.trimStart().length
      return wrap(text.trimStart(), Math.max(12, WIDTH - pad.length - indent)).map(
        (line) => pad + ' '.repeat(indent) + line,
      )
    }),
  ].map((line) => line.trimEnd())
}
