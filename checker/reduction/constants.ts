import {
  type Code,
  definitions,
  type Expr,
  type Instruction,
  type Place,
  type Slot,
  type TransitionSystem,
} from '../../spec/index.js'

/**
 * A local that only ever gets one literal, or the index of its own family, or a copy of such a local, is that value: what
 * an operation is called with is mostly of this kind. No step is added or taken away; the local has no readers left.
 */
export function foldingConstants(system: TransitionSystem): TransitionSystem {
  return { ...system, codes: system.codes.map(folding) }
}

function folding(code: Code): Code {
  const constants = constantSlots(code)
  const value = (e: Expr): Expr => substituted(e, constants)
  return { ...code, instructions: code.instructions.map((i) => mapped(i, value)) }
}

type Constant = Expr & { readonly kind: 'literal' | 'family' }

function constantSlots(code: Code): ReadonlyMap<Slot, Constant> {
  const values = new Map<Slot, Expr[]>()
  const others = new Set<Slot>()
  for (const i of code.instructions) {
    for (const slot of definitions(i)) {
      if (i.kind === 'assign' && isSmall(slot)) {
        values.set(slot, [...(values.get(slot) ?? []), i.value])
      } else others.add(slot)
    }
    const place = 'place' in i ? i.place : null
    if (place?.root.kind === 'local') others.add(place.root.slot)
  }
  const found = new Map<Slot, Constant>()
  for (let before = -1; before < found.size; ) {
    before = found.size
    for (const [slot, given] of values) {
      if (others.has(slot) || found.has(slot)) continue
      const [first, ...rest] = given.map((e) => constantOf(e, found))
      if (first && rest.every((one) => one !== null && same(one, first))) found.set(slot, first)
    }
  }
  return found
}

/** A number in its range: one that leaves it is a bound that is met, and stays one. */
const isSmall = ({ type }: Slot): boolean =>
  type.kind === 'int' || type.kind === 'bool' || type.kind === 'enum'

function constantOf(e: Expr, known: ReadonlyMap<Slot, Constant>): Constant | null {
  if (e.kind === 'literal' || e.kind === 'family') return e
  return e.kind === 'slot' ? (known.get(e.slot) ?? null) : null
}

const same = (a: Constant, b: Constant): boolean =>
  a.kind === 'literal' ? b.kind === 'literal' && a.value === b.value : b.kind === 'family'

function substituted(e: Expr, constants: ReadonlyMap<Slot, Constant>): Expr {
  const value = (part: Expr): Expr => substituted(part, constants)
  switch (e.kind) {
    case 'slot':
      return constants.get(e.slot) ?? e
    case 'unary':
      return { ...e, operand: value(e.operand) }
    case 'binary': {
      const right = value(e.right)
      // An index taken modulo the number of elements, of which there is one.
      const isZero = e.operator === '%' && right.kind === 'literal' && right.value === 1
      return isZero ? { kind: 'literal', value: 0 } : { ...e, left: value(e.left), right }
    }
    case 'same-address':
      return { ...e, left: value(e.left), right: value(e.right) }
    case 'conditional':
      return { ...e, test: value(e.test), then: value(e.then), otherwise: value(e.otherwise) }
    case 'object':
      return { ...e, index: value(e.index) }
    case 'advance':
      return { ...e, pointer: value(e.pointer), by: value(e.by) }
    case 'index-in-pool':
      return { ...e, pointer: value(e.pointer) }
    default:
      return e
  }
}

/** The instruction with all its values replaced; the assignment of a constant stays what it is. */
function mapped(i: Instruction, value: (e: Expr) => Expr): Instruction {
  const place = (one: Place): Place => {
    const root =
      one.root.kind === 'object' ? { ...one.root, pointer: value(one.root.pointer) } : one.root
    const path = one.path.map((selector) =>
      selector.kind === 'index' ? { ...selector, index: value(selector.index) } : selector,
    )
    return { ...one, root, path }
  }
  switch (i.kind) {
    case 'assign':
      return { ...i, value: value(i.value) }
    case 'branch':
      return { ...i, test: value(i.test) }
    case 'choose':
      return { ...i, from: value(i.from), to: value(i.to) }
    case 'require':
    case 'guard':
      return { ...i, condition: value(i.condition) }
    case 'load':
    case 'lock':
    case 'assert-held':
    case 'bit-wait':
    case 'bit-wake':
    case 'call-rcu':
      return { ...i, place: place(i.place) }
    case 'store':
      return { ...i, place: place(i.place), value: value(i.value) }
    case 'update': {
      const traps = i.traps.map((trap) => ({ ...trap, when: value(trap.when) }))
      return { ...i, place: place(i.place), traps, when: value(i.when), value: value(i.value) }
    }
    case 'alloc':
      return {
        ...i,
        object: i.object === null ? null : value(i.object),
        flags: i.flags === null ? null : value(i.flags),
      }
    case 'free':
    case 'touch':
      return { ...i, pointer: value(i.pointer) }
    case 'next-live':
      return { ...i, from: value(i.from) }
    case 'grace':
      return i.domain === null ? i : { ...i, domain: place(i.domain) }
    case 'callback-end':
      return { ...i, head: value(i.head) }
    default:
      return i
  }
}
