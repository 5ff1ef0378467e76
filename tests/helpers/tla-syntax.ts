import { createRequire } from 'node:module'

/**
 * Text of TLA+ as a tree, read by the grammar of the TLA+ community and not by one of ours: what this takes is TLA+. Only
 * what the printer writes becomes a tree; anything else of the language is refused.
 */

export type Node =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'boolean'; readonly value: boolean }
  /** A variable, a local name or an operator with its arguments. */
  | { readonly kind: 'name'; readonly name: string; readonly passed: readonly Node[] }
  | { readonly kind: 'prime'; readonly name: string }
  | { readonly kind: 'unchanged'; readonly names: readonly string[] }
  /** Any operator of the language, by the grammar's name for it; lists of conjuncts are `land`. */
  | { readonly kind: 'operator'; readonly symbol: string; readonly operands: readonly Node[] }
  | { readonly kind: 'if'; readonly test: Node; readonly then: Node; readonly otherwise: Node }
  | { readonly kind: 'let'; readonly name: string; readonly value: Node; readonly inner: Node }
  | (Binding & { readonly kind: 'exists' | 'forall' | 'filter' | 'map' | 'function' })
  | { readonly kind: 'set' | 'tuple'; readonly items: readonly Node[] }
  | { readonly kind: 'record'; readonly fields: readonly (readonly [string, Node])[] }
  | { readonly kind: 'field'; readonly of: Node; readonly name: string }
  | { readonly kind: 'apply'; readonly of: Node; readonly index: Node }
  | { readonly kind: 'except'; readonly of: Node; readonly updates: readonly Update[] }

interface Binding {
  readonly name: string
  readonly set: Node
  readonly inner: Node
}

export interface Update {
  /** Indexes, and names of fields. */
  readonly path: readonly (Node | string)[]
  readonly value: Node
}

export interface Definition {
  readonly name: string
  readonly parameters: readonly string[]
  readonly body: Node
}

export interface Module {
  readonly name: string
  readonly extended: readonly string[]
  readonly variables: readonly string[]
  /** In the order of the text; a declaration of a recursive operator comes without a body. */
  readonly units: readonly (Definition | { readonly recursive: string })[]
  /** Of the temporal formula, which is not evaluated. */
  readonly spec: string
}

/** What is used of a tree of the parser. */
interface Syntax {
  readonly type: string
  readonly text: string
  readonly hasError: boolean
  readonly isNamed: boolean
  readonly startPosition: { readonly row: number; readonly column: number }
  readonly namedChildren: readonly Syntax[]
  readonly children: readonly Syntax[]
  childForFieldName(name: string): Syntax | null
  childrenForFieldName(name: string): readonly Syntax[]
}

interface Parser {
  setLanguage(language: unknown): void
  parse(text: string): { readonly rootNode: Syntax; delete(): void }
}

interface ParserPackage {
  new (): Parser
  init(): Promise<void>
  readonly Language: { load(path: string): Promise<unknown> }
}

/** Reads modules; null where the packages of the grammar are not installed. */
export async function tlaReader(): Promise<((text: string) => Module) | null> {
  const require = createRequire(import.meta.url)
  let parser: Parser
  try {
    const path = require.resolve('@tlaplus/tree-sitter-tlaplus/tree-sitter-tlaplus.wasm')
    const TreeSitter = require('web-tree-sitter') as ParserPackage
    await TreeSitter.init()
    parser = new TreeSitter()
    parser.setLanguage(await TreeSitter.Language.load(path))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return null
    throw error
  }
  return (text) => {
    const tree = parser.parse(text)
    try {
      return moduleOf(tree.rootNode)
    } finally {
      tree.delete()
    }
  }
}

function moduleOf(root: Syntax): Module {
  if (root.hasError) throw new Error(`no TLA+: ${firstError(root)}`)
  const [module, ...others] = root.namedChildren.filter(({ type }) => type !== 'comment')
  if (module?.type !== 'module' || others.length > 0) throw new Error('not one module')
  const extended: string[] = []
  const variables: string[] = []
  const units: Module['units'][number][] = []
  let spec = ''
  for (const unit of partsOf(module)) {
    if (unit.type === 'extends') extended.push(...partsOf(unit).map(({ text }) => text))
    else if (unit.type === 'variable_declaration') {
      variables.push(...partsOf(unit).map(({ text }) => text))
    } else if (unit.type === 'recursive_declaration') units.push({ recursive: recursiveName(unit) })
    else if (unit.type === 'operator_definition') {
      if (nameOf(unit) === 'Spec') spec = field(unit, 'definition').text
      else units.push(definitionOf(unit))
    } else if (!['header_line', 'identifier', 'double_line'].includes(unit.type)) refuse(unit)
  }
  return { name: field(module, 'name').text, extended, variables, units, spec }
}

/** What has a meaning: a comment may stand anywhere. */
const partsOf = (syntax: Syntax): readonly Syntax[] =>
  syntax.namedChildren.filter(({ type }) => type !== 'comment')

/** With them come parentheses and commas. */
const parametersOf = (syntax: Syntax): readonly Syntax[] =>
  syntax.childrenForFieldName('parameter').filter(({ isNamed }) => isNamed)

function firstError(syntax: Syntax): string {
  const inside = syntax.children.find(({ hasError }) => hasError)
  if (inside !== undefined && inside.type !== 'ERROR') return firstError(inside)
  const at = (inside ?? syntax).startPosition
  return `line ${at.row + 1}, column ${at.column + 1}: ${(inside ?? syntax).text.slice(0, 60)}`
}

function refuse(syntax: Syntax): never {
  const { row, column } = syntax.startPosition
  throw new Error(`${row + 1}:${column + 1}: ${syntax.type} is not known here: ${syntax.text}`)
}

function field(syntax: Syntax, name: string): Syntax {
  return syntax.childForFieldName(name) ?? refuse(syntax)
}

const nameOf = (syntax: Syntax): string => field(syntax, 'name').text

function recursiveName(unit: Syntax): string {
  const [declared] = partsOf(unit)
  if (declared === undefined) refuse(unit)
  return declared.type === 'identifier' ? declared.text : nameOf(declared)
}

const definitionOf = (unit: Syntax): Definition => ({
  name: nameOf(unit),
  parameters: parametersOf(unit).map(({ text }) => text),
  body: nodeOf(field(unit, 'definition')),
})

function nodeOf(syntax: Syntax): Node {
  const parts = partsOf(syntax)
  const all = () => parts.map(nodeOf)
  const at = (index: number): Syntax => parts[index] ?? refuse(syntax)
  switch (syntax.type) {
    case 'parentheses':
      return nodeOf(at(0))
    case 'nat_number':
      return { kind: 'number', value: Number(syntax.text) }
    case 'boolean':
      return { kind: 'boolean', value: syntax.text === 'TRUE' }
    case 'identifier_ref':
      return { kind: 'name', name: syntax.text, passed: [] }
    case 'bound_op': {
      const passed = parametersOf(syntax).map(nodeOf)
      return { kind: 'name', name: nameOf(syntax), passed }
    }
    case 'bound_infix_op':
    case 'bound_prefix_op':
    case 'bound_postfix_op':
      return operatorOf(syntax)
    case 'conj_list':
    case 'disj_list': {
      const items = parts.map((item) => nodeOf(partsOf(item)[1] ?? refuse(item)))
      const symbol = syntax.type === 'conj_list' ? 'land' : 'lor'
      return { kind: 'operator', symbol, operands: items }
    }
    case 'if_then_else': {
      const [test, then, otherwise] = ['if', 'then', 'else'].map((name) =>
        nodeOf(field(syntax, name)),
      )
      if (!test || !then || !otherwise) refuse(syntax)
      return { kind: 'if', test, then, otherwise }
    }
    case 'let_in': {
      const { name, parameters, body } = definitionOf(field(syntax, 'definitions'))
      if (syntax.childrenForFieldName('definitions').length > 1) refuse(syntax)
      if (parameters.length > 0) refuse(syntax)
      return { kind: 'let', name, value: body, inner: nodeOf(field(syntax, 'expression')) }
    }
    case 'bounded_quantification': {
      const kind = field(syntax, 'quantifier').type === 'exists' ? 'exists' : 'forall'
      return { kind, ...bindingOf(field(syntax, 'bound'), field(syntax, 'expression')) }
    }
    case 'set_map':
      return { kind: 'map', ...bindingOf(field(syntax, 'generator'), field(syntax, 'map')) }
    case 'set_filter':
      return { kind: 'filter', ...bindingOf(field(syntax, 'generator'), field(syntax, 'filter')) }
    case 'function_literal':
      return { kind: 'function', ...bindingOf(at(0), at(2)) }
    case 'finite_set_literal':
      return { kind: 'set', items: all() }
    case 'tuple_literal':
      return { kind: 'tuple', items: parts.filter(({ type }) => !/bracket/.test(type)).map(nodeOf) }
    case 'record_literal': {
      const inside = parts.filter(({ type }) => type !== 'all_map_to')
      const fields = inside.flatMap((part, index) =>
        index % 2 === 0 ? [[part.text, nodeOf(inside[index + 1] ?? refuse(part))] as const] : [],
      )
      return { kind: 'record', fields }
    }
    case 'record_value':
      return { kind: 'field', of: nodeOf(at(0)), name: at(1).text }
    case 'function_evaluation':
      if (parts.length !== 2) refuse(syntax)
      return { kind: 'apply', of: nodeOf(at(0)), index: nodeOf(at(1)) }
    case 'except':
      return {
        kind: 'except',
        of: nodeOf(field(syntax, 'expr_to_update')),
        updates: parts.filter(({ type }) => type === 'except_update').map(updateOf),
      }
    default:
      return refuse(syntax)
  }
}

function operatorOf(syntax: Syntax): Node {
  const symbol = field(syntax, 'symbol').type
  const [left, right] = ['lhs', 'rhs'].map((name) => syntax.childForFieldName(name))
  if (symbol === 'prime') return { kind: 'prime', name: left?.text ?? refuse(syntax) }
  const operands = [left, right].flatMap((each) => (each ? [nodeOf(each)] : []))
  const [first] = operands
  if (symbol === 'unchanged' && first?.kind === 'tuple') {
    const names = first.items.map((item) => (item.kind === 'name' ? item.name : refuse(syntax)))
    return { kind: 'unchanged', names }
  }
  return { kind: 'operator', symbol, operands }
}

function bindingOf(bound: Syntax, inner: Syntax): Binding {
  if (bound.childrenForFieldName('intro').length !== 1) refuse(bound)
  return {
    name: field(bound, 'intro').text,
    set: nodeOf(field(bound, 'set')),
    inner: nodeOf(inner),
  }
}

function updateOf(update: Syntax): Update {
  const specifier = partsOf(update).find(({ type }) => type === 'except_update_specifier')
  if (specifier === undefined) refuse(update)
  const path = partsOf(specifier).map((step) => {
    const inner = partsOf(step)[0] ?? refuse(step)
    return step.type === 'except_update_record_field' ? inner.text : nodeOf(inner)
  })
  return { path, value: nodeOf(field(update, 'new_val')) }
}
