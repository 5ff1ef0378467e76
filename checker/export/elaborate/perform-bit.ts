import type { Instruction, Location } from '../../../spec/index.js'
import type { Num, Test } from '../program.js'
import { scopeAtRest } from './at-rest.js'
import { mightSleep } from './contexts.js'
import { ownRead } from './locals.js'
import { locate, resolve, type Target, valueAt } from './places.js'
import { forAll, guarded } from './procedures.js'
import type { Stretch } from './stretch.js'
import { and, arithmetic, equal, equals, isTrue, number, or } from './terms.js'

type Of<K extends Instruction['kind']> = Instruction & { kind: K }

/** A word with only that bit, as a signed int. */
const mask = (bit: number): Num => number(1 << bit)

export function performBitWait(s: Stretch, i: Of<'bit-wait'>): Location | null {
  const target = resolve(s, i.place, true)
  mightSleep(s, i.take ? 'wait_on_bit_lock' : 'wait_on_bit')
  const word = valueAt(target).value
  const isSet = isTrue(arithmetic('&', word, mask(i.bit)))
  if (s.isAlone) {
    s.fault(isSet, 'deadlock', 'init waits for a bit, which nobody is there to clear')
  } else {
    const parked = s.store?.parked
    if (!parked) throw new Error('nobody sleeps on a bit')
    const free = s.fork(isSet)
    const { at, known } = s
    s.emit({ kind: 'set', variable: parked, indexes: s.own, value: number(1) })
    s.stay()
    s.enter(free, at, known)
  }
  if (i.take) s.write(target, arithmetic('|', word, mask(i.bit)))
  return i.next
}

export function performBitWake(s: Stretch, i: Of<'bit-wake'>): Location {
  const target = resolve(s, i.place, true)
  if (i.clear) {
    const { value } = valueAt(target)
    s.write(target, arithmetic('&', value, number(~(1 << i.bit))))
  }
  for (const other of s.world.codes) {
    const { parked } = other
    if (!parked) continue
    const woken = forAll(parked.dimensions, (indexes) => {
      const process = indexes[0] ?? other.self
      const sleeping = [...other.flow.resting].map((at): Test => {
        const wait = other.code.instructions[at]
        if (wait?.kind !== 'bit-wait' || wait.bit !== i.bit) return or()
        const place = locate(scopeAtRest(s.world, other, process, at), wait.place)
        return and(equals(ownRead(other, other.at, process), at), samePlace(place, target))
      })
      const test = and(isTrue(ownRead(other, parked, process)), or(...sleeping))
      return guarded(test, [{ kind: 'set', variable: parked, indexes, value: number(0) }])
    })
    for (const statement of woken) s.emit(statement)
  }
  return i.next
}

function samePlace(one: Target, other: Target): Test {
  if (one.kind !== 'stored' || other.kind !== 'stored' || one.store !== other.store) return or()
  return and(...one.indexes.map((index, at) => equal(index, other.indexes[at] ?? number(0))))
}
