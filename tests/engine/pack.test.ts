import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type Layout, layoutOf, type Shape } from '../../checker/engine/layout.js'
import { pack, TooManyReaders, unpack, unpackLocation } from '../../checker/engine/pack.js'
import { type State, stateKey, type TransitionSystem } from '../../spec/index.js'
import { Random } from '../helpers/random.js'
import { randomState } from '../helpers/random-state.js'
import { randomSystem } from '../helpers/random-system.js'

const packing = suite('engine: layout and packing')

const SYSTEMS = 400
const STATES_PER_SYSTEM = 20

/** Calls `visit` for many random systems; a failure names the seed. */
function eachSystem(visit: (system: TransitionSystem, random: Random) => void): void {
  for (let seed = 1; seed <= SYSTEMS; seed++) {
    const random = new Random(seed)
    try {
      visit(randomSystem(random), random)
    } catch (problem) {
      throw new Error(`seed ${seed}: ${(problem as Error).message}`, { cause: problem })
    }
  }
}

packing('unpack(pack(state)) is the state, and equal words are equal states', () => {
  eachSystem((system, random) => {
    const layout = layoutOf(system)
    const seen = new Map<string, string>()
    for (let count = 0; count < STATES_PER_SYSTEM; count++) {
      const state = randomState(system, random)
      const words = pack(layout, state)
      assert.is(words.length, layout.stateWords)
      assert.is(stateKey(unpack(layout, words)), stateKey(state))
      assert.is(seen.get(words.join()) ?? stateKey(state), stateKey(state))
      seen.set(words.join(), stateKey(state))
      for (const [process, { at }] of state.processes.entries()) {
        assert.is(unpackLocation(layout, words, process), at)
      }
    }
  })
})

packing('no field crosses a multiple of 64 bits, and none lies on another', () => {
  eachSystem((system) => {
    const layout = layoutOf(system)
    const taken = new Set<number>()
    const take = (bits: readonly number[]) => {
      for (const bit of bits) {
        assert.not.ok(taken.has(bit), `bit ${bit} twice`)
        assert.ok(bit < layout.stateBits)
        taken.add(bit)
      }
    }
    for (const group of groupsOf(layout)) take(group)
    assert.is(layout.stateWords, Math.max(1, Math.ceil(layout.stateBits / 32)))
  })
})

/** The bits of each part of the state that is there at the same time as the others; cells as the union of their slots. */
function groupsOf(layout: Layout): number[][] {
  const groups: number[][] = []
  const named = [
    ...layout.shared,
    ...layout.pools.flatMap(({ objects }) => objects.flatMap(({ fields }) => fields)),
  ]
  for (const { shape } of named) groups.push(...bitsIn(shape))
  for (const { objects } of layout.pools) {
    for (const { alive } of objects) groups.push(bitsOf(alive))
  }
  for (const { location, parked, sections, awaits, kept, cellCount } of layout.processes) {
    groups.push(bitsOf(location))
    if (parked !== null) groups.push(bitsOf(parked))
    groups.push(...sections.map(({ field }) => bitsOf(field)))
    if (awaits !== null) {
      groups.push(bitsOf(awaits.begun))
      const members = [...awaits.members.values()].flat()
      groups.push([...new Set(members.flatMap(({ field }) => bitsOf(field)))])
    }
    for (let cell = 0; cell < cellCount; cell++) {
      const parts = [...kept.values()].flat().filter(({ index }) => index === cell)
      groups.push([...new Set(parts.flatMap(({ shape }) => bitsIn(shape).flat()))])
    }
  }
  return groups
}

function bitsIn(shape: Shape): number[][] {
  switch (shape.kind) {
    case 'scalar':
      return [bitsOf(shape.field)]
    case 'lock':
      return [shape.owner, ...[...shape.readers, ...shape.waiting].map(({ field }) => field)].map(
        bitsOf,
      )
    case 'head':
      return [shape.callback, ...shape.readers.map(({ field }) => field)].map(bitsOf)
    case 'array':
      return shape.items.flatMap(bitsIn)
    case 'struct':
      return shape.fields.flatMap((field) => bitsIn(field.shape))
  }
}

function bitsOf({ offset, width }: { offset: number; width: number }): number[] {
  const bits = Array.from({ length: width }, (_, bit) => offset + bit)
  if (width > 0) assert.is(Math.floor(offset / 64), Math.floor((offset + width - 1) / 64))
  return bits
}

packing('a value that does not fit is never bent', () => {
  const system = oneVariable({ kind: 'int', from: 0, to: 5, inferred: false })
  const layout = layoutOf(system)
  const state = (value: number | null): State => ({
    shared: { v: value },
    pools: {},
    processes: [],
  })
  assert.equal(unpack(layout, pack(layout, state(5))), state(5))
  for (const value of [6, 7, 8, -1, null, 1.5, Number.NaN]) {
    assert.throws(() => pack(layout, state(value)), /v cannot be/, String(value))
  }
})

packing('a lock that is used by one who cannot use it does not fit', () => {
  const system = oneVariable({ kind: 'lock', which: 'rwsem' })
  const layout = layoutOf(system)
  const state = (readers: readonly number[], waiting: readonly number[], owner = -1): State => {
    return { shared: { v: { owner, readers, waiting } }, pools: {}, processes: [] }
  }
  assert.is(layout.stateBits, 0)
  assert.is(pack(layout, state([], [])).length, 1)
  assert.throws(() => pack(layout, state([0], [])), /v is used by one who cannot use it/)
  assert.throws(() => pack(layout, state([], [0])), /v is used by one who cannot use it/)
  assert.throws(() => pack(layout, state([], [], 0)), /v.owner cannot be 0/)
})

packing('more readers than a state can hold are a bound of their own, not a wrapped count', () => {
  const system = systemWithReader()
  const layout = layoutOf(system)
  const state = (times: number): State => {
    const readers = new Array<number>(times).fill(0)
    const sections = { preempt: 0, irqs: 0, bh: 0, rcu: 0 }
    const processes = [{ at: 0, parked: 0, sections, awaits: null, locals: [] }]
    return { shared: { v: { owner: -1, readers, waiting: [] } }, pools: {}, processes }
  }
  assert.equal(unpack(layout, pack(layout, state(3))), state(3))
  let thrown: unknown = null
  try {
    pack(layout, state(4))
  } catch (problem) {
    thrown = problem
  }
  assert.instance(thrown, TooManyReaders)
  assert.is((thrown as TooManyReaders).lock, 'v')
})

packing('what a process cannot be in, or wait for, does not fit', () => {
  const system = systemWithReader()
  const layout = layoutOf(system)
  const none = { preempt: 0, irqs: 0, bh: 0, rcu: 0 }
  const state = (sections: typeof none, awaits: readonly number[] | null): State => {
    const processes = [{ at: 0, parked: 0, sections, awaits, locals: [] }]
    return { shared: { v: { owner: -1, readers: [], waiting: [] } }, pools: {}, processes }
  }
  assert.equal(unpack(layout, pack(layout, state(none, null))), state(none, null))
  assert.throws(() => pack(layout, state({ ...none, rcu: 1 }, null)), /in a section/)
  assert.throws(() => pack(layout, state(none, [])), /waits where it cannot/)
})

packing('random states have all that a state can have', () => {
  const met = new Set<string>()
  eachSystem((system, random) => {
    for (let count = 0; count < STATES_PER_SYSTEM; count++) {
      const state = randomState(system, random)
      for (const { sections, awaits } of state.processes) {
        for (const [section, depth] of Object.entries(sections)) if (depth > 0) met.add(section)
        if (awaits !== null) met.add(awaits.length === 0 ? 'waits for nobody' : 'waits')
      }
      const heads = JSON.stringify(state.pools).match(/"callback":-?\d,"readers":\[\d?/g) ?? []
      for (const head of heads) met.add(head.replace(/-?\d/g, (digit) => (digit < '0' ? '-' : '+')))
    }
  })
  assert.equal([...met].sort(), [
    '"callback":+,"readers":[',
    '"callback":+,"readers":[+',
    '"callback":-,"readers":[',
    '"callback":-,"readers":[+',
    'bh',
    'irqs',
    'preempt',
    'rcu',
    'waits',
    'waits for nobody',
  ])
})

function oneVariable(type: TransitionSystem['shared'][number]['type']): TransitionSystem {
  const system = randomSystem(new Random(1))
  const span = { file: '', from: 0, to: 0 }
  return {
    ...system,
    shared: [{ name: 'v', span, type, initial: 0 }],
    pools: [],
    codes: [],
    processes: [],
  }
}

function systemWithReader(): TransitionSystem {
  const type = { kind: 'lock', which: 'rwlock_t' } as const
  const system = oneVariable(type)
  const span = { file: '', from: 0, to: 0 }
  const call = {
    id: 0,
    op: null,
    annotation: null,
    parent: null,
    span,
    statement: span,
    parameters: [],
  }
  const site = { span, statement: span, annotation: null, call }
  const place = { root: { kind: 'shared', variable: 0 }, path: [], type } as const
  const common = { site, region: 0 }
  const code = {
    name: 'reader',
    span,
    instructions: [
      {
        ...common,
        kind: 'lock',
        name: 'read_lock',
        action: 'read-lock',
        place,
        result: null,
        next: 1,
      },
      { ...common, kind: 'end', next: 1 },
    ],
    entry: 0,
    slots: [],
    cells: 0,
    kept: [[], []],
    idle: new Set<number>(),
  } as const
  const process = {
    ...{ name: 't', declared: 't', daemon: false, code: 0, family: null },
    ...{ context: 'task' as const, on: null, callbacks: false },
  }
  return { ...system, codes: [code], processes: [process] }
}

packing.run()
