import { headPlaces, type Instruction, type Section } from '../../../spec/index.js'
import { memberAt, PROCESS } from './cells.js'
import {
  add,
  and,
  type Code,
  call,
  constant,
  equal,
  greater,
  greaterOrEqual,
  isZero,
  less,
  load,
  notEqual,
  or,
  result,
  select,
  shiftLeft,
  store,
  when,
  xor,
} from './code.js'
import { type Emitter, STATUS } from './emitter.js'
import { emitValue } from './expressions.js'
import { emitMightSleep, myBit, others } from './locks.js'
import { at, emitPlace } from './places.js'

/** Contexts, RCU and SRCU (rules 6 and 7), as `spec/interpreter/perform-rcu.ts` says them. */

type Of<K extends Instruction['kind']> = Instruction & { kind: K }

const sectionCell: Readonly<Record<Section, number>> = {
  preempt: PROCESS.preempt,
  irqs: PROCESS.irqs,
  bh: PROCESS.bh,
  rcu: PROCESS.rcu,
}
const deepest = 7

export function emitRcu(e: Emitter, i: Instruction, executed: Code, go: Code): Code {
  switch (i.kind) {
    case 'context': {
      if (e.alone) return [executed, go]
      const offset = 4 * sectionCell[i.which]
      const depth = e.keep(add(load(e.own, offset), constant(i.by)))
      const bad = or(less(depth.get, constant(0)), greater(depth.get, constant(deepest)))
      const leave = call(e.helpers.leave.index, e.process)
      return [executed, depth.set, e.askIf(bad), store(e.own, offset, depth.get), leave, go]
    }
    case 'might-sleep':
      return [executed, emitMightSleep(e), go]
    case 'grace':
      return emitGrace(e, i, executed, go)
    case 'call-rcu': {
      const head = emitPlace(e, i.place, false)
      return [
        executed,
        head.set,
        e.askIf(greaterOrEqual(at(head), constant(0))),
        store(head.get, head.offset, constant(i.callback)),
        store(head.get, head.offset + 4, rcuReaders(e)),
        go,
      ]
    }
    case 'rcu-barrier':
      return emitBarrier(e, executed, go)
    case 'callback-begin':
      return emitCallbackBegin(e, i, executed, go)
    case 'callback-end': {
      const bit = e.keep(shiftLeft(constant(1), emitValue(e, i.head)))
      const offset = 4 * PROCESS.awaits
      const clear = others(e, 'rcu-barrier', (other) =>
        store(other.own, offset, and(load(other.own, offset), xor(bit.get, constant(-1)))),
      )
      return [executed, bit.set, clear, go]
    }
    case 'interrupt': {
      const may = call(e.helpers.mayInterrupt.index, e.process)
      return [executed, e.blockIf(isZero(may)), go]
    }
    default:
      // `preemptible` and whatever is rare: the reference engine knows.
      return e.ask
  }
}

/** A mask of the processes that read RCU now. */
function rcuReaders(e: Emitter): Code {
  return e.system.processes
    .map((_, process) =>
      shiftLeft(call(e.helpers.readsRcu.index, constant(process)), constant(process)),
    )
    .reduce<Code>((all, one) => or(all, one), constant(0))
}

const butMe = (mask: Code): Code => and(mask, xor(myBit, constant(-1)))

/** A wait in two steps: `begin` ends with the mask of those waited for, and the step; then nobody may be left. */
function emitWait(e: Emitter, begin: Code, executed: Code, go: Code): Code {
  // `go` may lead on by falling off its end: it stands in no inner block.
  return [
    when(isZero(load(e.own, 4 * PROCESS.awaiting)), [executed, begin]),
    e.blockIf(load(e.own, 4 * PROCESS.awaits)),
    executed,
    store(e.own, 4 * PROCESS.awaiting, constant(0)),
    go,
  ]
}

const waitFor = (e: Emitter, mask: Code): Code => [
  store(e.own, 4 * PROCESS.awaits, mask),
  store(e.own, 4 * PROCESS.awaiting, constant(1)),
  result(constant(STATUS.next)),
]

function emitGrace(e: Emitter, i: Of<'grace'>, executed: Code, go: Code): Code {
  if (i.domain === null) {
    const inReader = e.askIf(load(e.own, 4 * PROCESS.rcu))
    const begin = [inReader, emitMightSleep(e), waitFor(e, butMe(rcuReaders(e)))]
    return emitWait(e, begin, executed, go)
  }
  const domain = emitPlace(e, i.domain, false)
  const readers = e.system.processes
    .map((_, process) =>
      shiftLeft(notEqual(at(domain, 1 + process), constant(0)), constant(process)),
    )
    .reduce<Code>((all, one) => or(all, one), constant(0))
  const mask = e.keep(readers)
  const inReader = e.askIf(and(mask.get, myBit))
  const begin = [domain.set, mask.set, inReader, emitMightSleep(e), waitFor(e, mask.get)]
  return emitWait(e, begin, executed, go)
}

/** Byte offsets of all heads, by number. */
export function headOffsets(e: Emitter): readonly number[] {
  return headPlaces(e.system).map((place) => {
    const pool = e.system.pools.findIndex(({ name }) => name === place.pool)
    const layout = e.cells.pools[pool]
    const storage = e.system.pools[pool]
    if (!layout || !storage) throw new Error('a head in no pool')
    const member = memberAt(storage.type, place.field, e.cells.processCount)
    return e.memory.work + 4 * (layout.first + place.index * layout.stride + 1 + member.offset)
  })
}

function emitBarrier(e: Emitter, executed: Code, go: Code): Code {
  const queued = headOffsets(e)
    .map((offset, number) =>
      shiftLeft(greaterOrEqual(load(e.base, offset), constant(0)), constant(number)),
    )
    .reduce<Code>((all, one) => or(all, one), constant(0))
  const inReader = e.askIf(load(e.own, 4 * PROCESS.rcu))
  const begin = [inReader, emitMightSleep(e), waitFor(e, or(queued, runningHead(e)))]
  return emitWait(e, begin, executed, go)
}

/** The bit of the head whose callback executes now. */
function runningHead(e: Emitter): Code {
  const process = e.system.processes.findIndex((instance) => instance.callbacks)
  const code = e.system.codes[e.system.processes[process]?.code ?? -1]
  const first = code?.instructions.find((i) => i.kind === 'callback-begin')
  if (!code || first?.kind !== 'callback-begin') return constant(0)
  const { emitter, enter } = e.as(process)
  const idle = [...code.idle]
    .map((location) => equal(load(emitter.own, 0), constant(location)))
    .reduce<Code>((all, one) => or(all, one), constant(0))
  const bit = shiftLeft(constant(1), load(emitter.own, emitter.slotOffset(first.head)))
  return [enter, select(constant(0), bit, idle)]
}

function emitCallbackBegin(e: Emitter, i: Of<'callback-begin'>, executed: Code, go: Code): Code {
  const heads = headOffsets(e)
  const places = headPlaces(e.system)
  const isReady = (offset: number): Code =>
    and(greaterOrEqual(load(e.base, offset), constant(0)), isZero(load(e.base, offset + 4)))
  const ready = e.keep(heads.reduce<Code>((sum, offset) => add(sum, isReady(offset)), constant(0)))
  const choice = e.temporary()
  const chosen = e.getTemporary(choice)
  const done = e.temporary()
  const cells = (slot: (typeof i.objects)[number]): number => e.slotOffset(slot)
  const take = heads.map((offset, number) => {
    const callback = load(e.base, offset)
    const begin: Code = [
      e.setTemporary(done, constant(1)),
      store(e.own, cells(i.head), constant(number)),
      store(e.own, cells(i.callback), callback),
      i.objects.map((slot, at) => {
        const object = constant(places[number]?.object ?? 0)
        const value = select(object, constant(0), equal(callback, constant(at)))
        return store(e.own, cells(slot), value)
      }),
      store(e.base, offset, constant(-1)),
      store(e.base, offset + 4, constant(0)),
    ]
    const isNext = and(isReady(offset), isZero(e.getTemporary(done)))
    return when(isNext, [
      when(isZero(chosen), begin),
      e.setTemporary(choice, add(chosen, constant(-1))),
    ])
  })
  return [
    ready.set,
    e.blockIf(isZero(ready.get)),
    executed,
    e.setTemporary(done, constant(0)),
    e.setTemporary(choice, call(e.helpers.pick.index, ready.get)),
    take,
    go,
  ]
}
