import type { Expr, Instruction, Place } from '../../spec/index.js'

/**
 * The values an instruction computes, with all their parts. Left out are the two ways in which a process may speak of
 * itself: its index as the index of a place, and its task as what a place is in.
 */
export function expressionsOf(i: Instruction): readonly Expr[] {
  const found: Expr[] = []
  const add = (e: Expr | null): void => {
    if (e === null) return
    found.push(e)
    for (const part of partsOf(e)) add(part)
  }
  const place = (one: Place | null): void => {
    if (one === null) return
    if (one.root.kind === 'object' && one.root.pointer.kind !== 'current') add(one.root.pointer)
    for (const selector of one.path) {
      if (selector.kind === 'index' && selector.index.kind !== 'family') add(selector.index)
    }
  }
  switch (i.kind) {
    case 'assign':
      add(i.value)
      break
    case 'branch':
      add(i.test)
      break
    case 'choose':
      add(i.from)
      add(i.to)
      break
    case 'require':
    case 'guard':
      add(i.condition)
      break
    case 'load':
    case 'lock':
    case 'assert-held':
    case 'bit-wait':
    case 'bit-wake':
    case 'call-rcu':
      place(i.place)
      break
    case 'store':
      place(i.place)
      add(i.value)
      break
    case 'update':
      place(i.place)
      for (const { when } of i.traps) add(when)
      add(i.when)
      add(i.value)
      break
    case 'alloc':
      add(i.object)
      add(i.flags)
      break
    case 'free':
    case 'touch':
      add(i.pointer)
      break
    case 'next-live':
      add(i.from)
      break
    case 'grace':
      place(i.domain)
      break
    case 'callback-end':
      add(i.head)
      break
    default:
      break
  }
  return found
}

function partsOf(e: Expr): readonly Expr[] {
  switch (e.kind) {
    case 'unary':
      return [e.operand]
    case 'binary':
    case 'same-address':
      return [e.left, e.right]
    case 'conditional':
      return [e.test, e.then, e.otherwise]
    case 'object':
      return [e.index]
    case 'advance':
      return [e.pointer, e.by]
    case 'index-in-pool':
      return [e.pointer]
    default:
      return []
  }
}
