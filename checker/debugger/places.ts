import {
  nearest,
  type PoolObject,
  type State,
  type TransitionSystem,
  type Value,
  type ValueType,
} from '../../spec/index.js'
import { valueText } from '../trace/changes.js'
import { processText } from './process-text.js'

/** Something that has a text in every state. */
export type Read = (state: State) => string

/** How to read a place, or what is wrong with its name. */
type FoundPlace =
  | { readonly read: Read; readonly problem: null }
  | { readonly read: null; readonly problem: string }

const NAME = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*|\[\d+\])*$/

/** A name with members and indexes, no operators. */
export const isPlaceName = (text: string): boolean => NAME.test(text)

const found = (read: Read): FoundPlace => ({ read, problem: null })
const wrong = (problem: string): FoundPlace => ({ read: null, problem })

/** The place with a name: `mem_map[0]._refcount`, `i_pages[1]`, a whole object or pool; a process, or a local of one. */
export function placeOf(system: TransitionSystem, text: string): FoundPlace {
  const [head = '', ...keys] = text.match(/[A-Za-z_]\w*|\d+/g) ?? []
  const variable = system.shared.find(({ name }) => name === head)
  if (variable !== undefined) {
    return inside(system, variable.type, keys, head, (state) => state.shared[head] ?? null)
  }
  const pool = system.pools.find(({ name, safety }) => name === head && safety !== 'tasks')
  if (pool !== undefined) {
    const [index, ...rest] = keys
    const objects = (state: State): readonly PoolObject[] => state.pools[head] ?? []
    const isFreed = ({ alive }: PoolObject) => alive === 0 && pool.safety === 'ordinary'
    const whole = (object: PoolObject): string =>
      `${object.alive === 1 ? 'allocated' : 'free'}${isFreed(object) ? '' : ` ${valueText(system, pool.type, object.value)}`}`
    if (index === undefined) {
      return found((state) =>
        objects(state)
          .map((object, i) => `${head}[${i}] ${whole(object)}`)
          .join('\n'),
      )
    }
    const at = indexIn(index, pool.size)
    if (at === null) return wrong(`${head} has the indexes 0..${pool.size - 1}, not ${index}`)
    const name = `${head}[${at}]`
    if (rest.length === 0) return found((state) => whole(objects(state)[at] as PoolObject))
    const value = (state: State): Value => objects(state)[at]?.value ?? null
    const place = inside(system, pool.type, rest, name, value)
    if (place.read === null) return place
    const { read } = place
    const freed = (state: State) => isFreed(objects(state)[at] as PoolObject)
    return found((state) => (freed(state) ? `${name} is free` : read(state)))
  }
  const process = system.processes.findIndex(({ name }) => name === head)
  if (process >= 0) return ofProcess(system, process, keys)
  return wrong(`there is no place \`${head}\`${didYouMean(head, heads(system))}`)
}

/** A process, a local of it, or a field of its task. */
function ofProcess(system: TransitionSystem, process: number, keys: readonly string[]): FoundPlace {
  const name = system.processes[process]?.name ?? ''
  const [key, ...rest] = keys
  if (key === undefined) return found((state) => processText(system, state, process))
  const code = system.codes[system.processes[process]?.code ?? -1]
  const slots = (code?.slots ?? []).filter((slot) => slot.name === key && !slot.temporary)
  if (slots.length > 0) {
    // Ops have locals of the same name: the innermost that has a value is meant, as columns do.
    return found((state) => {
      const here = state.processes[process]
      const kept = (code?.kept[here?.at ?? -1] ?? []).filter((slot) => slots.includes(slot))
      const slot = [...kept].sort((a, b) => a.index - b.index).at(-1)
      if (slot === undefined) return 'not in scope here'
      const place = inside(
        system,
        slot.type,
        rest,
        `${name}.${key}`,
        () => here?.locals[slot.index] ?? null,
      )
      return place.read === null ? place.problem : place.read(state)
    })
  }
  const tasks = system.pools.find(({ safety }) => safety === 'tasks')
  if (tasks?.type.fields.some((field) => field.name === key) === true) {
    const value = (state: State): Value => state.pools[tasks.name]?.[process]?.value ?? null
    return inside(system, tasks.type, keys, name, value)
  }
  const known = [
    ...localsOf(system, process),
    ...(tasks?.type.fields ?? []).map((each) => each.name),
  ]
  return wrong(`${name} has no local \`${key}\`${didYouMean(key, known)}`)
}

function inside(
  system: TransitionSystem,
  type: ValueType,
  keys: readonly string[],
  name: string,
  read: (state: State) => Value,
): FoundPlace {
  const [key, ...rest] = keys
  if (key === undefined) return found((state) => valueText(system, type, read(state)))
  const member = (state: State): Value =>
    (read(state) as { readonly [key: string]: Value } | null)?.[key] ?? null
  switch (type.kind) {
    case 'struct': {
      const field = type.fields.find((each) => each.name === key)
      if (field === undefined) {
        const names = type.fields.map((each) => each.name)
        return wrong(`${name} has no member \`${key}\`${didYouMean(key, names)}`)
      }
      return inside(system, field.type, rest, `${name}.${key}`, member)
    }
    case 'array':
      if (indexIn(key, type.length) === null) {
        return wrong(`${name} has the indexes 0..${type.length - 1}, not ${key}`)
      }
      return inside(system, type.of, rest, `${name}[${key}]`, member)
    case 'bits': {
      const bit = type.bits.indexOf(key)
      if (bit < 0) return wrong(`${name} has no bit \`${key}\`${didYouMean(key, type.bits)}`)
      return found((state) => String((Number(read(state) ?? 0) >> bit) & 1))
    }
    case 'pointer':
      return wrong(`${name} is a pointer: print it, and then the object it points to`)
    default:
      return wrong(`${name} has no parts`)
  }
}

const indexIn = (text: string, length: number): number | null =>
  /^\d+$/.test(text) && Number(text) < length ? Number(text) : null

/** A hint at what may have been meant; empty where nothing is near. */
export function didYouMean(word: string, known: readonly string[]): string {
  const near = nearest(word, known)
  return near === undefined ? '' : `; did you mean \`${near}\`?`
}

/** Names of the locals of a process, of all its ops. */
export function localsOf(system: TransitionSystem, process: number): readonly string[] {
  const code = system.codes[system.processes[process]?.code ?? -1]
  const names = (code?.slots ?? []).filter((slot) => !slot.temporary && slot.name !== '')
  return [...new Set(names.map((slot) => slot.name))]
}

/** What a place can begin with. */
const heads = (system: TransitionSystem): readonly string[] => [
  ...system.shared.map(({ name }) => name),
  ...system.pools.filter(({ safety }) => safety !== 'tasks').map(({ name }) => name),
  ...system.processes.map(({ name }) => name),
]

/** Names of places, objects with their members, for whoever completes a line. */
export const placeNames = (system: TransitionSystem): readonly string[] => [
  ...heads(system),
  ...system.pools
    .filter(({ safety }) => safety !== 'tasks')
    .flatMap(({ name, size, type }) =>
      Array.from({ length: size }, (_, i) => `${name}[${i}]`).flatMap((object) => [
        object,
        ...type.fields.map((field) => `${object}.${field.name}`),
      ]),
    ),
  ...system.processes.flatMap(({ name }, process) =>
    localsOf(system, process).map((local) => `${name}.${local}`),
  ),
]
