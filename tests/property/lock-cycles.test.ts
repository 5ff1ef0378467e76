import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Engine } from '../../checker/engine/engine.js'
import { lockCycles } from '../../checker/property/lock-cycles.js'
import { LockOrders } from '../../checker/property/lock-order.js'
import type { Acquisition, HeldLock } from '../../spec/index.js'
import { graph } from '../helpers/graph.js'
import { Random } from '../helpers/random.js'

/** Circles among random lock orders, against trying every list of orders. */
const cycles = suite('property: lock cycles')

const SETS = 400
const PROCESSES = ['p', 'q', 'r', 's']
const LOCKS = ['a', 'b', 'c', 'd']

type Table = readonly Acquisition[]

/** An engine whose n-th state shows the n-th acquisition of a table. */
function engineOf(table: Table): Engine {
  const toy = graph(...PROCESSES.map((process) => `x ${process}>x`)).engine()
  return {
    ...toy,
    acquisition: (state, process) => {
      const shown = table[state[0] ?? -1]
      return shown?.process === process ? shown : null
    },
  }
}

function found(table: Table, end = table.length): readonly string[] {
  const engine = engineOf(table)
  const orders = new LockOrders(engine)
  for (const id of table.keys()) orders.note(id, Uint32Array.of(id))
  return lockCycles(engine.system, orders, end - 1)
    .map((cycle) => cycle.map(({ from }) => from.name))
    .map((locks) => `${locks.length} ${[...locks].sort().join('')}`)
    .sort()
}

interface Edge {
  readonly from: HeldLock
  readonly acquisition: Acquisition
}

/** By the definition: every list of edges without a process or a lock twice. */
function expected(table: Table): readonly string[] {
  const edges = table.flatMap((acquisition) =>
    acquisition.held.map((from) => ({ from, acquisition })),
  )
  const circles = new Set<string>()
  const extend = (chain: readonly Edge[]): void => {
    const last = chain.at(-1)
    if (last !== undefined && isCircle(chain)) {
      const locks = chain.map(({ from }) => from.name).sort()
      circles.add(`${locks.length} ${locks.join('')}`)
    }
    for (const edge of edges) {
      if (last !== undefined && edge.from.name !== last.acquisition.wanted.name) continue
      if (chain.some((other) => !fits(other, edge))) continue
      extend([...chain, edge])
    }
  }
  extend([])
  return [...circles].sort()
}

function fits(one: Edge, other: Edge): boolean {
  if (one.acquisition.process === other.acquisition.process) return false
  if (one.from.name === other.from.name) return false
  return one.acquisition.held.every((mine) =>
    other.acquisition.held.every((theirs) => {
      return mine.name !== theirs.name || (mine.mode === 'read' && theirs.mode === 'read')
    }),
  )
}

function isCircle(chain: readonly Edge[]): boolean {
  if (chain.length < 2 || chain.at(-1)?.acquisition.wanted.name !== chain[0]?.from.name)
    return false
  return chain.some(({ acquisition }, at) => {
    const next = chain[(at + 1) % chain.length]
    return acquisition.wanted.mode === 'write' || next?.from.mode === 'write'
  })
}

function randomTable(random: Random): Table {
  const toy = graph('x').engine().system
  const site = toy.codes[0]?.instructions[0]?.site
  if (site === undefined) throw new Error('a toy without a place')
  const mode = () => random.pick(['read', 'write', 'write'] as const)
  return random.list(2, 9, () => {
    const [wanted = 'a', ...others] = shuffled(random, LOCKS)
    const names = others.slice(0, random.integer(1, 2)).sort()
    return {
      process: random.integer(0, PROCESSES.length - 1),
      wanted: { name: wanted, mode: mode() },
      held: names.map((name) => ({ name, mode: mode() })),
      site,
    }
  })
}

function shuffled(random: Random, items: readonly string[]): string[] {
  const left = [...items]
  return items.map(() => left.splice(random.integer(0, left.length - 1), 1)[0] ?? '')
}

cycles('of every set of locks that can be waited for in a circle there is one', () => {
  let circles = 0
  for (let seed = 1; seed <= SETS; seed++) {
    const table = randomTable(new Random(seed))
    assert.equal(found(table), expected(table), `seed ${seed}`)
    circles += expected(table).length
  }
  assert.ok(circles > SETS / 2)
})

cycles('only what states up to a depth have shown counts', () => {
  for (let seed = 1; seed <= 50; seed++) {
    const table = randomTable(new Random(seed))
    for (const end of table.keys()) {
      assert.equal(found(table, end), expected(table.slice(0, end)), `seed ${seed}`)
    }
  }
})

cycles.run()
