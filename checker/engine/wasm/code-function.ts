import {
  EXECUTED,
  type Instruction,
  isVisible,
  type Location,
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
 * and returns a status. Instructions follow each other as blocks; other jumps go through a table.
 */
export function emitCode(e: Emitter, executedFirst: number, ends: Ends): EmittedCode {
  const { code } = e
  const count = code.instructions.length
  const visible = code.instructions.map((i) => !e.alone && isVisible(i))
  const jump = (to: Location, depth: number): Code => [
    setLocal(LOCAL.at, constant(to)),
    branch(depth),
  ]
  const rest = (to: Location): Code => [
    e.write(e.own(PROCESS.at), constant(to)),
    result(constant(STATUS.next)),
  ]
  const all: Noted[] = []
  let body: Code = branchTable(
    Array.from({ length: count }, (_, at) => at),
    count - 1,
    local(LOCAL.at),
  )
  for (const [at, i] of code.instructions.entries()) {
    const depth = count - 1 - at
    const byte = e.memory.executed + executedFirst + at
    const mark = storeByte(e.base, byte, constant(EXECUTED))
    all.push(e.begin())
    const go = (to: Location, nesting: number): Code => {
      if (visible[to] === true) return rest(to)
      // The next block begins where this one ends.
      if (to === at + 1 && nesting === 0) return []
      return jump(to, depth + nesting)
    }
    const emitted =
      i.kind === 'end'
        ? emitEnd(e, ends, at, i.next, go)
        : i.kind === 'branch'
          ? emitBranch(e, i, byte, go)
          : emitInstruction(e, i, mark, go)
    body = [block(body), emitted]
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
