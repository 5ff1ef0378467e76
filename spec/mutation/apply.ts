import { type LoadedFiles, withTree } from '../analysis/load.js'
import type { Span } from '../source/span.js'
import type { Block, Declaration, SourceFile, Statement } from '../syntax/tree.js'
import type { Edit, Mutation } from './mutation.js'

/** The files of a model after a mutation. Spans stay as they are: every place is where the unchanged text has it. */
export function mutated(loaded: LoadedFiles, { at, edits }: Mutation): LoadedFiles {
  const file = loaded.files.find(({ path }) => path === at.file)
  if (file === undefined) throw new Error(`${at.file} is no file of this model`)
  return withTree(loaded, applyEdits(file.tree, edits))
}

function applyEdits(tree: SourceFile, edits: readonly Edit[]): SourceFile {
  const editor = new Editor(edits)
  const declarations = tree.declarations.flatMap((each) => editor.declaration(each))
  if (editor.done.size !== edits.length) throw new Error('a place to change is not in the tree')
  return { ...tree, declarations }
}

const isAt = (span: Span, at: Span): boolean => span.from === at.from && span.to === at.to

class Editor {
  readonly #edits: readonly Edit[]
  readonly done = new Set<Edit>()

  constructor(edits: readonly Edit[]) {
    this.#edits = edits
  }

  declaration(declaration: Declaration): readonly Declaration[] {
    if (this.#takes('remove', declaration.span) !== null) return []
    switch (declaration.kind) {
      case 'op':
      case 'process':
      case 'shrinker':
      case 'finally':
        return [{ ...declaration, body: this.#block(declaration.body) }]
      default:
        return [declaration]
    }
  }

  /** The edit of a kind that is about this place, noted as done. */
  #takes<Kind extends 'remove' | 'rename'>(kind: Kind, span: Span): (Edit & { kind: Kind }) | null {
    for (const edit of this.#edits) {
      if (edit.kind !== kind || !isAt(span, (edit as Edit & { kind: Kind }).at)) continue
      this.done.add(edit)
      return edit as Edit & { kind: Kind }
    }
    return null
  }

  #block(block: Block): Block {
    const statements = [...block.statements]
    for (const edit of this.#edits) {
      if (edit.kind !== 'swap') continue
      const at = statements.findIndex(({ span }) => isAt(span, edit.first))
      const [first, second] = [statements[at], statements[at + 1]]
      if (first === undefined || second === undefined || !isAt(second.span, edit.second)) continue
      this.done.add(edit)
      statements.splice(at, 2, second, first)
    }
    return { ...block, statements: statements.map((each) => this.#statement(each)) }
  }

  #statement(statement: Statement): Statement {
    const { span } = statement
    if (this.#takes('remove', span) !== null) return { kind: 'skip', annotation: null, span }
    const rename = this.#takes('rename', span)
    if (rename !== null) return renamed(statement, rename.callee)
    switch (statement.kind) {
      case 'block':
      case 'atomic':
        return { ...statement, body: this.#block(statement.body) }
      case 'either':
        return { ...statement, branches: statement.branches.map((each) => this.#block(each)) }
      case 'if': {
        const { then, otherwise } = statement
        const rest = otherwise === null ? null : this.#statement(otherwise)
        return { ...statement, then: this.#statement(then), otherwise: rest }
      }
      case 'while':
      case 'for-range':
      case 'for-pool':
        return { ...statement, body: this.#statement(statement.body) }
      default:
        return statement
    }
  }
}

function renamed(statement: Statement, callee: string): Statement {
  if (statement.kind !== 'call' || statement.call.kind !== 'call') {
    throw new Error('only a call can call another op')
  }
  const { call } = statement
  return { ...statement, call: { ...call, callee: { ...call.callee, text: callee } } }
}
