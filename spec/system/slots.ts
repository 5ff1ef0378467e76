import type { Expr, Place, Slot } from './expression.js'
import type { Instruction } from './system.js'

/** The slots an expression reads. */
export function slotsIn(e: Expr, found: Slot[] = []): Slot[] {
  switch (e.kind) {
    case 'slot':
      found.push(e.slot)
      return found
    case 'unary':
      return slotsIn(e.operand, found)
    case 'binary':
    case 'same-address':
      return slotsIn(e.right, slotsIn(e.left, found))
    case 'conditional':
      return slotsIn(e.otherwise, slotsIn(e.then, slotsIn(e.test, found)))
    case 'object':
      return slotsIn(e.index, found)
    case 'advance':
      return slotsIn(e.by, slotsIn(e.pointer, found))
    case 'index-in-pool':
      return slotsIn(e.pointer, found)
    default:
      return found
  }
}

function slotsInPlace(place: Place, found: Slot[] = []): Slot[] {
  if (place.root.kind === 'object') slotsIn(place.root.pointer, found)
  if (place.root.kind === 'local') found.push(place.root.slot)
  for (const selector of place.path) if (selector.kind === 'index') slotsIn(selector.index, found)
  return found
}

/** The slots an instruction reads before it writes any. */
export function uses(i: Instruction): readonly Slot[] {
  const found: Slot[] = []
  switch (i.kind) {
    case 'assign':
      return slotsIn(i.value)
    case 'branch':
      return slotsIn(i.test)
    case 'choose':
      return slotsIn(i.to, slotsIn(i.from))
    case 'require':
    case 'guard':
      return slotsIn(i.condition)
    case 'load':
    case 'lock':
    case 'assert-held':
    case 'bit-wait':
    case 'bit-wake':
      return slotsInPlace(i.place)
    case 'store':
      return slotsIn(i.value, slotsInPlace(i.place))
    case 'update':
      slotsInPlace(i.place, found)
      for (const trap of i.traps) slotsIn(trap.when, found)
      slotsIn(i.value, slotsIn(i.when, found))
      return found.filter((slot) => slot !== i.old)
    case 'alloc':
      if (i.object) slotsIn(i.object, found)
      if (i.flags) slotsIn(i.flags, found)
      return found
    case 'free':
    case 'touch':
      return slotsIn(i.pointer)
    case 'next-live':
      return slotsIn(i.from)
    case 'grace':
      return i.domain ? slotsInPlace(i.domain) : found
    case 'call-rcu':
      return slotsInPlace(i.place)
    case 'callback-end':
      return slotsIn(i.head)
    default:
      return found
  }
}

/** The slots an instruction gives a value (or empties). */
export function definitions(i: Instruction): readonly Slot[] {
  switch (i.kind) {
    case 'assign':
    case 'choose':
    case 'load':
    case 'alloc':
    case 'next-live':
    case 'preemptible':
      return [i.slot]
    case 'callback-begin':
      return [i.head, i.callback, ...i.objects]
    case 'update':
      return [i.old]
    case 'lock':
      return i.result ? [i.result] : []
    case 'clear':
      return i.slots
    default:
      return []
  }
}
