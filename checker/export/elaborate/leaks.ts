import type { Body, Check, Index, Num, Statement, Temporary, Test, Variable } from '../program.js'
import { isPointerTo } from './procedures.js'
import type { Store } from './storage.js'
import {
  and,
  differs,
  equals,
  indexNum,
  isNever,
  isTrue,
  never,
  not,
  number,
  or,
  read,
  take,
  truth,
} from './terms.js'
import type { World } from './world.js'

/** An object that may be led to, and from which others may be. */
interface Node {
  readonly struct: string
  readonly object: number
}

/** Rule 8: an object of an ordinary pool that is alive and that nothing shared leads to. */
export function leakCheck(world: World): Check | null {
  const { system, storage } = world
  const ordinary = system.pools.filter(({ safety }) => safety === 'ordinary')
  if (ordinary.length === 0 || system.ignored.has('leak')) return null
  const nodes = [...storage.structs].flatMap(([struct, { count, alive }]): Node[] =>
    alive === null ? [] : Array.from({ length: count }, (_, object) => ({ struct, object })),
  )
  const temporaries: Temporary[] = []
  const statements: Statement[] = []
  let reached = new Map(nodes.map((node) => [node, fromRoots(world, node)]))
  const edges = nodes.flatMap((from) =>
    nodes.map((to) => ({ from, to, test: from === to ? never : leadsTo(world, from, to) })),
  )
  const real = edges.filter(({ test }) => !isNever(test))
  for (let round = 0; round < longestWay(nodes, real); round++) {
    const held = new Map<Node, Test>()
    for (const [node, test] of reached) {
      const temporary = { name: `reached_${node.struct}_${node.object}`, from: 0, to: 1 }
      temporaries.push(temporary)
      statements.push({ kind: 'let', temporary, value: truth(test) })
      held.set(node, isTrue(take(temporary)))
    }
    reached = new Map(
      nodes.map((node) => {
        const ways = real.filter(({ to }) => to === node)
        const led = ways.map(({ from, test }) => and(held.get(from) ?? never, test))
        return [node, or(held.get(node) ?? never, ...led)]
      }),
    )
  }
  for (const pool of ordinary) {
    const { alive } = storage.structs.get(pool.type.name) ?? {}
    for (const [{ struct, object }, test] of reached) {
      const isOurs = object >= pool.base && object < pool.base + pool.size
      if (struct !== pool.type.name || !isOurs || !alive) continue
      const name = `${pool.name}[${object - pool.base}]`
      const message = `${name} is still allocated at the end and nothing points to it`
      const fault = world.catalogue.fault('leak', message, world.catalogue.placeOf(pool.span))
      const when = and(differs(read(alive, [number(object)]), 0), not(test))
      statements.push({ kind: 'fault', when, fault })
    }
  }
  const body: Body = { temporaries, blocks: [{ statements, end: { kind: 'done' } }] }
  return { name: 'leak', body }
}

/** No way without detours passes more objects than there are with pointers. */
const longestWay = (nodes: readonly Node[], edges: readonly { readonly from: Node }[]): number =>
  edges.length === 0 ? 0 : Math.min(nodes.length - 1, new Set(edges.map(({ from }) => from)).size)

function fromRoots({ storage }: World, { struct, object }: Node): Test {
  const found = storage.shared.flatMap((store) =>
    pointersOf(store, struct).map((variable) => somewhere(variable, [], object)),
  )
  for (const { fields, alive } of storage.structs.values()) {
    if (alive !== null) continue
    for (const store of fields.values()) {
      for (const variable of pointersOf(store, struct)) found.push(somewhere(variable, [], object))
    }
  }
  return or(...found)
}

function leadsTo({ storage }: World, from: Node, to: Node): Test {
  const { fields, alive } = storage.structs.get(from.struct) ?? {}
  const found = [...(fields?.values() ?? [])].flatMap((store) =>
    pointersOf(store, to.struct).map((variable) =>
      somewhere(variable, [number(from.object)], to.object),
    ),
  )
  const isAlive = alive ? differs(read(alive, [number(from.object)]), 0) : never
  return and(isAlive, or(...found))
}

/** Some element of an array is a pointer to the object that is not stale. */
function somewhere(variable: Variable, indexes: readonly Num[], object: number): Test {
  const dimension = variable.dimensions[indexes.length]
  if (!dimension) return equals(read(variable, indexes), object + 1)
  if (dimension.from === dimension.to) {
    return somewhere(variable, [...indexes, number(dimension.from)], object)
  }
  const index: Index = { name: 'ijkl'[indexes.length] ?? `i${indexes.length}`, ...dimension }
  const test = somewhere(variable, [...indexes, indexNum(index)], object)
  return test.kind === 'constant' ? test : { kind: 'some', index, test }
}

function pointersOf(store: Store, struct: string): readonly Variable[] {
  switch (store.kind) {
    case 'array':
      return pointersOf(store.of, struct)
    case 'struct':
      return [...store.fields.values()].flatMap((field) => pointersOf(field, struct))
    case 'scalar':
      return isPointerTo(store.type, struct) ? [store.variable] : []
    default:
      return []
  }
}
