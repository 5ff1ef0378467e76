import type { Expression } from '../analysis/model.js'
import { mayWrite, poolsOf } from './access.js'
import type { Builder } from './builder.js'
import { environment } from './environment.js'
import { reclaimInAtomic } from './errors.js'
import type { Expr } from './expression.js'
import { binary, literal, truth, zero } from './fold.js'
import { gfp } from './gfp.js'
import { unfold } from './lower-call.js'
import { argument, type BuiltinCall, type Lowering } from './operands.js'
import { target } from './target.js'

export const lowerAlloc: Lowering = (b, env, e) => {
  const where = argument(e, 0)
  const pool = where.kind === 'pool' ? where.pool : pooled(where)
  const number = b.shared.pools.get(pool) ?? 0
  const object = where.kind === 'pool' ? null : b.value(env, where)
  const given = e.arguments[1]
  const flags = given ? b.value(env, given) : null
  mayWrite(b, null, e)
  if (object === null) reclaim(b, flags ?? literal(gfp.kernel), e)
  const slot = b.temporary('', b.shared.types.resolve(e.type))
  b.emit({ kind: 'alloc', pool: number, object, flags, slot })
  return { kind: 'slot', slot }
}

/**
 * An alloc that may reclaim can first run each shrinker once, as the caller, with its locks and context
 * (mm/vmscan.c:shrink_slab). Not in `init`, and not inside a shrinker.
 */
function reclaim(b: Builder, flags: Expr, e: BuiltinCall): void {
  if (b.kind !== 'process' || b.shrinking || b.shared.shrinkers.length === 0) return
  const reclaims = truth(binary('&', flags, literal(gfp.directReclaim)))
  if (reclaims.kind === 'literal' && reclaims.value === 0) return
  if (b.region !== 0) b.report(reclaimInAtomic(e.span))
  const shrink = target()
  const done = target()
  b.branch(reclaims, shrink, done)
  b.place(shrink)
  for (const shrinker of b.shared.shrinkers) {
    const skip = target()
    const run = target()
    b.emit({ kind: 'either', targets: [skip, run] })
    b.place(run)
    b.frame(() => {
      const inner = environment({ target: target(), slot: null })
      inner.bindings.set(shrinker.gfp, { kind: 'value', value: flags })
      b.shrinking = true
      unfold(b, inner, { ...shrinker, atomic: false, annotation: null }, [], e.span)
      b.shrinking = false
    })
    b.place(skip)
  }
  b.place(done)
}

function pooled(where: Expression): NonNullable<(Expression & { kind: 'pool' })['pool']> {
  if (where.kind === 'address' && where.of.kind === 'index' && where.of.array.kind === 'pool') {
    return where.of.array.pool
  }
  throw new Error('alloc takes a pool or &pool[i]')
}

export const lowerFree: Lowering = (b, env, e) => {
  const pointer = b.value(env, argument(e, 0))
  mayWrite(b, null, e)
  b.emit({ kind: 'free', pointer, pools: poolsOf(b, argument(e, 0)) })
  return zero
}

export const lowerDestroy: Lowering = (b, _env, e) => {
  const where = argument(e, 0)
  if (where.kind === 'pool') {
    b.emit({ kind: 'destroy', pool: b.shared.pools.get(where.pool) ?? 0 })
  }
  return zero
}

export const lowerTouch: Lowering = (b, env, e) => {
  const pointer = b.value(env, argument(e, 0))
  b.emit({ kind: 'touch', pointer, pools: poolsOf(b, argument(e, 0)) })
  return zero
}
