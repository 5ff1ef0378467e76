import {
  EXECUTED,
  type Instruction,
  isVisible,
  type Location,
  type Code as ModelCode,
  type Slot,
  successors,
  WENT_OTHERWISE,
  WENT_THEN,
} from '../../../spec/index.js'
import { PROCESS } from './cells.js'
import {
  block,
  branch,
  branchTable,
  type Code,
  constant,
  global,
  isZero,
  local,
  loop,
  markByte,
  result,
  setLocal,
  storeByte,
  subtract,
  teeLocal,
  when,
} from './code.js'
import { type Emitter, LOCAL, type Noted, STATUS } from './emitter.js'
import { emitValue } from './expressions.js'
import { emitInstruction } from './instructions.js'

/** As many jumps as this in one transition are a loop without end; the reference engine says so. */
const jumpsMax = 100_000

/** A function, and by location what was noted of the instruction there. */
export interface EmittedCode {
  readonly body: Code
  readonly noted: readonly Noted[]
}

/**
 * The code of one process as a function of a location: executes from there to the next place where control can rest,
 * and returns a status. Only where control can begin, or come by a jump, does a block end. A jump forward leaves blocks
 * up to there; one back goes round the loop, through the table that is also the way in.
 */
export function emitCode(e: Emitter, executedFirst: number, ends: Ends): EmittedCode {
  const { code } = e
  if (!e.alone) e.passing(passingSlots(code))
  const visible = code.instructions.map((i) => !e.alone && isVisible(i))
  const labels = labelsOf(code, e.alone)
  const isLabel = new Set(labels)
  // By location: the labels before it.
  const before = [0]
  for (const at of code.instructions.keys())
    before.push((before[at] ?? 0) + Number(isLabel.has(at)))
  const between = (from: Location, to: Location): number =>
    (before[to] ?? 0) - (before[from + 1] ?? 0)
  const after = (from: Location): number => labels.length - (before[from + 1] ?? 0)
  const rest = (to: Location): Code => [
    e.write(e.own(PROCESS.at), constant(to)),
    result(constant(STATUS.next)),
  ]
  const all: Noted[] = []
  let body: Code = tableOf(labels)
  for (const [at, i] of code.instructions.entries()) {
    const byte = e.memory.executed + executedFirst + at
    const mark = storeByte(e.base, byte, constant(EXECUTED))
    all.push(e.begin())
    const go = (to: Location, nesting: number): Code => {
      if (visible[to] === true) return rest(to)
      // The next instruction begins where this one ends.
      if (to === at + 1 && nesting === 0) return []
      if (!isLabel.has(to)) throw new Error(`a jump from ${at} to ${to}, which is no label`)
      if (to > at) return branch(between(at, to) + nesting)
      return [setLocal(LOCAL.at, constant(to)), branch(after(at) + nesting)]
    }
    const emitted =
      i.kind === 'end'
        ? emitEnd(e, ends, at, i.next, go)
        : i.kind === 'branch'
          ? emitBranch(e, i, byte, go)
          : emitInstruction(e, i, mark, go)
    body = [isLabel.has(at) ? block(body) : body, emitted]
  }
  const fuel = teeLocal(LOCAL.fuel, subtract(local(LOCAL.fuel), constant(1)))
  const whole = [
    setLocal(LOCAL.base, global(0)),
    setLocal(LOCAL.fuel, constant(jumpsMax)),
    loop([e.askIf(isZero(fuel)), body, e.ask]),
    constant(STATUS.ask),
  ]
  return { body: whole, noted: all }
}

/** Scalars that are kept nowhere, so that each step begins without them; none that is reached as a place. */
function passingSlots(code: ModelCode): readonly Slot[] {
  const others = new Set<Slot>()
  for (const [at, i] of code.instructions.entries()) {
    if (isVisible(i)) for (const slot of code.kept[at] ?? []) others.add(slot)
    const place = 'place' in i ? i.place : i.kind === 'grace' ? i.domain : null
    if (place?.root.kind === 'local') others.add(place.root.slot)
  }
  const isScalar = ({ type }: Slot): boolean => type.kind !== 'array' && type.kind !== 'struct'
  return code.slots.filter((slot) => !others.has(slot) && isScalar(slot))
}

/** Where control can begin or come otherwise than from the instruction before, ascending. */
function labelsOf(code: ModelCode, alone: boolean): readonly Location[] {
  const labels = new Set<Location>(alone ? [code.entry] : [])
  for (const [at, i] of code.instructions.entries()) {
    if (!alone && isVisible(i)) labels.add(at)
    // A wait goes on from inside a condition.
    const follows = i.kind !== 'either' && i.kind !== 'grace' && i.kind !== 'rcu-barrier'
    const aside = i.kind === 'branch' ? i.then : -1
    for (const to of successors(i)) if (!follows || to !== at + 1 || to === aside) labels.add(to)
  }
  return [...labels].sort((left, right) => left - right)
}

/** To the label that control is at; elsewhere it is never. */
function tableOf(labels: readonly Location[]): Code {
  const largest = labels.at(-1) ?? -1
  const depths = new Array<number>(largest + 1).fill(labels.length)
  for (const [depth, label] of labels.entries()) depths[label] = depth
  return branchTable(depths, labels.length, local(LOCAL.at))
}

/** Both ways of a branch are noted. */
function emitBranch(
  e: Emitter,
  i: Instruction & { kind: 'branch' },
  byte: number,
  go: (to: Location, nesting: number) => Code,
): Code {
  const mark = (way: number): Code => markByte(e.base, byte, EXECUTED | way)
  return [
    when(emitValue(e, i.test), [mark(WENT_THEN), go(i.then, 1)]),
    // Where both lead to one place, that is the first way.
    mark(i.then === i.otherwise ? WENT_THEN : WENT_OTHERWISE),
    go(i.otherwise, 0),
  ]
}

/** What the end of a body means: nothing more for a property; else nothing may be held. */
export interface Ends {
  readonly isProperty: boolean
  readonly isDaemon: boolean
}

function emitEnd(
  e: Emitter,
  { isProperty, isDaemon }: Ends,
  at: Location,
  next: Location,
  go: (to: Location, nesting: number) => Code,
): Code {
  if (isProperty) return result(constant(STATUS.next))
  const free = e.askIf(isZero(e.helpers.holdsNothing[e.processNumber] ?? constant(1)))
  if (isDaemon) return [free, go(next, 0)]
  return [free, e.write(e.own(PROCESS.at), constant(at)), result(constant(STATUS.next))]
}
