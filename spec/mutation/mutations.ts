import type { LoadedFiles } from '../analysis/load.js'
import type { Declaration, SourceFile } from '../syntax/tree.js'
import { bodiesOf, type Scene } from './bodies.js'
import { lockMutations, sectionMutations } from './locks.js'
import type { Mutation } from './mutation.js'
import { orderMutations } from './order.js'
import { statementMutations } from './statements.js'

/** Every mutation of a model and of the files it uses: file by file, in the order of their bodies. */
export function mutationsOf({ files, sources }: LoadedFiles): readonly Mutation[] {
  const declarations = files.flatMap(({ tree }) => tree.declarations)
  const constants = new Set(declarations.flatMap(constantsOf))
  const ops = new Set(declarations.flatMap((each) => (each.kind === 'op' ? [each.name.text] : [])))
  return files.flatMap(({ path, tree }) => {
    const source = sources.get(path)
    if (source === undefined) return []
    const scenes = bodiesOf(tree).map((body): Scene => ({ source, body, constants, ops }))
    return [...scenes.flatMap((scene) => numbered(inBody(scene))), ...invariantsOf(tree)]
  })
}

function inBody(scene: Scene): readonly Mutation[] {
  if (scene.body.judges) return statementMutations(scene)
  const found = [
    ...lockMutations(scene),
    ...sectionMutations(scene),
    ...statementMutations(scene),
    ...orderMutations(scene),
  ]
  return found.sort((a, b) => a.at.from - b.at.from)
}

/** Mutations of one name in one body are told apart by `#2`, `#3`. */
function numbered(mutations: readonly Mutation[]): readonly Mutation[] {
  const seen = new Map<string, number>()
  return mutations.map((mutation) => {
    const count = (seen.get(mutation.name) ?? 0) + 1
    seen.set(mutation.name, count)
    return count === 1 ? mutation : { ...mutation, name: `${mutation.name} #${count}` }
  })
}

function constantsOf(declaration: Declaration): readonly string[] {
  switch (declaration.kind) {
    case 'const':
      return [declaration.name.text]
    case 'param':
      return [declaration.name.text, ...valuesIn(declaration.type)]
    case 'design':
      return declaration.entries.flatMap(({ name, type }) => [name.text, ...valuesIn(type)])
    case 'enum':
      return declaration.values.map(({ text }) => text)
    default:
      return []
  }
}

const valuesIn = (
  type: (Declaration & { readonly kind: 'param' })['type'] | null,
): readonly string[] => (type?.kind === 'choice' ? type.values.map(({ text }) => text) : [])

function invariantsOf({ declarations }: SourceFile): readonly Mutation[] {
  return declarations.flatMap((declaration, index): readonly Mutation[] => {
    if (declaration.kind !== 'invariant') return []
    const { name, span } = declaration
    const before = declarations.slice(0, index).filter(({ kind }) => kind === 'invariant').length
    return [
      {
        kind: 'invariants',
        name: `invariant ${name?.text ?? `#${before + 1}`}`,
        at: span,
        done: 'taken out',
        edits: [{ kind: 'remove', at: span }],
        touches: [],
      },
    ]
  })
}
