/** What a search uses of the compiled explorer. */
export { type CompiledExplorer, compileExplorer } from './compile-explorer.js'
export { type Desk, ENTRIES_MAX, type EventKind, eventKinds } from './desk.js'
export { CONTROL, COVERS_AT, MARK } from '../store/plan.js'
export { CHUNK } from '../store/table.js'
export { createMemory, HALT, imageOf, type Outcome, Station, type StationImage, TASK } from './station.js'
export { storeGrowth } from '../store/growth.js'
