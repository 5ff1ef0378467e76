import type { Instruction, Location } from '../../../spec/index.js'
import { rangeOf } from '../ranges.js'
import { mightSleep } from './contexts.js'
import { numOf, testOf } from './evaluate.js'
import { performBitWait, performBitWake } from './perform-bit.js'
import {
  performBarrier,
  performCallbackBegin,
  performCallbackEnd,
  performCallRcu,
} from './perform-callback.js'
import { performContext, performGrace, performPreemptible } from './perform-context.js'
import { performHeld, performLock } from './perform-lock.js'
import { performAlloc, performDestroy, performFree, performNextLive } from './perform-object.js'
import { checkRange, resolve, usable, valueAt } from './places.js'
import type { Stretch } from './stretch.js'
import { always, and, compare, not, number, take } from './terms.js'

type Of<K extends Instruction['kind']> = Instruction & { kind: K }

/** Writes out what one instruction does; the location that follows, or null where the block has been ended. */
export function perform(s: Stretch, i: Instruction): Location | null {
  switch (i.kind) {
    case 'assign': {
      const value = numOf(s, i.value)
      checkRange(s, value, i.slot.type, i.slot.name || 'an intermediate value')
      s.assign(i.slot, value)
      return i.next
    }
    case 'clear':
      for (const slot of i.slots) s.empty(slot)
      return i.next
    case 'choose':
      return choose(s, i)
    case 'enter':
    case 'leave':
    case 'atomic':
    case 'interrupt':
      return i.next
    case 'require':
      s.fault(not(testOf(s, i.condition)), i.violation, i.message)
      return i.next
    case 'fail':
      s.fault(always, i.violation, i.message)
      return null
    case 'guard': {
      const test = testOf(s, i.condition)
      // A process is not enabled where its guard does not hold.
      if (!s.isAlone) return i.next
      const message = 'waits for a condition that nobody else is there to make true'
      s.fault(not(test), 'deadlock', message)
      return i.next
    }
    case 'load': {
      const { value, empty } = valueAt(resolve(s, i.place, i.marked))
      s.fault(empty, 'uninitialised-read', 'a value is read before it was given')
      checkRange(s, value, i.slot.type, i.slot.name || 'an intermediate value')
      s.assign(i.slot, value)
      return i.next
    }
    case 'store': {
      const value = numOf(s, i.value)
      const target = resolve(s, i.place, i.marked)
      checkRange(s, value, i.place.type, nameOf(i))
      if (i.place.root.kind === 'local') s.known.delete(i.place.root.slot)
      s.write(target, value)
      return i.next
    }
    case 'update':
      return update(s, i)
    case 'lock':
      return performLock(s, i)
    case 'assert-held':
      return performHeld(s, i)
    case 'bit-wait':
      return performBitWait(s, i)
    case 'bit-wake':
      return performBitWake(s, i)
    case 'alloc':
      return performAlloc(s, i)
    case 'free':
      return performFree(s, i)
    case 'destroy':
      return performDestroy(s, i)
    case 'touch':
      usable(s, i.pools, numOf(s, i.pointer), false)
      return i.next
    case 'next-live':
      return performNextLive(s, i)
    case 'context':
      return performContext(s, i)
    case 'preemptible':
      return performPreemptible(s, i)
    case 'might-sleep':
      mightSleep(s, i.name)
      return i.next
    case 'grace':
      return performGrace(s, i)
    case 'call-rcu':
      return performCallRcu(s, i)
    case 'rcu-barrier':
      return performBarrier(s, i)
    case 'callback-begin':
      return performCallbackBegin(s, i)
    case 'callback-end':
      return performCallbackEnd(s, i)
    case 'branch':
    case 'either':
    case 'end':
      throw new Error(`${i.kind} is control flow`)
  }
}

/** What a place is called in a message: its last member. */
export function nameOf({ place }: { readonly place: Of<'store'>['place'] }): string {
  const field = place.path.findLast((selector) => selector.kind === 'field')
  if (field?.kind === 'field') return field.name
  return place.root.kind === 'local' ? place.root.slot.name : 'the variable'
}

function choose(s: Stretch, i: Of<'choose'>): Location {
  const from = numOf(s, i.from)
  const to = numOf(s, i.to)
  s.fault(compare('>', from, to), 'bug-on', 'nothing to choose')
  const low = rangeOf(from).from
  const high = rangeOf(to).to
  const { from: least, to: most } = rangeOf(from)
  const temporary = s.fresh('choice', Math.min(low, least), Math.max(high, most))
  const values = Array.from({ length: Math.max(0, high - low + 1) }, (_, at) => number(low + at))
  const options = values.map((value) => ({
    when: and(compare('>=', value, from), compare('<=', value, to)),
    value,
  }))
  if (options.length === 0) return i.next
  s.emit({ kind: 'select', temporary, options })
  const chosen = take(temporary)
  checkRange(s, chosen, i.slot.type, i.slot.name || 'an intermediate value')
  s.assign(i.slot, chosen)
  return i.next
}

function update(s: Stretch, i: Of<'update'>): Location {
  const target = resolve(s, i.place, true)
  const { value: old, empty } = valueAt(target)
  s.fault(empty, 'uninitialised-read', 'a value is read before it was given')
  s.assign(i.old, old)
  for (const trap of i.traps) s.fault(testOf(s, trap.when), trap.kind, trap.message)
  const when = testOf(s, i.when)
  if (when.kind === 'constant') {
    if (when.value) storeUpdate(s, i, target)
    return i.next
  }
  const then = s.collect(() => storeUpdate(s, i, target))
  s.emit({ kind: 'if', test: when, then, otherwise: [] })
  return i.next
}

function storeUpdate(s: Stretch, i: Of<'update'>, target: ReturnType<typeof resolve>): void {
  const value = numOf(s, i.value)
  checkRange(s, value, i.place.type, nameOf(i))
  if (i.place.root.kind === 'local') s.known.delete(i.place.root.slot)
  s.write(target, value)
}
