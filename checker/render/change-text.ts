import type { State, TransitionSystem } from '../../spec/index.js'
import { differences, processName } from '../trace/changes.js'
import { fullPlace } from '../trace/format.js'
import type { Change, Trace } from '../trace/trace.js'

/** How the places of one trace are named: objects are left out where the trace touches only one of a pool. */
export interface Naming {
  readonly isShort: (object: string) => boolean
}

/** The shortest names that are still unambiguous in this trace. */
export function namingOf(trace: Trace): Naming {
  const objects = new Set<string>()
  const add = (object: string | null) => object !== null && objects.add(object)
  for (const step of [...trace.steps, ...trace.loop]) {
    for (const change of step.changes) add(change.kind === 'life' ? change.name : change.object)
  }
  for (const operand of trace.operands) add(operand.object)
  const pools = new Map<string, number>()
  for (const object of objects) {
    const pool = object.replace(/\[\d+\]$/, '')
    pools.set(pool, (pools.get(pool) ?? 0) + 1)
  }
  return { isShort: (object) => pools.get(object.replace(/\[\d+\]$/, '')) === 1 }
}

/** A place as short as the naming allows. */
export function shortPlace(place: Pick<Change, 'object' | 'name'>, naming: Naming): string {
  const short = place.object !== null && /\]$/.test(place.object) && naming.isShort(place.object)
  return short && place.name !== '' ? place.name : fullPlace(place)
}

/** `_refcount 1 -> 2`, `PG_locked set`, `pte[0] = null`, `mem_map[0] freed`. */
function changeText(change: Change, naming: Naming): string {
  const place = shortPlace(change, naming)
  switch (change.kind) {
    case 'bit': {
      const bit = change.name.split('.').at(-1) ?? change.name
      const owner = place.slice(0, -bit.length)
      const object = change.object !== null && owner.startsWith(change.object)
      const shown = object || change.object === null ? place : bit
      return `${shown} ${change.after === '1' ? 'set' : 'cleared'}`
    }
    case 'life':
      return `${change.name} ${change.after === 'free' ? 'freed' : 'allocated'}`
    case 'lock':
      return `${place} ${change.after}`
    case 'pointer':
      return `${place} = ${change.after}`
    case 'section':
      return sectionText(change)
    case 'awaits':
      return `${change.object} waits for ${change.after}`
    case 'value':
      return `${place} ${change.before} -> ${change.after}`
  }
}

/** `irqs off`, `in RCU section`: what the process that moves is in now. */
function sectionText({ name, after }: Change): string {
  if (name === 'rcu')
    return after === 'outside' ? 'left RCU section' : `in RCU section${after.slice(6)}`
  const words: Readonly<Record<string, string>> = { preempt: 'preemption', bh: 'softirqs' }
  return `${words[name] ?? name} ${after}`
}

/** What a line says, and how much of its statement it is. */
export interface Said {
  readonly process: number
  /** The line's own text. */
  readonly text: string
  /** The line is all of its statement; else it must be said which part of it this is. */
  readonly whole: boolean
}

/**
 * What a line of a trace says it changed. A lock or a context that the line's text names needs no second line: the
 * call says what it does.
 */
export function changeTexts(
  system: TransitionSystem,
  before: State,
  after: State,
  naming: Naming,
  said: Said,
): string[] {
  const changes = differences(system, before, after)
  const born = new Set(
    changes
      .filter((each) => each.kind === 'life' && each.after !== 'free')
      .map((each) => each.name),
  )
  return changes
    .filter((change) => {
      // Freeing makes every pointer to the object stale: the line that freed it has said so.
      if (change.kind === 'pointer' && change.after === `${change.before} (stale)`) return false
      if (isNamed(change, said)) return false
      // The birth of an object is told by what is not zero in it.
      const fresh = change.object !== null && born.has(change.object)
      return !(fresh && /^(?:0|null|false)$/.test(change.after))
    })
    .flatMap((change) => {
      if (change.kind === 'awaits') return awaitsTexts(change, processName(system, said.process))
      const fresh = change.object !== null && born.has(change.object) && change.kind === 'value'
      if (fresh) return `${shortPlace(change, naming)} = ${change.after}`
      return changeText(change, naming)
    })
}

const SECTION_CALLS: Readonly<Record<string, RegExp>> = {
  preempt: /preempt_/,
  irqs: /_irq/,
  bh: /_bh(?:_|\b)/,
  rcu: /\brcu_read_/,
}

/** The text itself tells of the change: it names the lock, or, unless it is the other half of the call, the context. */
function isNamed({ kind, name }: Change, { text, whole }: Said): boolean {
  if (kind === 'section') return whole && SECTION_CALLS[name]?.test(text) === true
  if (kind !== 'lock') return false
  const lock = name
    .replace(/\[\d+\]/g, '')
    .split('.')
    .at(-1)
  const words: readonly string[] = text.match(/[A-Za-z_]\w*/g) ?? []
  return lock !== undefined && words.includes(lock)
}

/** Whom a grace period waits for, below a line that says that it does; of others only that they may go on. */
function awaitsTexts({ object, after }: Change, mover: string): string[] {
  if (object !== mover) return after === 'nobody' ? [`${object} may go on`] : []
  if (after === 'nothing') return []
  return [after === 'nobody' ? 'nobody to wait for' : `for ${after}`]
}
