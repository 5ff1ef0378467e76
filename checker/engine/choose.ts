import type { TransitionSystem } from '../../spec/index.js'
import type { Engine } from './engine.js'
import { referenceEngine } from './reference.js'
import { compiledEngine } from './wasm/compiled.js'

export type EngineName = Engine['name']

/** The engines a user can ask for, the default first. */
export const engineNames: readonly [EngineName, ...EngineName[]] = ['compiled', 'reference']
export const defaultEngine: EngineName = engineNames[0]

/** The engine asked for, where the system is not beyond it; else the reference engine. `name` says which it is. */
export function chooseEngine(system: TransitionSystem, wanted: EngineName): Engine {
  return (wanted === 'compiled' ? compiledEngine(system) : null) ?? referenceEngine(system)
}
