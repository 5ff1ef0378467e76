import type { Block, Num, Statement, Temporary, Variable } from '../program.js'
import { numsIn, readsOf, readsOfEnd, substituteIn, substituteInEnd, within } from './walk.js'

/** A value that is given a name and used once, in the same block, is written where it is used. */
export function inlineValues(blocks: readonly Block[]): readonly Block[] {
  const uses = new Map<Temporary, number>()
  const lets = new Map<Temporary, number>()
  const count = (num: Num): void => {
    if (num.kind === 'temporary') uses.set(num.temporary, (uses.get(num.temporary) ?? 0) + 1)
  }
  for (const { statements, end } of blocks) {
    for (const statement of statements) {
      readsOf(statement, count)
      within(statement, (one) => {
        if (one.kind === 'let' || one.kind === 'select') {
          lets.set(one.temporary, (lets.get(one.temporary) ?? 0) + 1)
        }
      })
    }
    readsOfEnd(end, count)
  }
  const isPassing = (statement: Statement): statement is Statement & { kind: 'let' } =>
    statement.kind === 'let' && lets.get(statement.temporary) === 1
  return blocks.map((block) => inlined(block, isPassing, uses))
}

function inlined(
  { statements, end }: Block,
  isPassing: (statement: Statement) => statement is Statement & { kind: 'let' },
  uses: ReadonlyMap<Temporary, number>,
): Block {
  const left = [...statements]
  let last = end
  for (let at = 0; at < left.length; at++) {
    const statement = left[at]
    if (!statement || !isPassing(statement)) continue
    const { temporary, value } = statement
    const isSimple = value.kind === 'number'
    if (!isSimple && uses.get(temporary) !== 1) continue
    const place = useOf(left, at, temporary)
    const isInEnd = place === null && isUsedInEnd(last, temporary)
    if (place === null && !isInEnd) continue
    const until = place ?? left.length
    if (!isSimple && changes(left.slice(at + 1, until), value)) continue
    // Inside of a loop it would be worked out again, after what the loop has changed.
    const user = place === null ? null : left[place]
    if (user && (user.kind === 'each' || (user.kind === 'if' && !isInTest(user, temporary)))) {
      if (!isSimple) continue
    }
    const change = (leaf: Num): Num | null =>
      leaf.kind === 'temporary' && leaf.temporary === temporary ? value : null
    if (isSimple) {
      for (let later = at + 1; later < left.length; later++) {
        const one = left[later]
        if (one) left[later] = substituteIn(one, change)
      }
      last = substituteInEnd(last, change)
      continue
    }
    if (user && place !== null) left[place] = substituteIn(user, change)
    else last = substituteInEnd(last, change)
    left.splice(at, 1)
    at--
  }
  return { statements: left, end: last }
}

function isUsedInEnd(end: Block['end'], temporary: Temporary): boolean {
  let found = false
  readsOfEnd(end, (num) => {
    if (num.kind === 'temporary' && num.temporary === temporary) found = true
  })
  return found
}

function isInTest(statement: Statement & { kind: 'if' }, temporary: Temporary): boolean {
  let found = false
  readsOf({ ...statement, then: [], otherwise: [] }, (num) => {
    if (num.kind === 'temporary' && num.temporary === temporary) found = true
  })
  return found
}

function useOf(
  statements: readonly Statement[],
  from: number,
  temporary: Temporary,
): number | null {
  for (let at = from + 1; at < statements.length; at++) {
    let found = false
    const statement = statements[at]
    if (!statement) continue
    readsOf(statement, (num) => {
      if (num.kind === 'temporary' && num.temporary === temporary) found = true
    })
    if (found) return at
  }
  return null
}

/** Whether any of the statements may change what a value reads. */
function changes(statements: readonly Statement[], value: Num): boolean {
  const variables = new Set<Variable>()
  const temporaries = new Set<Temporary>()
  numsIn(value, (num) => {
    if (num.kind === 'read') variables.add(num.variable)
    if (num.kind === 'temporary') temporaries.add(num.temporary)
  })
  let found = false
  for (const statement of statements) {
    within(statement, (one) => {
      if (one.kind === 'call' && variables.size > 0) found = true
      if (one.kind === 'set' && variables.has(one.variable)) found = true
      if ((one.kind === 'let' || one.kind === 'select') && temporaries.has(one.temporary))
        found = true
    })
  }
  return found
}
