import { builtins } from '../analysis/builtins.js'
import type { Statement } from '../syntax/tree.js'
import {
  blocksIn,
  type Call,
  callOf,
  isFixed,
  type Scene,
  statementsOf,
  textOf,
  withInner,
} from './bodies.js'
import { isExchangeable, mentionsWritten } from './independent.js'
import type { Mutation } from './mutation.js'

/** Mutations of locks: out, weaker, shorter. */

/** What ends what; every other `…lock…` is ended by the `…unlock…` of the same name. */
const ENDS: Readonly<Record<string, string>> = {
  down_read: 'up_read',
  down_write: 'up_write',
  spin_lock_irqsave: 'spin_unlock_irqrestore',
  read_lock_irqsave: 'read_unlock_irqrestore',
  write_lock_irqsave: 'write_unlock_irqrestore',
  preempt_disable: 'preempt_enable',
  local_irq_disable: 'local_irq_enable',
  local_irq_save: 'local_irq_restore',
  local_bh_disable: 'local_bh_enable',
}

/** The op that ends what this call begins, or null where it begins nothing. */
export function endOf({ ops }: Scene, { callee: { text: callee } }: Call): string | null {
  const end = ENDS[callee] ?? callee.replace(/(^|_)lock(_|$)/, '$1unlock$2')
  const isKnown = Object.hasOwn(builtins, end) || ops.has(end)
  return end !== callee && isKnown ? end : null
}

const ENDINGS = new Set(Object.values(ENDS))

const isLocking = (scene: Scene, call: Call): boolean =>
  endOf(scene, call) !== null ||
  ENDINGS.has(call.callee.text) ||
  /(?:^|_)unlock(?:_|$)/.test(call.callee.text)

interface Found {
  readonly statement: Statement
  readonly call: Call
  readonly name: string
  /** What is locked; the rest of the arguments of an unlock is what the lock gave. */
  readonly place: string
}

function callsIn({ source, body }: Scene): readonly Found[] {
  return statementsOf(body.block).flatMap((statement) => {
    const call = callOf(statement)
    if (call === null) return []
    const [first] = call.arguments
    const place = first === undefined ? '' : textOf(source, first.span)
    return [{ statement, call, name: call.callee.text, place }]
  })
}

/** The locks of a body: each way to take a place, with all that is done to it until it is free again. */
function sectionsIn(scene: Scene): readonly (readonly Found[])[] {
  const calls = callsIn(scene)
  const seen = new Set<string>()
  return calls.flatMap((begin) => {
    const end = endOf(scene, begin.call)
    const key = `${begin.name} ${begin.place}`
    if (end === null || seen.has(key)) return []
    seen.add(key)
    const isDowngraded = calls.some(
      ({ name, place }) => name === 'downgrade_write' && place === begin.place,
    )
    const others =
      begin.name === 'down_write' && isDowngraded ? [end, 'downgrade_write', 'up_read'] : [end]
    const all = calls.filter(
      ({ name, place }) => place === begin.place && (name === begin.name || others.includes(name)),
    )
    return [all]
  })
}

export function lockMutations(scene: Scene): readonly Mutation[] {
  return sectionsIn(scene).flatMap((section) => [...out(scene, section), ...weaker(scene, section)])
}

function out({ source, body }: Scene, section: readonly Found[]): readonly Mutation[] {
  const [begin] = section
  if (begin === undefined) return []
  const spans = section.map(({ statement }) => statement.span)
  return [
    {
      kind: 'locks',
      name: `${textOf(source, begin.call.span)} in ${body.name}`,
      at: begin.statement.span,
      done: section.length === 1 ? 'taken out' : 'taken out, with what ends it',
      edits: spans.map((at) => ({ kind: 'remove', at })),
      touches: spans,
    },
  ]
}

/** Shared instead of exclusive, or without keeping handlers out. */
function weaker({ body, ops }: Scene, section: readonly Found[]): readonly Mutation[] {
  const [begin] = section
  if (begin === undefined) return []
  const rename = weakerName(begin.name)
  const name = rename(begin.name)
  const isKnown = Object.hasOwn(builtins, name) || ops.has(name)
  if (name === begin.name || !isKnown || section.some((one) => one.name === 'downgrade_write')) {
    return []
  }
  const spans = section.map(({ statement }) => statement.span)
  return [
    {
      kind: 'modes',
      name: `${name} for ${begin.name}(${begin.place}) in ${body.name}`,
      at: begin.statement.span,
      done: `made ${name}(${begin.place})`,
      edits: section.map(({ statement, name: callee }) => ({
        kind: 'rename',
        at: statement.span,
        callee: rename(callee),
      })),
      touches: spans,
    },
  ]
}

const weakerName = (name: string): ((callee: string) => string) => {
  if (/(?:^|_)write(?:_|$)/.test(name)) return (each) => each.replace(/(^|_)write(_|$)/, '$1read$2')
  return (each) => each.replace(/_(?:irqsave|irqrestore|irq|bh)$/, '')
}

/** A section that begins one statement later, or ends one earlier. */
export function sectionMutations(scene: Scene): readonly Mutation[] {
  return blocksIn(scene.body.block).flatMap(({ statements }) =>
    statements.flatMap((statement, at) => {
      const call = lockIn(scene, statement)
      if (call === null) return []
      const begins = endOf(scene, call) !== null
      const other = statements[begins ? at + 1 : at - 1]
      if (other === undefined || !mayLeave(scene, statement, other)) return []
      const [first, second] = begins ? [statement, other] : [other, statement]
      const where = begins ? 'one statement later' : 'one statement earlier'
      return [
        {
          kind: 'sections' as const,
          name: `${textOf(scene.source, call.span)} ${where} in ${scene.body.name}`,
          at: statement.span,
          done: `${begins ? 'behind' : 'before'} \`${textOf(scene.source, other.span).replace(/;$/, '')}\``,
          edits: [{ kind: 'swap' as const, first: first.span, second: second.span }],
          touches: withInner(statement).map(({ span }) => span),
        },
      ]
    }),
  )
}

/** The lock or unlock that a statement is, or is where the design says so. */
export function lockIn(scene: Scene, statement: Statement): Call | null {
  const isChosen =
    statement.kind === 'if' &&
    statement.otherwise === null &&
    isFixed(statement.test, scene.constants)
  const call = callOf(isChosen ? statement.then : statement)
  return call !== null && isLocking(scene, call) ? call : null
}

/** Whether a statement may come out of the section: not another lock, and nothing that goes elsewhere. */
function mayLeave(scene: Scene, statement: Statement, other: Statement): boolean {
  if (!isExchangeable(other) || lockIn(scene, other) !== null) return false
  return !mentionsWritten(statement, other) && !mentionsWritten(other, statement)
}
