import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { finals, kindsIn, loweringErrors } from '../helpers/pipeline.js'

/** Rule 9: reclaim runs in the task that allocates. */
const shrinkers = suite('shrinkers')

const text = (shrinker: string, body: string): string => `
  struct p { int 0..1 v; } pool p ps[2]; mutex m, outer; spinlock_t l; int 0..7 runs, second, flags;
  shrinker one() { ${shrinker} }
  thread t { ${body} }`
const allocate = (flags: string): string => `p *o = alloc(ps, ${flags}); if (o != null) free(o);`
const count = 'runs = runs + 1;'

shrinkers('9: each alloc that may reclaim may run it once, or not', () => {
  for (const flags of ['GFP_KERNEL', 'GFP_NOFS', 'GFP_KERNEL | __GFP_NOFAIL']) {
    assert.equal(finals(text(count, allocate(flags)), 'runs'), [0, 1], flags)
  }
  for (const flags of ['GFP_ATOMIC', 'GFP_NOWAIT']) {
    assert.equal(finals(text(count, allocate(flags)), 'runs'), [0], flags)
  }
  const twice = `{ ${allocate('GFP_KERNEL')} } { ${allocate('GFP_KERNEL')} }`
  assert.equal(finals(text(count, twice), 'runs'), [0, 1, 2])
  // Without flags it is GFP_KERNEL; one slot in particular comes from nobody.
  assert.equal(finals(text(count, 'p *o = alloc(ps); if (o != null) free(o);'), 'runs'), [0, 1])
  assert.equal(finals(text(count, 'p *o = alloc(&ps[0]); free(o);'), 'runs'), [0])
})

shrinkers('9: flags that are known only when it runs', () => {
  const body =
    'int f = 0; either { f = GFP_KERNEL; } or { f = GFP_ATOMIC; } p *o = alloc(ps, f); if (o != null) free(o);'
  assert.equal(finals(text('runs = 1; flags = gfp;', body), 'flags'), [0, 3])
})

shrinkers('9: it sees the flags', () => {
  const scan = 'if (gfp & __GFP_FS) runs = 1;'
  assert.equal(finals(text(scan, allocate('GFP_KERNEL')), 'runs'), [0, 1])
  assert.equal(finals(text(scan, allocate('GFP_NOFS')), 'runs'), [0])
})

shrinkers("9: it runs with the caller's locks", () => {
  const scan = 'mutex_lock(&m); mutex_unlock(&m);'
  assert.equal(kindsIn(text(scan, allocate('GFP_KERNEL'))), [])
  const under = `mutex_lock(&m); ${allocate('GFP_KERNEL')} mutex_unlock(&m);`
  assert.equal(kindsIn(text(scan, under)), ['self-deadlock'])
  assert.equal(kindsIn(text('if (mutex_trylock(&m)) mutex_unlock(&m);', under)), [])
  assert.equal(kindsIn(text(scan, under.replace('GFP_KERNEL', 'GFP_ATOMIC'))), [])
  assert.equal(kindsIn(text('mutex_lock(&outer);', allocate('GFP_KERNEL'))), ['held-at-exit'])
})

shrinkers('9: an alloc in a shrinker does not reclaim', () => {
  const scan = `mutex_lock(&m); ${allocate('GFP_KERNEL')} mutex_unlock(&m);`
  assert.equal(kindsIn(text(scan, allocate('GFP_KERNEL'))), [])
})

shrinkers('9: several run in the order of the text, each or not', () => {
  const two = text('second = runs;', allocate('GFP_KERNEL')).replace(
    'thread t',
    'shrinker two() { runs = runs + 2; second = second * 2 + 1; } thread t',
  )
  assert.equal(finals(two, 'second'), [0, 1])
  assert.equal(finals(two, 'runs'), [0, 2])
})

shrinkers('9: a return ends the shrinker and not its caller', () => {
  const scan = 'if (runs == 0) return; runs = 7;'
  assert.equal(finals(text(scan, `${allocate('GFP_KERNEL')} second = 1;`), 'second'), [1])
})

shrinkers('9: never in init', () => {
  const init = `int 0..1 runs; struct p { int 0..1 v; } pool p ps[1]; p *kept;
    shrinker s() { runs = 1; }
    init { kept = alloc(ps, GFP_KERNEL); } thread t { kept->v = 1; }`
  assert.equal(finals(init, 'runs'), [0])
})

shrinkers(
  '1: an alloc that reclaims is refused in an atomic block where there are shrinkers',
  () => {
    const block = (flags: string): string =>
      text(count, `p *o = null; atomic { o = alloc(ps, ${flags}); } if (o != null) free(o);`)
    assert.equal(loweringErrors(block('GFP_KERNEL')), ['blocking-in-atomic at 4'])
    assert.equal(loweringErrors(block('GFP_ATOMIC')), [])
  },
)

shrinkers.run()
