import type { TransitionSystem, Wait } from '../../spec/index.js'
import { processName } from '../trace/changes.js'
import { fullPlace } from '../trace/format.js'
import { sourcePlace, sourceText } from '../trace/place.js'
import type { Trace, TraceStep } from '../trace/trace.js'
import { isInterruption } from './headline.js'
import { report } from './report.js'

/** Every step of a trace with its place, its kernel function and all that it changed, locals included. */
export function renderFine(trace: Trace): string {
  const { system, trap } = trace
  const lines = [...report(trace).lines, '']
  for (const step of trace.steps) lines.push(...stepLines(system, step))
  if (trace.loop.length > 0) {
    lines.push('and from here on for ever:')
    for (const step of trace.loop) lines.push(...stepLines(system, step))
  }
  const at = sourcePlace(system, trap.at)
  lines.push(`*** ${trap.kind}: ${trap.message} (${at.file}:${at.line}:${at.column})`)
  for (const operand of trace.operands) {
    lines.push(`      ${fullPlace(operand)} ${operand.value}, ${writerText(trace, operand.writer)}`)
  }
  return `${lines.join('\n')}\n`
}

function writerText(trace: Trace, writer: TraceStep | null): string {
  if (writer === null) return 'as it was initially'
  const { file, line } = sourcePlace(trace.system, writer.site.span)
  const who = processName(trace.system, writer.process)
  return `written last by step ${writer.index} (${who}, ${file}:${line})`
}

/** A step with its place, its kernel function and all that it changed. */
export function stepLines(system: TransitionSystem, step: TraceStep): string[] {
  const { file, line } = sourcePlace(system, step.site.span)
  const number = String(step.index).padStart(3)
  const who = processName(system, step.process).padEnd(8)
  const kernel = step.site.annotation ?? step.site.call.annotation
  const op = step.site.call.op === null ? '' : ` in ${step.site.call.op}`
  const lines = [
    `${number}  ${who} ${clipped(sourceText(system, step.site.span).replace(/;$/, ''))}`,
    `       at ${file}:${line}${op}${kernel === null ? '' : `  @ ${kernel}`}`,
  ]
  for (const change of step.changes) {
    lines.push(`         ${fullPlace(change)}: ${change.before} -> ${change.after}`)
  }
  for (const local of step.locals) lines.push(`         local ${local.name} = ${local.after}`)
  if (step.waits !== null && !isInterruption(step.waits)) {
    lines.push(`         ... waits ${waitedFor(system, step.waits)}`)
  }
  return lines
}

/** `for mutex m, held by vmm`; `in synchronize_rcu for reader vcpu0`. */
export function waitedFor(system: TransitionSystem, { what, place, holders }: Wait): string {
  const held = holders.map((holder) => processName(system, holder)).join(' and ')
  if (what.startsWith('synchronize_') || what === 'rcu_barrier') return `in ${what} for ${held}`
  return `for ${`${what} ${place}`.trim()}${held === '' ? '' : `, held by ${held}`}`
}

const TEXT_MAX = 88

/** A block of several statements is one step; its place says where to read it. */
export const clipped = (text: string, most = TEXT_MAX): string =>
  text.length <= most ? text : `${text.slice(0, most - 1).trimEnd()}…`
