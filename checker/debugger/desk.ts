import type { State, Trap } from '../../spec/index.js'
import { orderKind } from '../trace/order-end.js'
import type { Trace, TraceStep } from '../trace/trace.js'
import type { Matter } from './matter.js'
import { type Schedule, scheduleOf } from './schedule.js'
import type { Subject } from './subject.js'

/** Where somebody who looks at a trace stands. Never changed: each command gives another one. */
export interface Desk {
  readonly matter: Matter
  readonly recorded: Schedule
  readonly kind: string
  /** The recorded schedule, or one that has left it. */
  readonly schedule: Schedule
  /** Steps taken, from 0. */
  readonly at: number
  readonly watches: readonly Subject[]
  /** What an empty line does again. */
  readonly last: string
}

/** A desk at the start of a trace that was replayed. */
export function openDesk(matter: Matter, trace: Trace): Desk {
  const recorded = scheduleOf(matter.row.interpreter, trace)
  const { kind } = trace
  return { matter, recorded, kind, schedule: recorded, at: 0, watches: [], last: '' }
}

/** The step that led here; undefined at the start. */
export const stepHere = ({ schedule, at }: Desk): TraceStep | undefined => schedule.steps[at - 1]

/** The state after so many steps. */
export const stateAt = ({ run, steps }: Schedule, at: number): State =>
  at === 0 ? run.initial : (steps[at - 1]?.after ?? run.state)

export const stateHere = ({ schedule, at }: Desk): State => stateAt(schedule, at)

/** What the run ends in here; null where it goes on. */
export const trapHere = ({ schedule, at }: Desk): Trap | null =>
  at === schedule.count ? schedule.trap : null

/** No step can be taken from here: the last one has failed, or the state is what is wrong. */
export function isOver(desk: Desk): boolean {
  const trap = trapHere(desk)
  // A lock order that is only shown, and a loop that nothing leaves, are ends one can go on from.
  return trap !== null && trap.kind !== orderKind && desk.schedule.steps.length === desk.at
}

/** How many steps of a schedule are those that were recorded. */
export function commonSteps({ recorded, schedule }: Desk): number {
  const same = (index: number): boolean => {
    const [one, other] = [recorded.steps[index], schedule.steps[index]]
    return one?.process === other?.process && String(one?.choices) === String(other?.choices)
  }
  const length = Math.min(recorded.steps.length, schedule.steps.length)
  let count = 0
  while (count < length && same(count)) count++
  return count
}
