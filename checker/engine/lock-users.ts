import { type Code, INIT, type Instruction, type TransitionSystem } from '../../spec/index.js'
import { type LockKey, placeKeys } from './place-keys.js'

/** Who may ever be found in one lock: processes by index, and `INIT` where init may leave a lock held. */
export interface LockUsers {
  readonly owners: ReadonlySet<number>
  readonly readers: ReadonlySet<number>
  readonly waiting: ReadonlySet<number>
}

/**
 * By declaration, who may hold, read or wait: read off the lock instructions of everybody's code. What nobody does
 * takes no bits.
 */
export function lockUsers(system: TransitionSystem): (key: LockKey) => LockUsers {
  const users = new Map<
    LockKey,
    { owners: Set<number>; readers: Set<number>; waiting: Set<number> }
  >()
  const of = (key: LockKey) => {
    const known = users.get(key) ?? { owners: new Set(), readers: new Set(), waiting: new Set() }
    users.set(key, known)
    return known
  }
  const note = (code: Code, process: number) => {
    for (const instruction of code.instructions) {
      if (instruction.kind !== 'lock') continue
      for (const key of placeKeys(instruction.place)) {
        const { owners, readers, waiting } = of(key)
        if (takesForWriting(instruction)) owners.add(process)
        // Init never ends inside a read section of SRCU, whatever is ignored.
        if (takesForReading(instruction) && !(process === INIT && isDomain(instruction))) {
          readers.add(process)
        }
        if (mayQueue(instruction) && process !== INIT) waiting.add(process)
      }
    }
  }
  for (const [process, instance] of system.processes.entries()) {
    const code = system.codes[instance.code]
    if (code !== undefined) note(code, process)
  }
  if (system.ignored.has('held-at-exit')) for (const code of system.init) note(code, INIT)
  return of
}

type LockInstruction = Instruction & { kind: 'lock' }

function takesForWriting({ action }: LockInstruction): boolean {
  return action === 'spin-lock' || action === 'mutex-lock' || action === 'write-lock'
}

function takesForReading({ action }: LockInstruction): boolean {
  return action === 'read-lock' || action === 'downgrade' || action === 'section-enter'
}

function isDomain({ place }: LockInstruction): boolean {
  return place.type.kind === 'lock' && place.type.which === 'srcu'
}

/** A writer that finds the lock taken is seen waiting; one that only tries is not. */
function mayQueue({ action, result }: LockInstruction): boolean {
  return action === 'write-lock' && result === null
}
