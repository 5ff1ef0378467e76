import type { Memory } from '../../spec/interpreter/frame.js'
import { perform } from '../../spec/interpreter/perform.js'
import { type Facts, factsOf, Run } from '../../spec/interpreter/run.js'
import { CutSignal, TrapSignal } from '../../spec/interpreter/signal.js'
import type { State } from '../../spec/interpreter/state.js'
import type { ValueType } from '../../spec/system/expression.js'
import type { TransitionSystem } from '../../spec/system/system.js'

/** What one transition really reads and writes: it is run once more, on a copy of the state that keeps a record. */

export interface Touched {
  readonly reads: ReadonlySet<string>
  readonly writes: ReadonlySet<string>
}

type Path = readonly (string | number)[]

export class Recorder {
  readonly #system: TransitionSystem
  readonly #facts: Facts

  constructor(system: TransitionSystem) {
    this.#system = system
    this.#facts = factsOf(system, perform)
  }

  /** The places a process's transition with these picks touches, as `footprint` names them. */
  touched(state: State, process: number, picks: readonly number[]): Touched {
    const reads = new Set<string>()
    const writes = new Set<string>()
    const memory = recording(structuredClone(state) as object, [], (path, written) => {
      const name = this.#nameOf(path, process)
      if (name !== null) (written ? writes : reads).add(name)
    })
    const instance = this.#system.processes[process]
    const code = instance && this.#system.codes[instance.code]
    const here = state.processes[process]
    if (!code || !here) throw new Error(`no process ${process}`)
    const who = { process, family: instance.family, at: here.at, parked: here.parked }
    const run = new Run(this.#facts, memory as Memory, code, who, here.locals, picks)
    try {
      run.step()
    } catch (signal) {
      if (!(signal instanceof TrapSignal || signal instanceof CutSignal)) throw signal
    }
    return { reads, writes }
  }

  /** Null for what is nobody else's business: containers, and the process's own part of the state. */
  #nameOf(path: Path, process: number): string | null {
    const [part, first, second, third] = path
    if (part === 'shared' && typeof first === 'string') {
      const variable = this.#system.shared.find(({ name }) => name === first)
      return variable ? named(first, variable.type, path.slice(2)) : null
    }
    if (part === 'pools' && typeof second === 'number') {
      if (third === 'alive') return `${first}.#alive`
      const pool = this.#system.pools.find(({ name }) => name === first)
      if (third !== 'value' || !pool) return null
      return path.length === 4 ? `${first}.#value` : named(`${first}`, pool.type, path.slice(4))
    }
    if (part !== 'processes' || first === process || typeof second !== 'string') return null
    if (second === 'locals') return path.length > 3 ? '#locals' : null
    return '#parked'
  }
}

/** A variable, or its member where it is (or holds) a struct; null on the way there, at an array or a struct. */
function named(name: string, type: ValueType, path: Path, inside = false): string | null {
  const [key, ...rest] = path
  if (type.kind === 'array') return key === undefined ? null : named(name, type.of, rest, inside)
  if (type.kind !== 'struct') return name
  const field = type.fields.find((each) => each.name === key)
  return field ? named(inside ? name : `${name}.${key}`, field.type, rest, true) : null
}

function recording(
  target: object,
  path: Path,
  note: (path: Path, written: boolean) => void,
): object {
  const step = (key: string | symbol): Path => {
    const text = String(key)
    return [...path, /^\d+$/.test(text) ? Number(text) : text]
  }
  return new Proxy(target, {
    get(object, key) {
      const value = Reflect.get(object, key)
      if (!Object.hasOwn(object, key) || key === 'length') return value
      const here = step(key)
      note(here, false)
      return typeof value === 'object' && value !== null ? recording(value, here, note) : value
    },
    set(object, key, value) {
      note(step(key), true)
      // What is stored may be shared with the system or with another place: a copy is nobody else's.
      const copied = typeof value === 'object' ? JSON.parse(JSON.stringify(value)) : value
      return Reflect.set(object, key, copied)
    },
  })
}
