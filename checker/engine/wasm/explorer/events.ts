import { add, type Code, constant, global, multiply, store } from '../code.js'
import { type Desk, EVENT } from './desk.js'
import { desked, noteOnDesk } from './parts.js'

/** Notes an event; the caller has seen to it that there is room. */
export function emitEvent(desk: Desk, kind: keyof typeof EVENT, id: Code, process: Code): Code {
  const at = add(global(0), multiply(desked(desk.eventCount), constant(12)))
  return [
    store(at, desk.events, constant(EVENT[kind])),
    store(at, desk.events + 4, id),
    store(at, desk.events + 8, process),
    noteOnDesk(desk.eventCount, add(desked(desk.eventCount), constant(1))),
  ]
}
