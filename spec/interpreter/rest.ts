import type { ValueType } from '../system/expression.js'
import type { TransitionSystem } from '../system/system.js'
import type { Memory } from './frame.js'
import type { Trap } from './outcome.js'
import { judgeProperty } from './property.js'
import { headAt } from './rcu.js'
import type { Facts } from './run.js'
import type { State, Value } from './state.js'
import { objectOf } from './value.js'

/** Rule 8: every thread finished, every daemon between two runs of its body, no callback outstanding. */
export function mayRest(facts: Facts, state: State): boolean {
  const { system } = facts
  const memory = state as unknown as Memory
  if (facts.heads.some((place) => headAt(memory, place).callback >= 0)) return false
  return system.processes.every((instance, process) => {
    const code = system.codes[instance.code]
    const at = state.processes[process]?.at ?? -1
    if (!code) return false
    return instance.daemon ? code.idle.has(at) : code.instructions[at]?.kind === 'end'
  })
}

/** What is wrong at rest: `finally` in the order of declaration, then leaks. */
export function judgeRest(facts: Facts, state: State): Trap | null {
  for (const property of facts.system.finals) {
    const trap = judgeProperty(facts, state, property)
    if (trap) return trap
  }
  return facts.system.ignored.has('leak') ? null : leak(facts.system, state)
}

/** An object of an ordinary pool that is alive and that nothing shared leads to. */
function leak(system: TransitionSystem, state: State): Trap | null {
  const reached = reachable(system, state)
  for (const pool of system.pools) {
    if (pool.safety !== 'ordinary') continue
    for (const [index, object] of (state.pools[pool.name] ?? []).entries()) {
      const name = `${pool.name}[${index}]`
      if (object.alive === 0 || reached.has(name)) continue
      return {
        kind: 'leak',
        message: `${name} is still allocated at the end and nothing points to it`,
        at: pool.span,
        site: null,
        process: null,
        operands: [['pools', pool.name, index, 'alive']],
      }
    }
  }
  return null
}

function reachable(system: TransitionSystem, state: State): ReadonlySet<string> {
  const found = new Set<string>()
  const follow = (value: Value | undefined, type: ValueType): void => {
    if (type.kind === 'array') {
      for (const item of value as readonly Value[]) follow(item, type.of)
    } else if (type.kind === 'struct') {
      const fields = value as { readonly [field: string]: Value }
      for (const field of type.fields) follow(fields[field.name], field.type)
    } else if (type.kind === 'pointer' && typeof value === 'number' && value > 0) {
      const { pool, index } = objectOf(system, type.pools, value)
      const name = `${pool.name}[${index}]`
      if (found.has(name)) return
      found.add(name)
      const object = state.pools[pool.name]?.[index]
      if (object?.alive === 1) follow(object.value, pool.type)
    }
  }
  for (const { name, type } of system.shared) follow(state.shared[name], type)
  for (const pool of system.pools) {
    if (pool.safety !== 'tasks') continue
    for (const object of state.pools[pool.name] ?? []) follow(object.value, pool.type)
  }
  return found
}
