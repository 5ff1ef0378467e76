import type { Expression } from '../analysis/model.js'
import type { Builder } from './builder.js'
import { writeInCheck } from './errors.js'
import type { Expr, Place, Slot } from './expression.js'

/** Reads a place into a temporary. A step when the place is shared. */
export function load(b: Builder, place: Place, marked: boolean, e: Expression): Expr {
  const slot = b.temporary('', place.type)
  b.at({ span: e.span }, () => b.emit({ kind: 'load', slot, place, marked }))
  return { kind: 'slot', slot }
}

/** Writes a place: an assignment when it is a whole local, else one access. */
export function store(b: Builder, place: Place, value: Expr, marked: boolean, e: Expression): void {
  const slot = wholeSlot(place)
  if (slot) return b.emit({ kind: 'assign', slot, value })
  mayWrite(b, place, e)
  b.emit({ kind: 'store', place, value, marked })
}

/** Reports a write to shared state where only reading is allowed. */
export function mayWrite(b: Builder, place: Place | null, e: Expression): void {
  if (!b.readOnly || (place !== null && isLocal(place))) return
  b.report(writeInCheck(e.span, b.kind === 'property' ? 'a property' : 'a condition'))
}

/** The pools a pointer expression may point into. */
export function poolsOf(b: Builder, e: Expression): readonly number[] {
  const type = b.shared.types.resolve(e.type)
  return type.kind === 'pointer' ? type.pools : []
}

/** True when an access to it is no step: it belongs to the process alone. */
export const isLocal = (place: Place): boolean => place.root.kind === 'local'

/** The scalar slot a place is, when it is a whole local. */
export const wholeSlot = (place: Place): Slot | null =>
  place.root.kind === 'local' && place.path.length === 0 && isScalar(place) ? place.root.slot : null

const isScalar = (place: Place): boolean =>
  place.type.kind !== 'array' && place.type.kind !== 'struct' && place.type.kind !== 'lock'
