import { headPlaces, type Instruction, type Section } from '../../../spec/index.js'
import { type Cells, memberAt, PROCESS } from './cells.js'
import {
  add,
  and,
  anyOf,
  type Code,
  constant,
  equal,
  greater,
  greaterOrEqual,
  isZero,
  less,
  notEqual,
  or,
  result,
  select,
  shiftLeft,
  when,
  xor,
} from './code.js'
import { type Address, type Emitter, moved, read, STATUS } from './emitter.js'
import { emitValue } from './expressions.js'
import { bitOf, emitMightSleep, others } from './locks.js'
import { emitPlace } from './places.js'

/** How control goes on, as in `instructions.ts`. */
type Go = (location: number, nesting: number) => Code

/** Contexts, RCU and SRCU (rules 6 and 7), as `spec/interpreter/perform-rcu.ts` says them. */

type Of<K extends Instruction['kind']> = Instruction & { kind: K }

const sectionCell: Readonly<Record<Section, number>> = {
  preempt: PROCESS.preempt,
  irqs: PROCESS.irqs,
  bh: PROCESS.bh,
  rcu: PROCESS.rcu,
}
const deepest = 7

export function emitRcu(e: Emitter, i: Instruction, executed: Code, goTo: Go): Code {
  const go = goTo(i.next, 0)
  switch (i.kind) {
    case 'context': {
      if (e.alone) return [executed, go]
      const section = e.own(sectionCell[i.which])
      const depth = e.keep(add(read(section), constant(i.by)))
      const bad = or(less(depth.get, constant(0)), greater(depth.get, constant(deepest)))
      const leave = e.helpers.leave[e.processNumber]
      const left = leave && i.by < 0 ? e.writing(leave) : []
      return [executed, depth.set, e.askIf(bad), e.write(section, depth.get), left, go]
    }
    case 'might-sleep':
      return [executed, emitMightSleep(e), go]
    case 'grace':
      return emitGrace(e, i, executed, finish(e, executed, goTo(i.next, 1)))
    case 'call-rcu': {
      const head = emitPlace(e, i.place, false)
      return [
        executed,
        head.set,
        e.askIf(greaterOrEqual(read(head), constant(0))),
        e.write(head, constant(i.callback)),
        e.write(moved(head, 1), rcuReaders(e)),
        go,
      ]
    }
    case 'rcu-barrier':
      return emitBarrier(e, executed, finish(e, executed, goTo(i.next, 1)))
    case 'callback-begin':
      return emitCallbackBegin(e, i, executed, go)
    case 'callback-end': {
      const bit = e.keep(shiftLeft(constant(1), emitValue(e, i.head)))
      const clear = others(e, 'rcu-barrier', (other) => {
        const awaits = other.own(PROCESS.awaits)
        return e.write(awaits, and(read(awaits), xor(bit.get, constant(-1))))
      })
      return [executed, bit.set, clear, go]
    }
    case 'interrupt': {
      const may = e.helpers.mayInterrupt[e.processNumber] ?? constant(1)
      return [executed, e.blockIf(isZero(may)), go]
    }
    default:
      // `preemptible` and whatever is rare: the reference engine knows.
      return e.ask
  }
}

/** A mask of the processes that read RCU now. */
function rcuReaders(e: Emitter): Code {
  return anyOf(e.helpers.readsRcu.map((reads, process) => shiftLeft(reads, constant(process))))
}

const butMe = (e: Emitter, mask: Code): Code => and(mask, constant(~bitOf(e)))

/** The second half of a wait; `go` leaves. */
function finish(e: Emitter, executed: Code, go: Code): Code {
  return [
    e.blockIf(read(e.own(PROCESS.awaits))),
    executed,
    e.write(e.own(PROCESS.awaiting), constant(0)),
    go,
  ]
}

const begin = (e: Emitter, mask: Code): Code => [
  e.write(e.own(PROCESS.awaits), mask),
  e.write(e.own(PROCESS.awaiting), constant(1)),
  result(constant(STATUS.next)),
]

function emitGrace(e: Emitter, i: Of<'grace'>, executed: Code, finished: Code): Code {
  const waiting = read(e.own(PROCESS.awaiting))
  if (i.domain === null) {
    return [
      when(waiting, finished),
      executed,
      e.askIf(read(e.own(PROCESS.rcu))),
      emitMightSleep(e),
      begin(e, butMe(e, rcuReaders(e))),
    ]
  }
  const domain = emitPlace(e, i.domain, false)
  const readers = e.system.processes.map((_, process) =>
    shiftLeft(notEqual(read(moved(domain, 1 + process)), constant(0)), constant(process)),
  )
  const mask = e.keep(anyOf(readers))
  return [
    when(waiting, finished),
    executed,
    domain.set,
    mask.set,
    e.askIf(and(mask.get, constant(bitOf(e)))),
    emitMightSleep(e),
    begin(e, mask.get),
  ]
}

/** The cells of all heads, by number. */
export function headCells(cells: Cells): readonly number[] {
  return headPlaces(cells.system).map((place) => {
    const pool = cells.system.pools.findIndex(({ name }) => name === place.pool)
    const layout = cells.pools[pool]
    const storage = cells.system.pools[pool]
    if (!layout || !storage) throw new Error('a head in no pool')
    const member = memberAt(storage.type, place.field, cells.processCount)
    return layout.first + place.index * layout.stride + 1 + member.offset
  })
}

function emitBarrier(e: Emitter, executed: Code, finished: Code): Code {
  const queued = headCells(e.cells).map((cell, number) =>
    shiftLeft(greaterOrEqual(read(e.cell(cell)), constant(0)), constant(number)),
  )
  return [
    when(read(e.own(PROCESS.awaiting)), finished),
    executed,
    e.askIf(read(e.own(PROCESS.rcu))),
    emitMightSleep(e),
    begin(e, or(anyOf(queued), runningHead(e))),
  ]
}

/** The bit of the head whose callback executes now. */
function runningHead(e: Emitter): Code {
  const process = e.system.processes.findIndex((instance) => instance.callbacks)
  const code = e.system.codes[e.system.processes[process]?.code ?? -1]
  const first = code?.instructions.find((i) => i.kind === 'callback-begin')
  if (!code || first?.kind !== 'callback-begin') return constant(0)
  const runner = e.as(process)
  const at = read(runner.own(PROCESS.at))
  const idle = anyOf([...code.idle].map((location) => equal(at, constant(location))))
  const bit = shiftLeft(constant(1), read(runner.slot(first.head)))
  return select(constant(0), bit, idle)
}

function emitCallbackBegin(e: Emitter, i: Of<'callback-begin'>, executed: Code, go: Code): Code {
  const heads = headCells(e.cells).map((cell) => e.cell(cell))
  const places = headPlaces(e.system)
  const isReady = (head: Address): Code =>
    and(greaterOrEqual(read(head), constant(0)), isZero(read(moved(head, 1))))
  const ready = e.keep(heads.reduce<Code>((sum, head) => add(sum, isReady(head)), constant(0)))
  const choice = e.temporary()
  const chosen = e.getTemporary(choice)
  const done = e.temporary()
  const take = heads.map((head, number) => {
    const callback = read(head)
    const begin: Code = [
      e.setTemporary(done, constant(1)),
      e.setSlot(i.head, constant(number)),
      e.setSlot(i.callback, callback),
      i.objects.map((slot, at) => {
        const object = constant(places[number]?.object ?? 0)
        return e.setSlot(slot, select(object, constant(0), equal(callback, constant(at))))
      }),
      e.write(head, constant(-1)),
      e.write(moved(head, 1), constant(0)),
    ]
    const isNext = and(isReady(head), isZero(e.getTemporary(done)))
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
    e.setTemporary(choice, e.pick(ready.get)),
    take,
    go,
  ]
}
