/** What a search uses of the compiled explorer. */

export { storeGrowth } from '../store/growth.js'
export { CONTROL, COVERS_AT, MARK } from '../store/plan.js'
export { CHUNK } from '../store/table.js'
export { type CompiledExplorer, compileExplorer } from './compile-explorer.js'
export { type Desk, ENTRIES_MAX, type EventKind, eventKinds } from './desk.js'
export {
  createMemory,
  HALT,
  imageOf,
  type Outcome,
  Station,
  type StationImage,
  TASK,
} from './station.js'
