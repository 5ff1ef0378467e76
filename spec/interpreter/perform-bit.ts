import type { Instruction, Location } from '../system/system.js'
import type { Frame } from './frame.js'
import { mightSleep } from './might-sleep.js'
import { pathOf, printPlace, resolve } from './place.js'
import type { Run } from './run.js'
import { BlockedSignal, TrapSignal } from './signal.js'

type BitInstruction = Instruction & { kind: 'bit-wait' | 'bit-wake' }

/** Bit locks (rule 6): a waiter parks until somebody wakes it; clearing the bit alone wakes nobody. */
export function performBit(run: Run, i: BitInstruction): Location | null {
  return i.kind === 'bit-wait' ? wait(run, i) : wake(run, i)
}

function wait(run: Run, i: Instruction & { kind: 'bit-wait' }): Location | null {
  if (run.parked === 1) throw new BlockedSignal(run)
  const cell = resolve(i.place, run.frame, run.memory, true)
  run.operands.push(cell.path)
  mightSleep(run, i.take ? 'wait_on_bit_lock' : 'wait_on_bit')
  const word = Number(cell.container[cell.key])
  if (((word >> i.bit) & 1) === 0) {
    if (i.take) cell.container[cell.key] = word | (1 << i.bit)
    return i.next
  }
  if (run.alone) {
    const name = printPlace(i.place, run.frame)
    throw new TrapSignal(
      'deadlock',
      `init waits for a bit of ${name}, which nobody is there to clear`,
    )
  }
  run.parked = 1
  return null
}

function wake(run: Run, i: Instruction & { kind: 'bit-wake' }): Location {
  const cell = resolve(i.place, run.frame, run.memory, true)
  run.operands.push(cell.path)
  if (i.clear) cell.container[cell.key] = Number(cell.container[cell.key]) & ~(1 << i.bit)
  const here = pathOf(i.place, run.frame)
  for (const [process, state] of run.memory.processes.entries()) {
    if (state.parked === 1 && waitsOn(run, process) === `${here}#${i.bit}`) state.parked = 0
  }
  return i.next
}

/** The place and bit a parked process sleeps on. */
function waitsOn(run: Run, process: number): string {
  const { system } = run.facts
  const instance = system.processes[process]
  const code = instance && system.codes[instance.code]
  const state = run.memory.processes[process]
  if (!code || !state) return ''
  const instruction = code.instructions[state.at]
  if (instruction?.kind !== 'bit-wait') return ''
  const frame: Frame = {
    system,
    code,
    process,
    family: instance.family,
    locals: state.locals,
  }
  return `${pathOf(instruction.place, frame)}#${instruction.bit}`
}
