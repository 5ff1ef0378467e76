import type { Engine } from '../../engine/engine.js'
import type { CompiledExplorer } from '../../engine/wasm/explorer/index.js'
import type { Desks } from './desks.js'

/** What was executed by the engine itself and by all threads; as `Engine.executed`. */
export function executedBy(
  engine: Engine,
  { compiled }: CompiledExplorer,
  desks: Desks,
): readonly Uint8Array[] {
  const inits = engine.system.init.length
  const codes = engine.system.codes.length
  return engine.executed.map((own, index) => {
    // `init` runs in the reference engine only.
    if (index >= codes && index < codes + inits) return own
    const first = compiled.executedAt[index < codes ? index : index - inits] ?? 0
    const threads = desks.union(first, own.length)
    return own.map((one, at) => one | (threads[at] ?? 0))
  })
}
