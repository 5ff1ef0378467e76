import type { Expression } from '../analysis/model.js'
import type { Environment } from './environment.js'
import { placeBehind } from './lower-place.js'

/** Computation on locals only: evaluating it writes no instruction. */
export function isPure(env: Environment, e: Expression): boolean {
  switch (e.kind) {
    case 'literal':
    case 'constant':
    case 'current':
      return true
    case 'local': {
      const binding = env.bindings.get(e.local)
      return binding?.kind !== 'macro' || isPure(binding.environment, binding.expression)
    }
    case 'unary':
      return isPure(env, e.operand)
    case 'binary':
      return isPure(env, e.left) && (e.right.kind === 'pool' || isPure(env, e.right))
    case 'conditional':
      return isPure(env, e.test) && isPure(env, e.then) && isPure(env, e.otherwise)
    case 'address':
      return e.of.kind === 'index' && e.of.array.kind === 'pool' && isPure(env, e.of.index)
    default:
      return false
  }
}

/** True when evaluating `e` could touch shared state: its condition is then read in one step of its own. */
export function touchesShared(env: Environment, e: Expression): boolean {
  switch (e.kind) {
    case 'shared':
    case 'call':
    case 'builtin':
      return true
    case 'deref': {
      const place = placeBehind(env, e.pointer)
      return place === null || place.root.kind !== 'local'
    }
    case 'member':
      return touchesShared(env, e.object)
    case 'index':
      return e.array.kind === 'pool' || touchesShared(env, e.array) || touchesShared(env, e.index)
    case 'unary':
      return touchesShared(env, e.operand)
    case 'binary':
      return touchesShared(env, e.left) || (e.right.kind !== 'pool' && touchesShared(env, e.right))
    case 'conditional':
      return [e.test, e.then, e.otherwise].some((part) => touchesShared(env, part))
    case 'local': {
      const binding = env.bindings.get(e.local)
      return binding?.kind === 'macro' && touchesShared(binding.environment, binding.expression)
    }
    case 'address':
      return touchesShared(env, e.of) && !isPure(env, e)
    default:
      return false
  }
}
