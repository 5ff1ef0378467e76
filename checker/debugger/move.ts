import type { Outcome } from '../../spec/index.js'
import type { Step } from '../engine/engine.js'
import { differences, processName } from '../trace/changes.js'
import { fullPlace } from '../trace/format.js'
import { commonSteps, type Desk, isOver, stateAt, stateHere, trapHere } from './desk.js'
import { didYouMean } from './places.js'
import { aboutToText, stuckText } from './process-text.js'
import { makeSchedule } from './schedule.js'
import type { Subject } from './subject.js'

/** Another place to stand, or why there is none. */
export type Moved =
  | { readonly desk: Desk; readonly problem: null }
  | { readonly desk: null; readonly problem: string }

const moved = (desk: Desk): Moved => ({ desk, problem: null })
const stuck = (problem: string): Moved => ({ desk: null, problem })
const goTo = (desk: Desk, at: number): Moved => moved({ ...desk, at })

/** So many steps forward along the schedule, or as many as there are. */
export function forward(desk: Desk, count: number): Moved {
  const { schedule, at } = desk
  if (at < schedule.steps.length) return goTo(desk, Math.min(at + count, schedule.steps.length))
  const trap = trapHere(desk)
  if (isOver(desk)) return stuck(`the run ends here, in ${trap?.kind}`)
  return stuck('no step is scheduled from here: `enabled` shows who can move, `take` takes a step')
}

/** So many steps back, or to the start. */
export const back = (desk: Desk, count: number): Moved =>
  desk.at === 0 ? stuck('this is the start') : goTo(desk, Math.max(0, desk.at - count))

/** To after the step of a number. */
export function jump(desk: Desk, to: number): Moved {
  const { length } = desk.schedule.steps
  return to <= length
    ? goTo(desk, to)
    : stuck(`there are the steps 1 to ${length}, and 0 is the start`)
}

/** To where another process takes over: after here, or before. */
export function toSwitch(desk: Desk, direction: 1 | -1): Moved {
  const { steps } = desk.schedule
  for (let at = desk.at + direction; at > 0 && at < steps.length; at += direction) {
    if (steps[at]?.process !== steps[at - 1]?.process) return goTo(desk, at)
  }
  return stuck(`no context switch ${direction > 0 ? 'after' : 'before'} this`)
}

/** To after the next step that changes something, or the one before here that did. */
export function toChange(desk: Desk, { text, read }: Subject, direction: 1 | -1): Moved {
  const { schedule } = desk
  const { length } = schedule.steps
  for (let at = desk.at + direction; at > 0 && at <= length; at += direction) {
    if (read(stateAt(schedule, at)) !== read(stateAt(schedule, at - 1))) return goTo(desk, at)
  }
  return stuck(`no step ${direction > 0 ? 'after' : 'before'} this changes ${text}`)
}

/** Onto the recorded run again, where the schedule had left it. */
export function undo(desk: Desk): Moved {
  if (desk.schedule === desk.recorded) return stuck('this is the recorded run')
  return moved({ ...desk, schedule: desk.recorded, at: Math.min(desk.at, commonSteps(desk)) })
}

/** The schedule up to here, with other steps after it. */
export function scheduled(desk: Desk, steps: readonly Step[], ...end: EndOfRun): Desk {
  const { matter, schedule, at } = desk
  const { initial } = schedule.run.trail
  const all = [...schedule.steps.slice(0, at), ...steps]
  return { ...desk, schedule: makeSchedule(matter.row.interpreter, initial, all, ...end) }
}

type EndOfRun =
  Parameters<typeof makeSchedule> extends [unknown, unknown, unknown, ...infer Rest] ? Rest : never

/** One step of a process that is named, by the picks that are. */
export function take(desk: Desk, name: string, picks: string | undefined): Moved {
  const { interpreter } = desk.matter.row
  const { system } = interpreter
  if (isOver(desk)) return stuck(`the run ends here, in ${trapHere(desk)?.kind}: go \`back\` first`)
  const process = system.processes.findIndex((each) => each.name === name)
  if (process < 0) {
    const names = system.processes.map((each) => each.name)
    return stuck(`there is no process \`${name}\`${didYouMean(name, names)}`)
  }
  const state = stateHere(desk)
  const ways = interpreter.fire(state, process)
  if (ways.length === 0) return stuck(`${name} ${stuckText(interpreter, state, process)}`)
  const wanted = picks === undefined ? ways : ways.filter((way) => String(way.choices) === picks)
  const [way] = wanted
  if (way === undefined || wanted.length > 1) {
    const lines = waysLines(desk, process, ways)
    const what = way === undefined ? `no way ${picks}` : 'more than one way to go'
    return stuck([`${name} has ${what}: say which`, ...lines].join('\n'))
  }
  if (way.kind === 'cut') return stuck(`the step meets a bound: ${way.bound.message}`)
  const next = desk.schedule.steps[desk.at]
  const isNext = next?.process === process && String(next.choices) === String(way.choices)
  const step = { process, choices: way.choices }
  const on = isNext ? desk : scheduled(desk, [step])
  return moved({ ...on, at: desk.at + 1 })
}

/** Who can move and how, the scheduled step marked, and why the others cannot. */
export function enabledText(desk: Desk): string {
  if (isOver(desk)) return `the run ends here, in ${trapHere(desk)?.kind}`
  const { interpreter } = desk.matter.row
  const state = stateHere(desk)
  const lines = interpreter.system.processes.flatMap(({ name }, process) => {
    const ways = interpreter.fire(state, process)
    if (ways.length > 0) return waysLines(desk, process, ways)
    return [`  ${name} ${stuckText(interpreter, state, process)}`]
  })
  return lines.join('\n')
}

function waysLines(desk: Desk, process: number, ways: readonly Outcome[]): readonly string[] {
  const { system } = desk.matter.row.interpreter
  const state = stateHere(desk)
  const next = desk.schedule.steps[desk.at]
  return ways.map((way) => {
    const isNext = next?.process === process && String(next.choices) === String(way.choices)
    const picks = ways.length > 1 ? ` ${way.choices}` : ''
    const words = `${isNext ? '*' : ' '} take ${processName(system, process)}${picks}`
    const does = ways.length > 1 || way.kind !== 'next' ? `  ${outcomeText(desk, way)}` : ''
    return `${words.padEnd(18)}  ${aboutToText(system, state, process)}${does}`
  })
}

/** What one of several ways leads to. */
function outcomeText(desk: Desk, way: Outcome): string {
  if (way.kind === 'violation') return `*** ${way.trap.kind}`
  if (way.kind === 'cut') return `meets a bound: ${way.bound.message}`
  const changes = differences(desk.matter.row.interpreter.system, stateHere(desk), way.state)
  return changes.map((each) => `${fullPlace(each)} ${each.before} -> ${each.after}`).join(', ')
}
