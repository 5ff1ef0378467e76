import type { Hold } from '../checker/page/document.ts'
import type { RunModel } from './run-model.ts'
import { placeName } from './walk.ts'

/** More curves than this leave no room for the code; the one that is selected always has its own. */
const COUNTERS_MAX = 4

/** What is drawn beside the lanes. */
export interface Gauges {
  readonly locks: readonly LockGauge[]
  readonly counters: readonly Counter[]
}

export interface LockGauge {
  readonly name: string
  /** How many may be in it at once, in this run. */
  readonly width: number
  /** Each with the track it is drawn in, from 0. */
  readonly holds: readonly (Hold & { readonly track: number })[]
}

export interface Counter {
  readonly place: number
  readonly name: string
  readonly least: number
  readonly most: number
}

export function gaugesOf(model: RunModel, selected: number | null): Gauges {
  const { counters, locks } = model.run
  const chosen = counters.slice(0, COUNTERS_MAX)
  if (selected !== null && counters.includes(selected) && !chosen.includes(selected)) {
    chosen[COUNTERS_MAX - 1] = selected
  }
  return {
    locks: locks.map(({ name, holds }) => ({ name, ...tracksOf(holds) })),
    counters: chosen.map((place) => counterOf(model, place)),
  }
}

/** Holds side by side where they overlap. */
function tracksOf(holds: readonly Hold[]): Pick<LockGauge, 'width' | 'holds'> {
  const ends: number[] = []
  const placed = holds.map((hold) => {
    const free = ends.findIndex((end) => end <= hold.from)
    const track = free < 0 ? ends.length : free
    ends[track] = hold.to ?? Number.POSITIVE_INFINITY
    return { ...hold, track }
  })
  return { width: Math.max(1, ends.length), holds: placed }
}

function counterOf(model: RunModel, place: number): Counter {
  const positions = [0, ...model.changes(place)]
  const values = positions
    .map((position) => model.value(place, position))
    .filter((value) => value !== null)
    .map(Number)
  const { object } = model.run.places[place] ?? {}
  const isAlone =
    object == null || !model.run.counters.some((other) => isOtherObject(model, place, other))
  const name = isAlone ? (model.run.places[place]?.name ?? '') : placeName(model, place)
  return { place, name, least: Math.min(...values), most: Math.max(...values) }
}

/** The same member of another object: then the name of the member says too little. */
function isOtherObject({ run }: RunModel, place: number, other: number): boolean {
  const [one, two] = [run.places[place], run.places[other]]
  return (
    one !== undefined && two !== undefined && one.name === two.name && one.object !== two.object
  )
}
