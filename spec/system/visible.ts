import type { Place } from './expression.js'
import type { Instruction, Location } from './system.js'

/**
 * Rule 1 and 2: an instruction is a step of its own, and so a place where a process can rest, when it touches
 * shared state or is a primitive, outside of any region.
 */
export function isVisible(instruction: Instruction): boolean {
  if (instruction.region !== 0) return false
  switch (instruction.kind) {
    case 'load':
    case 'store':
    case 'update':
      return isShared(instruction.place)
    case 'lock':
    case 'assert-held':
    case 'bit-wait':
    case 'bit-wake':
    case 'alloc':
    case 'free':
    case 'destroy':
    case 'touch':
    case 'next-live':
    case 'context':
    case 'might-sleep':
    case 'grace':
    case 'call-rcu':
    case 'rcu-barrier':
    case 'callback-begin':
    case 'callback-end':
    case 'atomic':
      return true
    default:
      return false
  }
}

const isShared = (place: Place): boolean => place.root.kind !== 'local'

/** Where control may go after an instruction. */
export function successors(instruction: Instruction): readonly Location[] {
  switch (instruction.kind) {
    case 'branch':
      return [instruction.then, instruction.otherwise]
    case 'either':
      return instruction.targets
    case 'fail':
      return []
    default:
      return [instruction.next]
  }
}
