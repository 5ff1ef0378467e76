import { Refused } from '../elaborate/catalogue.js'
import { and, equals, isTrue, never, not, or, textOf } from '../elaborate/terms.js'
import type { CodeNote, Index, Num, SourceNote, Temporary, Test } from '../program.js'
import { isProcess } from './literals.js'
import type { Parts } from './parts.js'

/** A process as it is named in a term. */
export interface Who {
  readonly family: CodeNote | null
  readonly num: Num
  /** One number that it may have. */
  readonly example: number
}

/** What the names in a body mean. */
export interface Names {
  readonly parts: Parts
  /** The process that moves. */
  readonly self: Who | null
  /** Who stands for an instance that is called by its number; null where that cannot be said. */
  readonly member: ((process: number, family: CodeNote) => Index) | null
  readonly indexes: Map<Index, Index>
  readonly temporaries: Map<Temporary, Num>
  place: SourceNote | null
}

export function refuse(construct: string, { place }: Names): never {
  throw new Refused(construct, place)
}

/** Who a number is of: of a family, or anybody else, or nobody. */
export function who(num: Num, names: Names): Who {
  const { parts } = names
  const ranged = (from: number, to: number, of: Num): Who => {
    if (!parts.isWhole({ from, to })) refuse('some instances of a symmetric family', names)
    return { family: parts.familyOf(from), num: of, example: from }
  }
  switch (num.kind) {
    case 'number': {
      const family = parts.familyOf(num.value)
      if (family === null) return { family, num, example: num.value }
      if (names.member === null) {
        return refuse(`${family.name} ${num.value - family.first} of a symmetric family`, names)
      }
      const index = names.member(num.value, family)
      return { family, num: { kind: 'index', index }, example: num.value }
    }
    case 'self':
      return names.self ?? refuse('the process that moves, where none does', names)
    case 'index': {
      const index = names.indexes.get(num.index) ?? num.index
      return ranged(index.from, index.to, { kind: 'index', index })
    }
    case 'temporary': {
      const { from, to } = num.temporary
      const of = names.temporaries.get(num.temporary) ?? num
      if (parts.of({ from, to }).length === 1) return ranged(from, to, of)
      return refuse('a parameter that is any process', names)
    }
    default:
      return refuse('a process whose number is worked out', names)
  }
}

export function numOf(num: Num, names: Names): Num {
  const again = (one: Num) => numOf(one, names)
  switch (num.kind) {
    case 'read':
      if (num.variable.holds === 'process') refuse(`${num.variable.name} as a number`, names)
      return { kind: 'read', ...placeOf(num, names) }
    case 'self':
    case 'index':
    case 'temporary': {
      if (!isProcess(num)) return num
      const { family, num: found } = who(num, names)
      return family === null ? found : refuse(`which ${family.name} it is, as a number`, names)
    }
    case 'negate':
    case 'complement':
      return { ...num, operand: again(num.operand) }
    case 'arithmetic':
      return { ...num, left: again(num.left), right: again(num.right) }
    case 'conditional': {
      const [then, otherwise] = [again(num.then), again(num.otherwise)]
      return { ...num, test: testOf(num.test, names), then, otherwise }
    }
    default:
      return num
  }
}

type Read = Num & { readonly kind: 'read' }
type Place = Pick<Read, 'variable' | 'indexes'>

/** Where the element is now. */
export function placeOf({ variable, indexes }: Place, names: Names): Place {
  const { parts } = names
  const key: (CodeNote | number)[] = []
  const within = indexes.map((index, at) => {
    const dimension = variable.dimensions[at]
    if (dimension?.over !== 'process') return numOf(index, names)
    const { family, num, example } = who(index, names)
    const run = parts.of(dimension).find(({ from, to }) => example >= from && example <= to)
    key.push(family ?? run?.from ?? -1)
    return num
  })
  const part = parts.part(variable, key)
  return part === null
    ? refuse(`${variable.name} of a process that it does not have`, names)
    : { variable: part, indexes: within }
}

export function testOf(test: Test, names: Names): Test {
  switch (test.kind) {
    case 'constant':
      return test
    case 'compare': {
      const { left, right } = test
      if (!isProcess(left) && !isProcess(right)) {
        return { ...test, left: numOf(left, names), right: numOf(right, names) }
      }
      if (test.operator !== '==' && test.operator !== '!=') {
        return refuse(`whether a process is ${test.operator} another`, names)
      }
      const same = sameProcess(left, right, names)
      return test.operator === '==' ? same : not(same)
    }
    case 'not':
      return not(testOf(test.operand, names))
    case 'and':
      return and(...test.operands.map((each) => testOf(each, names)))
    case 'or':
      return or(...test.operands.map((each) => testOf(each, names)))
    default: {
      const { kind, index } = test
      const all = over(index, names).map((part): Test => {
        const inner = testOf(test.test, { ...names, indexes: bound(names, index, part) })
        return inner.kind === 'constant' ? inner : { kind, index: part, test: inner }
      })
      return kind === 'some' ? or(...all) : and(...all)
    }
  }
}

/** An index for each part of what it runs over; itself where that is not taken apart. */
export function over(index: Index, names: Names): readonly Index[] {
  if (index.over !== 'process') return [index]
  if (!names.parts.isWhole(index)) refuse('some instances of a symmetric family', names)
  const parts = names.parts.of(index)
  return parts.length < 2 ? [index] : parts.map(({ from, to }) => ({ ...index, from, to }))
}

export const bound = ({ indexes }: Names, index: Index, part: Index): Map<Index, Index> =>
  new Map(indexes).set(index, part)

function sameProcess(left: Num, right: Num, names: Names): Test {
  const [holder, other] = left.kind === 'read' ? [left, right] : [right, left]
  if (holder.kind === 'read') {
    if (textOf(holder) === textOf(other)) return { kind: 'constant', value: true }
    if (other.kind === 'read') refuse(`${holder.variable.name} and another owner`, names)
    return holds(holder, other, names)
  }
  const [one, two] = [who(left, names), who(right, names)]
  if (one.family !== two.family) return never
  return { kind: 'compare', operator: '==', left: one.num, right: two.num }
}

/** Whether the variable holds that process; -1 is nobody. */
function holds(holder: Read, process: Num, names: Names): Test {
  const { parts } = names
  const { variable } = holder
  const { family, num, example } = who(process, names)
  const indexes = holder.indexes.map((index) => numOf(index, names))
  const of = (part: typeof variable, more: readonly Num[]): Num => ({
    kind: 'read',
    variable: part,
    indexes: [...indexes, ...more],
  })
  if (family !== null) {
    const part = parts.oneOf(variable, family)
    return part === null ? never : isTrue(of(part, [num]))
  }
  const others = parts.others(variable)
  const among: Test =
    others === null
      ? { kind: 'constant', value: example === -1 }
      : { kind: 'compare', operator: '==', left: of(others, []), right: num }
  if (num.kind !== 'number' || num.value !== -1) return among
  const none = parts.held(variable).map((each): Test => {
    const index: Index = { name: 'p', from: each.first, to: each.last, over: 'process' }
    const part = parts.oneOf(variable, each)
    const test = part === null ? never : equals(of(part, [{ kind: 'index', index }]), 0)
    return { kind: 'every', index, test }
  })
  return and(among, ...none)
}
