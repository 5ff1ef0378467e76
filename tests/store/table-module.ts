import { ModuleWriter } from '../../checker/engine/wasm/module.js'
import { planStore, type StorePlan } from '../../checker/engine/wasm/store/plan.js'
import { emitTable } from '../../checker/engine/wasm/store/table.js'

/** The visited set alone, without a system: what a thread's part of the memory is then. */
export const desk = { chunk: 0, chunkEnd: 4, found: 8, entry: 64 }
export const workerBytes = 512

/** A module of the set, for states of some words, whose hash has only so many bits. */
export function tableModule(given: {
  readonly stateWords: number
  readonly workers: number
  readonly hashBits: number
}): { readonly bytes: Uint8Array<ArrayBuffer>; readonly plan: StorePlan } {
  const { stateWords, workers } = given
  const plan = planStore({ stateWords, workerBytes, workers, bytes: 2 ** 26 })
  if (plan === null) throw new Error('no room for a table')
  const writer = new ModuleWriter()
  const table = emitTable(writer, plan, desk, given.hashBits)
  for (const one of [table.insert, table.find, table.aimed, table.enter]) writer.export(one)
  return { bytes: writer.bytes(), plan }
}
