import type { Place } from '../../spec/index.js'

/**
 * Identity of all locks (or heads) of one declaration: a shared variable, or a member of a pool's objects, whatever the
 * indexes.
 */
export type LockKey = string

export function sharedLockKey(variable: number, path: readonly string[]): LockKey {
  return ['shared', variable, ...path].join('.')
}

export function poolLockKey(pool: number, path: readonly string[]): LockKey {
  return ['pool', pool, ...path].join('.')
}

/** The declarations a place may belong to. */
export function placeKeys({ root, path }: Place): readonly LockKey[] {
  const names = path.flatMap((selector) => (selector.kind === 'field' ? [selector.name] : []))
  if (root.kind === 'shared') return [sharedLockKey(root.variable, names)]
  if (root.kind === 'object') return root.pools.map((pool) => poolLockKey(pool, names))
  return []
}
