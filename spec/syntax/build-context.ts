import type { Node } from 'ohm-js'
import type { Diagnostic } from '../diagnostics/diagnostic.js'
import type { Span } from '../source/span.js'
import type { Name } from './tree.js'

/**
 * What the building actions need beside their nodes. Ohm calls them without a place for it, and building
 * is synchronous, so it is held here for the time of one `building` call.
 */
interface BuildContext {
  readonly path: string
  readonly diagnostics: Diagnostic[]
}

let context: BuildContext = { path: '', diagnostics: [] }

/** Runs `build` for the file of that path and returns its result with what it reported. */
export function building<T>(path: string, build: () => T): { built: T; diagnostics: Diagnostic[] } {
  const outer = context
  context = { path, diagnostics: [] }
  try {
    return { built: build(), diagnostics: context.diagnostics }
  } finally {
    context = outer
  }
}

export function report(diagnostic: Diagnostic): void {
  context.diagnostics.push(diagnostic)
}

export function spanOf(node: Node): Span {
  return { file: context.path, from: node.source.startIdx, to: node.source.endIdx }
}

export function nameOf(node: Node): Name {
  return { text: node.sourceString, span: spanOf(node) }
}

/** What the actions made of a node; the rule it was matched by says which type that has. */
export function built<T>(node: Node): T {
  return node.build() as T
}

/** The node of an optional part, or undefined where it is absent. */
export function optional(node: Node): Node | undefined {
  return node.children[0]
}

export function builtOr<T, E>(node: Node, absent: E): T | E {
  const inner = optional(node)
  return inner === undefined ? absent : built<T>(inner)
}

/** The results of a repetition; parts that build nothing (an extra semicolon) are left out. */
export function builtEach<T>(node: Node): T[] {
  return node.children.map((child) => built<T | null>(child)).filter((part) => part !== null)
}

/** The nodes of a comma-separated list. */
export function listed(node: Node): Node[] {
  return node.asIteration().children
}
