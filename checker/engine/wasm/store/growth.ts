import { ENTRIES_MAX } from '../explorer/desk.js'
import { FILL_MAX, type StorePlan } from './plan.js'
import { CHUNK } from './table.js'

/** A large table grows in small steps, so that few of its slots are empty; filling a small one costs next to nothing. */
const FACTOR = 1.4
const SMALL_FACTOR = 2.5
const SMALL_SLOTS = 1 << 20
const FIRST_SLOTS = 1 << 16

/** What all workers may still insert when the table is found to be too full. */
const underway = ({ workers }: StorePlan): number => workers * (ENTRIES_MAX + CHUNK)

/** How large the table is when. */
export const storeGrowth = {
  first: (plan: StorePlan): number =>
    Math.min(plan.slotsMax, Math.max(FIRST_SLOTS, 4 * underway(plan))),

  /** The next size, or null after the last. */
  next: (plan: StorePlan, slots: number): number | null =>
    slots >= plan.slotsMax
      ? null
      : Math.min(plan.slotsMax, Math.ceil(slots * (slots < SMALL_SLOTS ? SMALL_FACTOR : FACTOR))),

  /** Ids from here on wait until the table has grown. */
  fill: (plan: StorePlan, slots: number): number =>
    Math.min(
      Math.floor(slots * FILL_MAX),
      Math.floor(slots * 0.97) - underway(plan),
      plan.statesMax - underway(plan),
    ),
}
