import { mayWrite } from './access.js'
import type { Builder } from './builder.js'
import type { Environment } from './environment.js'
import { blockingInAtomic } from './errors.js'
import type { Expr, Slot } from './expression.js'
import { zero } from './fold.js'
import { type BuiltinCall, operands } from './operands.js'
import type { LockAction, Section } from './system.js'

interface LockRule {
  readonly action: LockAction
  readonly trylock: boolean
  /** Handlers are kept out as well, by a step of its own: before taking, after releasing. */
  readonly section: Section | null
}

const lock = (action: LockAction, section: Section | null = null): LockRule => ({
  action,
  trylock: false,
  section,
})
const trylock = (action: LockAction): LockRule => ({ action, trylock: true, section: null })

/** `spin_lock_irq` and its kin, by stem. */
function withSections(
  stem: string,
  take: LockAction,
  release: LockAction,
): readonly (readonly [string, LockRule])[] {
  return [
    [`${stem}_lock_irq`, lock(take, 'irqs')],
    [`${stem}_unlock_irq`, lock(release, 'irqs')],
    [`${stem}_lock_irqsave`, lock(take, 'irqs')],
    [`${stem}_unlock_irqrestore`, lock(release, 'irqs')],
    [`${stem}_lock_bh`, lock(take, 'bh')],
    [`${stem}_unlock_bh`, lock(release, 'bh')],
  ]
}

export const locks: Readonly<Record<string, LockRule>> = {
  spin_lock: lock('spin-lock'),
  spin_trylock: trylock('spin-lock'),
  spin_unlock: lock('spin-unlock'),
  mutex_lock: lock('mutex-lock'),
  mutex_trylock: trylock('mutex-lock'),
  mutex_unlock: lock('mutex-unlock'),
  read_lock: lock('read-lock'),
  read_trylock: trylock('read-lock'),
  read_unlock: lock('read-unlock'),
  write_lock: lock('write-lock'),
  write_trylock: trylock('write-lock'),
  write_unlock: lock('write-unlock'),
  down_read: lock('read-lock'),
  down_read_trylock: trylock('read-lock'),
  up_read: lock('read-unlock'),
  down_write: lock('write-lock'),
  down_write_trylock: trylock('write-lock'),
  up_write: lock('write-unlock'),
  downgrade_write: lock('downgrade'),
  ...Object.fromEntries([
    ...withSections('spin', 'spin-lock', 'spin-unlock'),
    ...withSections('read', 'read-lock', 'read-unlock'),
    ...withSections('write', 'write-lock', 'write-unlock'),
  ]),
  srcu_read_unlock: lock('section-leave'),
  lock_map_acquire: lock('section-enter'),
  lock_map_release: lock('section-leave'),
}

export function lowerLock(b: Builder, env: Environment, e: BuiltinCall, rule: LockRule): Expr {
  const { place } = operands(b, env, e)
  mayWrite(b, place, e)
  const takes = rule.action.endsWith('-lock')
  const blocks = !rule.trylock && takes
  if (blocks && b.region !== 0) b.report(blockingInAtomic(e.span, e.builtin))
  const result: Slot | null = rule.trylock ? b.temporary('', { kind: 'bool' }) : null
  const section = (by: 1 | -1): void => {
    if (rule.section === null) return
    b.emit({ kind: 'context', name: e.builtin, which: rule.section, by })
  }
  if (takes) section(1)
  b.emit({ kind: 'lock', name: e.builtin, action: rule.action, place, result })
  if (!takes) section(-1)
  return result === null ? zero : { kind: 'slot', slot: result }
}
