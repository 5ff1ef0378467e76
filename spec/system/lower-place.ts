import type { Expression } from '../analysis/model.js'
import { poolsOf } from './access.js'
import type { Builder } from './builder.js'
import type { Environment } from './environment.js'
import type { Expr, Place } from './expression.js'
import { settledPlace } from './steady.js'

/** Where an expression's value is kept. Writes the loads of the pointers and indexes on the way to it. */
export function lowerPlace(b: Builder, env: Environment, e: Expression): Place {
  switch (e.kind) {
    case 'shared': {
      const variable = b.shared.variables.get(e.variable)
      if (variable === undefined) throw new Error(`unknown variable ${e.variable.name}`)
      return { root: { kind: 'shared', variable }, path: [], type: b.shared.types.resolve(e.type) }
    }
    case 'local': {
      const binding = env.bindings.get(e.local)
      if (binding?.kind === 'macro') {
        return lowerPlace(b, binding.environment, binding.expression)
      }
      if (binding?.kind !== 'slot') throw new Error(`${e.local.name} is not a place`)
      return { root: { kind: 'local', slot: binding.slot }, path: [], type: binding.slot.type }
    }
    case 'member': {
      const object = lowerPlace(b, env, e.object)
      const name = e.member.name
      const field = object.type.kind === 'struct' && object.type.fields.find((f) => f.name === name)
      if (!field) throw new Error(`no member ${name}`)
      return { ...object, path: [...object.path, { kind: 'field', name }], type: field.type }
    }
    case 'index':
      return indexed(b, env, e)
    case 'deref':
      return placeBehind(env, e.pointer) ?? object(b, env, e.pointer)
    default:
      throw new Error(`${e.kind} is not a place`)
  }
}

function indexed(b: Builder, env: Environment, e: Expression & { kind: 'index' }): Place {
  if (e.array.kind === 'pool') {
    const pool = b.shared.pools.get(e.array.pool)
    if (pool === undefined) throw new Error('unknown pool')
    const pointer: Expr = { kind: 'object', pool, index: b.value(env, e.index) }
    const type = b.shared.types.resolve(e.type)
    return { root: { kind: 'object', pointer, pools: [pool] }, path: [], type }
  }
  const array = settledPlace(b, env, lowerPlace(b, env, e.array), [e.index])
  if (array.type.kind !== 'array') throw new Error('not an array')
  const index = b.value(env, e.index)
  const selector = { kind: 'index' as const, index, length: array.type.length }
  return { ...array, path: [...array.path, selector], type: array.type.of }
}

/** The place a pointer expression stands for, when it is `&place` or a parameter that was given one. */
export function placeBehind(env: Environment, pointer: Expression): Place | null {
  if (pointer.kind !== 'local') return null
  const binding = env.bindings.get(pointer.local)
  return binding?.kind === 'place' ? binding.place : null
}

/** The place a pointer argument names: `&place`, a parameter that was given one, or the object of a pointer value. */
export function lowerPointed(b: Builder, env: Environment, pointer: Expression): Place {
  if (pointer.kind === 'address' && pointer.of.kind !== 'deref') {
    return lowerPlace(b, env, pointer.of)
  }
  if (pointer.kind === 'address' && pointer.of.kind === 'deref') {
    return lowerPointed(b, env, pointer.of.pointer)
  }
  if (pointer.kind === 'local') {
    const binding = env.bindings.get(pointer.local)
    if (binding?.kind === 'macro') return lowerPointed(b, binding.environment, binding.expression)
  }
  return placeBehind(env, pointer) ?? object(b, env, pointer)
}

function object(b: Builder, env: Environment, pointer: Expression): Place {
  const value = b.value(env, pointer)
  const type = pointer.type.kind === 'pointer' ? pointer.type.to : pointer.type
  return {
    root: { kind: 'object', pointer: value, pools: poolsOf(b, pointer) },
    path: [],
    type: b.shared.types.resolve(type),
  }
}
