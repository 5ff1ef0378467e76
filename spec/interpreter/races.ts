import type { Site } from '../system/system.js'
import type { Involved, Trap } from './outcome.js'
import { resolve } from './place.js'
import type { Facts } from './run.js'
import { type Path, TrapSignal } from './signal.js'
import type { State } from './state.js'
import { processName } from './value.js'
import { probe, waitOf } from './waits.js'

/** One access a process could make next. */
interface Access {
  readonly process: number
  readonly path: Path
  readonly writes: boolean
  readonly marked: boolean
  readonly site: Site
}

/**
 * Rule 5: two accesses to one location that could both come next, at least one a write and at least one plain
 * (tools/memory-model/Documentation/explanation.txt, kernel/kcsan). The first pair in the order of processes.
 */
export function dataRace(facts: Facts, state: State): Trap | null {
  const accesses = facts.system.processes.flatMap((_, process) => next(facts, state, process))
  for (const [at, one] of accesses.entries()) {
    for (const other of accesses.slice(at + 1)) {
      const same = one.path.join('.') === other.path.join('.')
      if (!same || !(one.writes || other.writes) || (one.marked && other.marked)) continue
      return race(facts, one, other)
    }
  }
  return null
}

function next(facts: Facts, state: State, process: number): readonly Access[] {
  const run = probe(facts, state, process)
  const i = run?.instruction()
  if (!run || !i || (i.kind !== 'load' && i.kind !== 'store' && i.kind !== 'update')) return []
  if (waitOf(facts, state, process) !== null) return []
  const marked = i.kind === 'update' || i.marked
  try {
    const { path } = resolve(i.place, run.frame, run.memory, marked)
    return [{ process, path, writes: i.kind !== 'load', marked, site: i.site }]
  } catch (signal) {
    if (signal instanceof TrapSignal) return []
    throw signal
  }
}

function race(facts: Facts, one: Access, other: Access): Trap {
  const involved = [one, other].map((access): Involved => {
    const what = `${access.marked ? 'marked ' : ''}${access.writes ? 'write' : 'read'}`
    return { process: access.process, site: access.site, what }
  })
  const parts = involved.map(
    ({ process, what }) => `${what} by ${processName(process, facts.system)}`,
  )
  return {
    kind: 'data-race',
    message: parts.join(' and '),
    at: one.site.span,
    site: null,
    process: null,
    operands: [one.path],
    involved,
  }
}
