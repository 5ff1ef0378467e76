import { parse, type SourceText, type Span } from '../../spec/index.js'
import type { Block, Declaration, Expression, Statement } from '../../spec/syntax/tree.js'

/** One deletion: the spans that become `skip;`, and what it is called. */
export interface Mutation {
  /** `lock invalidate_lock in punch_hole`, `recheck … in …`, `unmap … in …`. */
  readonly name: string
  readonly spans: readonly Span[]
}

const pairs: Readonly<Record<string, readonly string[]>> = {
  down_read: ['up_read'],
  down_write: ['up_write'],
  spin_lock: ['spin_unlock'],
  mutex_lock: ['mutex_unlock'],
  read_lock: ['read_unlock'],
  write_lock: ['write_unlock'],
  folio_lock: ['folio_unlock'],
}
const unmaps = /^(unmap_|zap_|truncate_cleanup)/

/** Every lock with its unlocks, every early exit after a test, and every unmap of a file's ops and processes. */
export function deletionsIn(source: SourceText): readonly Mutation[] {
  const { result } = parse(source)
  if (result === null) throw new Error(`${source.path} does not parse`)
  return result.declarations.flatMap((declaration) => {
    const body = bodyOf(declaration)
    return body === null ? [] : inBody(source, body.name, body.block)
  })
}

function bodyOf(declaration: Declaration): { name: string; block: Block } | null {
  if (declaration.kind === 'op' || declaration.kind === 'process') {
    return { name: declaration.name.text, block: declaration.body }
  }
  return null
}

function inBody(source: SourceText, where: string, block: Block): readonly Mutation[] {
  const statements = flatten(block)
  const calls = statements.flatMap((statement) => {
    const call = callOf(statement)
    return call === null
      ? []
      : [{ statement, name: call.callee.text, text: argumentsOf(source, call) }]
  })
  const found: Mutation[] = []
  for (const [lock, unlocks] of Object.entries(pairs)) {
    const places = new Set(calls.filter((call) => call.name === lock).map((call) => call.text))
    for (const place of places) {
      const both = calls.filter(
        (call) => call.text === place && (call.name === lock || unlocks.includes(call.name)),
      )
      found.push({
        name: `${lock}(${place}) in ${where}`,
        spans: both.map((call) => call.statement.span),
      })
    }
  }
  for (const call of calls) {
    if (!unmaps.test(call.name)) continue
    found.push({ name: `${call.name}(${call.text}) in ${where}`, spans: [call.statement.span] })
  }
  for (const statement of statements) {
    if (statement.kind !== 'if' || statement.otherwise !== null || !leaves(statement.then)) continue
    const test = oneLine(source.excerpt(statement.test.span))
    found.push({ name: `if (${test}) in ${where}`, spans: [statement.span] })
  }
  return numbered(found)
}

/** Deletions of one name in one body are told apart by `#2`, `#3`. */
function numbered(mutations: readonly Mutation[]): readonly Mutation[] {
  const seen = new Map<string, number>()
  return mutations.map((mutation) => {
    const count = (seen.get(mutation.name) ?? 0) + 1
    seen.set(mutation.name, count)
    return count === 1 ? mutation : { ...mutation, name: `${mutation.name} #${count}` }
  })
}

type Call = Expression & { kind: 'call' }

function callOf(statement: Statement): Call | null {
  return statement.kind === 'call' && statement.call.kind === 'call' ? statement.call : null
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ')

const argumentsOf = (source: SourceText, call: Call): string =>
  call.arguments.map((argument) => oneLine(source.excerpt(argument.span))).join(', ')

/** An early exit: the body ends by going somewhere else. */
function leaves(statement: Statement): boolean {
  if (statement.kind === 'block') {
    const last = statement.body.statements.at(-1)
    return last !== undefined && leaves(last)
  }
  return ['goto', 'return', 'continue', 'break'].includes(statement.kind)
}

function flatten(block: Block): readonly Statement[] {
  return block.statements.flatMap(withInner)
}

function withInner(statement: Statement): readonly Statement[] {
  switch (statement.kind) {
    case 'block':
    case 'atomic':
      return [statement, ...flatten(statement.body)]
    case 'either':
      return [statement, ...statement.branches.flatMap(flatten)]
    case 'if': {
      const otherwise = statement.otherwise === null ? [] : withInner(statement.otherwise)
      return [statement, ...withInner(statement.then), ...otherwise]
    }
    case 'while':
    case 'for-range':
    case 'for-pool':
      return [statement, ...withInner(statement.body)]
    default:
      return [statement]
  }
}

/** The text with the mutation's statements gone; lines keep their numbers. */
export function apply(source: SourceText, mutation: Mutation): string {
  let text = source.text
  for (const span of [...mutation.spans].sort((a, b) => b.from - a.from)) {
    const lines = text.slice(span.from, span.to).replace(/[^\n]/g, '')
    text = `${text.slice(0, span.from)}skip;${lines}${text.slice(span.to)}`
  }
  return text
}
