import type { Slot } from '../system/expression.js'
import type { Frame } from './frame.js'
import { checkRange } from './place.js'

/** Gives a local its value, inside its range. */
export function put(frame: Frame, slot: Slot, value: number): void {
  checkRange(value, slot.type, slot.name || 'an intermediate value')
  frame.locals[slot.index] = value
}
