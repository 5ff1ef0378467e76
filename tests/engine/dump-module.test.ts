import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { dumpModule } from '../../checker/engine/wasm/dump-module.js'
import { readModule } from '../../checker/engine/wasm/read-module.js'
import { systemOf } from '../helpers/pipeline.js'

/** The part of the interface that the engine does not use. */
interface Described {
  readonly name: string
  readonly module?: string
}
const { Module } = WebAssembly as unknown as {
  Module: {
    new (bytes: Uint8Array): object
    exports(module: object): readonly Described[]
    imports(module: object): readonly Described[]
  }
}

const MEMORY = 2 ** 24
const LOCKS = 'int 0..2 x; mutex m; op f() { mutex_lock(&m); x = x + 1; mutex_unlock(&m); }'
const TWO = systemOf(`${LOCKS} thread t[i in 0..1] { f(); } expect holds;`)

const dumps = suite('the compiled module, read')

dumps('has the imports and exports that the engine of JavaScript sees', () => {
  const bytes = dumpModule(TWO, MEMORY)?.bytes ?? new Uint8Array()
  const module = new Module(bytes)
  const { imports, functions } = readModule(bytes)
  const exported = functions.filter((each) => each.exported).map(({ name }) => name)
  const seen = Module.exports(module).map(({ name }) => name)
  assert.ok(seen.includes('expand'))
  assert.equal(exported.sort(), seen.sort())
  assert.equal(
    imports.map(({ name }) => name),
    Module.imports(module).map(({ module: room, name }) => `${room}.${name}`),
  )
})

dumps('a function is as long as its body, and called by the name it was written with', () => {
  const dumped = dumpModule(TWO, MEMORY)
  const { functions } = readModule(dumped?.bytes ?? new Uint8Array())
  const sum = functions.reduce((bytes, each) => bytes + each.bytes, 0)
  const total = dumped?.bytes.length ?? 0
  assert.ok(sum > total / 2 && sum < total, `${sum} of ${total}`)
  const fire = functions.find(({ name }) => name === 'fire')
  assert.equal([fire?.parameters, fire?.results, fire?.exported], [1, 1, true])
  assert.match(dumped?.listing ?? '', /^module of inline: \d+ bytes, steps and their exploration$/m)
  assert.match(dumped?.listing ?? '', /^ +0 +\d+ {2}packedIn$/m)
})

dumps('handlers have steps and no explorer', () => {
  const system = systemOf(
    'int 0..1 x; thread t { x = 1; } daemon h in hardirq on t { x = 0; } expect holds;',
  )
  const listing = dumpModule(system, MEMORY)?.listing ?? ''
  assert.match(listing, /bytes, steps only$/m)
  assert.not.match(listing, /\* expand$/m)
})

dumps('what the engine does not take has no module', () => {
  const system = systemOf(
    `${LOCKS} thread t { mutex_lock(&m); } check not held-at-exit; expect holds;`,
  )
  assert.is(dumpModule(system, MEMORY), null)
})

dumps('bytes that end too early are refused', () => {
  const bytes = dumpModule(TWO, MEMORY)?.bytes ?? new Uint8Array()
  assert.throws(() => readModule(bytes.subarray(0, bytes.length - 10)), /too early/)
})

dumps.run()
