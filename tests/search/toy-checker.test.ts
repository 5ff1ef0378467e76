import { readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { referenceEngine } from '../../checker/engine/reference.js'
import { explore } from '../../checker/search/explore.js'
import { defaultSearchOptions } from '../../checker/search/options.js'
import { check, report } from '../../docs/toy-checker.js'
import { systemOf } from '../helpers/pipeline.js'
import { projectRoot, runNode } from '../helpers/spawn.js'

const toy = suite('search: the toy checker of the docs')

toy('finds the race by a run as short as any', () => {
  assert.equal(check().trail, [
    'vcpu0: seen = page',
    'vcpu1: seen = page',
    'vcpu0: page = new',
    'vcpu0: map what was seen',
    'vcpu1: page = new',
  ])
})

toy('run as a program it prints what it found', async () => {
  const { status, stdout } = await runNode(['build/docs/toy-checker.js'])
  assert.is(status, 0)
  assert.is(stdout, `${report()}\n`)
  assert.match(stdout, /^violated after 5 steps/)
})

toy('is short, and imports nothing', () => {
  const text = readFileSync(`${projectRoot}docs/toy-checker.ts`, 'utf8')
  assert.ok(text.split('\n').length <= 101)
  assert.not.match(text, /^import /m)
})

toy('the real checker says the same of the same system', () => {
  const system = systemOf(`
    int 0..2 page;
    struct task { int 0..2 mapped; }
    thread vcpu[i in 0..1] {
      int seen = READ_ONCE(page);
      if (seen == 0) { seen = i + 1; WRITE_ONCE(page, seen); }
      WRITE_ONCE(current->mapped, seen);
    }
    invariant { for (t in tasks) { assert(t->mapped == 0 || t->mapped == page); } }
    expect violated assert;`)
  const { violation } = explore(referenceEngine(system), defaultSearchOptions)
  assert.is(violation?.depth, check().trail?.length)
})

toy.run()
