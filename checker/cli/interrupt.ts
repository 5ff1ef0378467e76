import { EXIT } from './exit.js'

/** Ctrl-C and its kin: the first asks the search to end with what it has, the second ends the process. */
export interface Interrupt {
  readonly requested: () => boolean
  /** One Int32, not 0 once requested: what worker threads look at. */
  readonly shared: SharedArrayBuffer
  readonly release: () => void
}

const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM']

/** Listens from now on, until released. */
export function listenForInterrupt(): Interrupt {
  const shared = new SharedArrayBuffer(4)
  const flag = new Int32Array(shared)
  const handle = (): void => {
    if (Atomics.add(flag, 0, 1) > 0) process.exit(EXIT.incomplete)
  }
  for (const signal of SIGNALS) process.on(signal, handle)
  return {
    requested: () => Atomics.load(flag, 0) > 0,
    shared,
    release: () => {
      for (const signal of SIGNALS) process.off(signal, handle)
    },
  }
}
