import type { TransitionSystem } from '../../../spec/index.js'
import { type LockUsers, lockUsers } from '../../engine/lock-users.js'
import { type LockKey, placeKeys } from '../../engine/place-keys.js'
import { queuedCallbacks, rcuReaderProcesses } from '../../engine/readers.js'

/** Process numbers; one more than the last is whoever runs `init`. */
export type Users = LockUsers

/** Who may ever be found in the locks and heads of a declaration. */
export interface UsersOf {
  (keys: readonly LockKey[]): Users
  ofHead(keys: readonly LockKey[]): {
    readonly callbacks: readonly number[]
    readonly rcuReaders: readonly number[]
  }
}

export function usersOf(system: TransitionSystem): UsersOf {
  const known = lockUsers(system)
  const init = system.processes.length
  const inInit = initTakes(system)
  const callbacksOf = queuedCallbacks(system)
  const rcuReaders = rcuReaderProcesses(system)
  const find = (keys: readonly LockKey[]): Users => {
    const all = (of: (users: LockUsers) => ReadonlySet<number>): Set<number> =>
      new Set(keys.flatMap((key) => [...of(known(key))].filter((process) => process >= 0)))
    const owners = all((users) => users.owners)
    const readers = all((users) => users.readers)
    if (keys.some((key) => inInit.owners.has(key))) owners.add(init)
    if (keys.some((key) => inInit.readers.has(key))) readers.add(init)
    return { owners, readers, waiting: all((users) => users.waiting) }
  }
  const ofHead = (keys: readonly LockKey[]) => ({
    callbacks: keys.flatMap((key) => callbacksOf(key)),
    rcuReaders,
  })
  return Object.assign(find, { ofHead })
}

/** The locks that `init` takes, if only for a while. */
function initTakes(system: TransitionSystem): Record<'owners' | 'readers', ReadonlySet<LockKey>> {
  const owners = new Set<LockKey>()
  const readers = new Set<LockKey>()
  for (const i of system.init.flatMap((code) => code.instructions)) {
    if (i.kind !== 'lock') continue
    const reads = ['read-lock', 'downgrade', 'section-enter'].includes(i.action)
    const writes = ['spin-lock', 'mutex-lock', 'write-lock'].includes(i.action)
    for (const key of placeKeys(i.place)) {
      if (reads) readers.add(key)
      if (writes) owners.add(key)
    }
  }
  return { owners, readers }
}
