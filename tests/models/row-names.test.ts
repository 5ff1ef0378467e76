import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { rowName } from '../../checker/design/settings.js'
import { type Choices, configure, designRows } from '../../spec/index.js'
import { checked } from '../helpers/pipeline.js'

/** What a row is called: by what somebody chose, not by what follows from it. */
const names = suite('names of rows')

const model = checked(`
  design { kernel : { main, v1, v2 } = main; again : bool = false; }
  param locks : bool = kernel == v2;
  param deep : bool = locks && again;
  thread t { if (deep) skip; }
`)

names('a param that follows a choice is left out', () => {
  const called = designRows(model).map((row) => rowName(model, row))
  assert.equal(called, [
    'default',
    'again=true',
    'kernel=v1',
    'kernel=v1 again=true',
    'kernel=v2',
    'kernel=v2 again=true',
  ])
})

names('a param that was set against what follows is named, whatever its usual value', () => {
  const called = (choices: Choices): string | null => {
    const { result } = configure(model, choices)
    return result && rowName(model, result)
  }
  assert.is(
    called({ design: { kernel: 'v2' }, params: { locks: 'false' } }),
    'kernel=v2 locks=false',
  )
  assert.is(called({ design: { kernel: 'v2' }, params: { locks: 'true' } }), 'kernel=v2')
  assert.is(called({ params: { deep: 'true' } }), 'deep=true')
})

names.run()
