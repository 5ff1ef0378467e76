import { ENTRIES_MAX } from '../explorer/desk.js'
import { FILL_MAX, type StorePlan } from './plan.js'
import { CHUNK } from './table.js'

const FACTOR = 1.6
const FIRST_SLOTS = 1 << 16

/** What all workers may still insert when the table is found to be too full. */
const underway = ({ workers }: StorePlan): number => workers * (ENTRIES_MAX + CHUNK)

/** How large the table is when. */
export const storeGrowth = {
  first: (plan: StorePlan): number =>
    Math.min(plan.slotsMax, Math.max(FIRST_SLOTS, 4 * underway(plan))),

  /** The next size, or null after the last. */
  next: (plan: StorePlan, slots: number): number | null =>
    slots >= plan.slotsMax ? null : Math.min(plan.slotsMax, Math.ceil(slots * FACTOR)),

  /** Ids from here on wait until the table has grown. */
  fill: (plan: StorePlan, slots: number): number =>
    Math.min(
      Math.floor(slots * FILL_MAX),
      Math.floor(slots * 0.97) - underway(plan),
      plan.statesMax - underway(plan),
    ),
}
