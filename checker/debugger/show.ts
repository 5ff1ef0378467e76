import type { PoolStorage, State, TransitionSystem, Trap } from '../../spec/index.js'
import { renderReached } from '../render/columns.js'
import { stepLines } from '../render/text.js'
import { differences, localDifferences, processName } from '../trace/changes.js'
import { fullPlace } from '../trace/format.js'
import { placeText, sourcePlace } from '../trace/place.js'
import { traceOf } from '../trace/replay.js'
import { commonSteps, type Desk, stateAt, stateHere, stepHere, trapHere } from './desk.js'
import { placeOf } from './places.js'
import { aboutToText, processText } from './process-text.js'

/** Where one is: the step that led here, what it changed, what comes next, and what is watched. */
export function hereText(desk: Desk): string {
  const { interpreter } = desk.matter.row
  const { schedule, at, watches } = desk
  const { system } = interpreter
  const state = stateHere(desk)
  const step = stepHere(desk)
  const trap = trapHere(desk)
  const next = schedule.steps[at]
  const lines = step === undefined ? ['at the start'] : stepLines(system, step)
  if (at > schedule.count && at === schedule.steps.length) {
    lines.push(`once around the loop: the state is that after step ${schedule.count}`)
  }
  if (trap !== null) lines.push(`*** ${trapText(system, trap)}`)
  else if (interpreter.mayRest(state) && interpreter.judgeRest(state) === null) {
    lines.push('at rest, with nothing wrong')
  }
  if (next !== undefined) {
    const { process } = next
    const who = processName(system, process).padEnd(8)
    lines.push(`next ${who} ${aboutToText(system, state, process)}`)
  } else if (trap === null) {
    lines.push('no step is scheduled from here')
  }
  watches.forEach(({ text, read }, index) => {
    const before = step === undefined ? null : read(step.before)
    const now = read(state)
    const change = before === null || before === now ? '' : `, was ${before}`
    lines.push(`watch ${index + 1}: ${text} = ${now}${change}`)
  })
  return lines.join('\n')
}

/** `mapped-at-free: nonzero mapcount (models/lib/filemap.gmem:81)`. */
export const trapText = (system: TransitionSystem, { kind, message, at }: Trap): string =>
  `${kind}: ${message} (${placeText(sourcePlace(system, at))})`

/** The whole state: what is shared, every object, every process. */
export function stateText({ interpreter }: Desk['matter']['row'], state: State): string {
  const { system } = interpreter
  const rows: (readonly [string, string])[] = [
    ...system.shared.map(({ name }) => [name, textOf(system, state, name)] as const),
    ...system.pools
      .filter(({ safety }) => safety !== 'tasks')
      .flatMap((pool) => poolRows(system, state, pool)),
    ...system.processes.map(({ name }, process) => {
      return [name, processText(system, state, process)] as const
    }),
  ]
  const width = Math.max(...rows.map(([name]) => name.length))
  return rows.map(([name, text]) => `${name.padEnd(width)}  ${text}`).join('\n')
}

function poolRows(
  system: TransitionSystem,
  state: State,
  { name, safety, type }: PoolStorage,
): readonly (readonly [string, string])[] {
  return (state.pools[name] ?? []).flatMap(({ alive }, index) => {
    const object = `${name}[${index}]`
    const life = [object, alive === 1 ? 'allocated' : 'free'] as const
    if (alive === 0 && safety === 'ordinary') return [life]
    const members = type.fields.map((field) => `${object}.${field.name}`)
    return [life, ...members.map((member) => [member, textOf(system, state, member)] as const)]
  })
}

function textOf(system: TransitionSystem, state: State, place: string): string {
  const { read, problem } = placeOf(system, place)
  if (read === null) throw new Error(problem)
  return read(state)
}

/** What differs between the states after two numbers of steps. */
export function diffText({ matter, schedule }: Desk, from: number, to: number): string {
  const { system } = matter.row.interpreter
  const [before, after] = [stateAt(schedule, from), stateAt(schedule, to)]
  const lines = [
    ...differences(system, before, after).map((change) => {
      return `${fullPlace(change)}: ${change.before} -> ${change.after}`
    }),
    ...system.processes.flatMap(({ name }, process) => {
      if (before.processes[process] === after.processes[process]) return []
      const locals = localDifferences(system, process, before, after).map((local) => {
        return `${name}.${local.name}: ${local.before ?? 'out of scope'} -> ${local.after}`
      })
      const [old, now] = [before, after].map((state) => positionText(system, state, process))
      return old === now ? locals : [...locals, `${name}: ${old} -> ${now}`]
    }),
  ]
  const head = `from step ${from} to step ${to}`
  return [
    lines.length === 0 ? `${head}: no difference` : head,
    ...lines.map((line) => `  ${line}`),
  ].join('\n')
}

function positionText(system: TransitionSystem, state: State, process: number): string {
  const place = aboutToText(system, state, process).split('  at ').at(-1) ?? ''
  const code = system.codes[system.processes[process]?.code ?? -1]
  return code?.instructions[state.processes[process]?.at ?? -1]?.kind === 'end' ? 'finished' : place
}

/** The table of what has happened up to here, the line of the last step marked. */
export function columnsText(desk: Desk): string {
  const { schedule, at } = desk
  const state = stateHere(desk)
  const span = { file: '', from: 0, to: 0 }
  const nothing = { kind: '', message: '', at: span, site: null, process: null, operands: [] }
  const steps = schedule.steps.slice(0, Math.min(at, schedule.count))
  const loop = schedule.steps.slice(schedule.count, at)
  const trap = trapHere(desk) ?? nothing
  return renderReached(traceOf(schedule.run, { steps, loop, trap, end: state }))
}

/** Which run this is, and how far one is in it. */
export function runText(desk: Desk): string {
  const { schedule, recorded, at, kind } = desk
  const where = `after step ${at} of ${schedule.steps.length}`
  if (schedule === recorded) return `${where} of the recorded run to ${kind}`
  const end = schedule.trap === null ? 'a run that goes on' : `a run to ${schedule.trap.kind}`
  return `${where} of ${end}, off the recorded one after step ${commonSteps(desk)}`
}
