import { lockPlaces, type State } from '../../../spec/index.js'
import { processName } from '../../trace/changes.js'
import { fullPlace } from '../../trace/format.js'
import { heldMode, lockName } from '../../trace/holdings.js'
import type { Trace } from '../../trace/trace.js'
import { endOf, HOLDS, named, type TraceEvent } from './perfetto-event.js'

/** A time during which something is held or set. */
interface Held {
  readonly name: string
  readonly from: number
  readonly to: number
}

/** A track for each lock and holder, since readers overlap, and one for each bit, which nobody owns. */
export function holds(trace: Trace): TraceEvent[] {
  const tracks = [...lockTracks(trace), ...bitTracks(trace)]
  if (tracks.length === 0) return []
  return [
    ...named('process_name', HOLDS, 0, 'locks and bits'),
    ...tracks.flatMap(({ name, held }, index) => [
      ...named('thread_name', HOLDS, index + 1, name),
      ...held.map(
        ({ name: what, from, to }): TraceEvent => ({
          ...{ ph: 'X', cat: 'held', name: what, pid: HOLDS, tid: index + 1 },
          ...{ ts: from, dur: to - from },
        }),
      ),
    ]),
  ]
}

interface Track {
  readonly name: string
  readonly held: readonly Held[]
}

function lockTracks(trace: Trace): Track[] {
  const { system } = trace
  return lockPlaces(system).flatMap((place) =>
    [...system.processes.keys()].flatMap((process) => {
      const held = times(trace, (state) => heldMode(state, place, process))
      const name = `${lockName(system, place)}: ${processName(system, process)}`
      return held.length === 0 ? [] : [{ name, held }]
    }),
  )
}

/** The times at which a state says a word, and which: `null` where it says none. Time N is behind step N. */
function times(trace: Trace, word: (state: State) => string | null): Held[] {
  const states = [trace.initial.state, ...[...trace.steps, ...trace.loop].map((s) => s.after)]
  const found: Held[] = []
  let name: string | null = null
  let from = 0
  for (const [time, state] of states.entries()) {
    const now = word(state)
    if (now === name) continue
    if (name !== null) found.push({ name, from, to: time })
    name = now
    from = time
  }
  return name === null ? found : [...found, { name, from, to: endOf(trace) }]
}

function bitTracks(trace: Trace): Track[] {
  const open = new Map<string, Omit<Held, 'to'>>()
  const tracks = new Map<string, Held[]>()
  for (const step of [...trace.steps, ...trace.loop]) {
    for (const change of step.changes) {
      if (change.kind !== 'bit') continue
      const place = fullPlace(change)
      const held = tracks.get(place) ?? []
      tracks.set(place, held)
      const who = processName(trace.system, step.process)
      if (change.after === '1') {
        open.set(place, { name: `set by ${who}`, from: step.index })
        continue
      }
      held.push({ ...(open.get(place) ?? { name: 'set', from: 0 }), to: step.index })
      open.delete(place)
    }
  }
  for (const [place, begun] of open) tracks.get(place)?.push({ ...begun, to: endOf(trace) })
  return [...tracks].map(([name, held]) => ({ name, held }))
}
