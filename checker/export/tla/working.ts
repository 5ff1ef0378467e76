import type { Index, Num, Temporary, Test, Variable } from '../program.js'
import type { LocalNames } from './words.js'

/**
 * What a variable is worth at a point of a body, as text. Changes are kept aside as long as nobody reads the variable,
 * so that most of them end up where the next state is written.
 */
export interface Worth {
  /** Something that can be indexed; for a single number any text. */
  readonly base: string
  /** How many of the variable's indexes `base` already has. */
  readonly fixed: number
  /** For `EXCEPT`, in order. */
  readonly updates: readonly string[]
}

/** The working state at a point of a body: what every name of the program stands for there. Never changed in place. */
export interface Working {
  readonly variables: ReadonlyMap<Variable, Worth>
  readonly temporaries: ReadonlyMap<Temporary | Index, string>
  /** Of the process that moves. */
  readonly self: string
}

/** What is the same for a whole definition. */
export interface Scope {
  readonly names: LocalNames
  readonly variableName: (variable: Variable) => string
  /** What stands for a variable that has not changed: its name, or a field of the record that was handed over. */
  readonly base: (variable: Variable) => string
}

export const worthOf = (variable: Variable, working: Working, scope: Scope): Worth =>
  working.variables.get(variable) ?? {
    base: scope.base(variable),
    fixed: 0,
    updates: [],
  }

/** The whole value as an expression. */
export const valueText = ({ base, updates }: Worth): string =>
  updates.length === 0 ? base : `[${base} EXCEPT ${updates.join(', ')}]`

/** A name or a number: no shorter when it has a name. */
export const isName = (text: string): boolean => /^(?:\w+|-\d+)$/.test(text)

/** Whether it can be read as it stands: a name, a number, a field or an element of one. */
export const isPlain = ({ base, updates }: Worth): boolean =>
  updates.length === 0 && (isName(base) || /^\w+(?:\.\w+)?(?:\[\w+\])*$/.test(base))

export const withVariable = (working: Working, variable: Variable, worth: Worth): Working => ({
  ...working,
  variables: new Map(working.variables).set(variable, worth),
})

export const withTemporary = (
  working: Working,
  temporary: Temporary | Index,
  text: string,
): Working => ({ ...working, temporaries: new Map(working.temporaries).set(temporary, text) })

/** Every variable that is read. */
export function readsOf(nodes: readonly (Num | Test)[]): ReadonlySet<Variable> {
  const found = new Set<Variable>()
  const visit = (node: Num | Test): void => {
    if (node.kind === 'read') found.add(node.variable)
    for (const part of partsOf(node)) visit(part)
  }
  nodes.forEach(visit)
  return found
}

/** The temporaries that are read. */
export function temporariesOf(nodes: readonly (Num | Test)[]): ReadonlySet<Temporary> {
  const found = new Set<Temporary>()
  const visit = (node: Num | Test): void => {
    if (node.kind === 'temporary') found.add(node.temporary)
    for (const part of partsOf(node)) visit(part)
  }
  nodes.forEach(visit)
  return found
}

export function partsOf(node: Num | Test): readonly (Num | Test)[] {
  switch (node.kind) {
    case 'read':
      return node.indexes
    case 'negate':
    case 'complement':
    case 'not':
      return [node.operand]
    case 'arithmetic':
    case 'compare':
      return [node.left, node.right]
    case 'conditional':
      return [node.test, node.then, node.otherwise]
    case 'and':
    case 'or':
      return node.operands
    case 'some':
    case 'every':
      return [node.test]
    default:
      return []
  }
}
