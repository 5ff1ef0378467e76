import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import * as code from '../../checker/engine/wasm/code.js'
import { ModuleWriter } from '../../checker/engine/wasm/module.js'

const encoder = suite('WebAssembly encoder')

/** Runs `body` as a function of two numbers. */
function run(body: code.Code, left = 0, right = 0, locals = 0): number {
  const writer = new ModuleWriter()
  const declared = writer.declare('run', 2, 1)
  writer.define(declared, locals, body)
  writer.export(declared)
  const memory = new WebAssembly.Memory({ initial: 1 })
  const base = new WebAssembly.Global({ value: 'i32', mutable: false }, 16)
  const module = new WebAssembly.Module(writer.bytes(false))
  const instance = new WebAssembly.Instance(module, { env: { memory, base } })
  return (instance.exports['run'] as (left: number, right: number) => number)(left, right)
}

encoder('any 32-bit number is read back', () => {
  const numbers = fc.oneof(
    fc.integer(),
    fc.constantFrom(0, -1, 63, 64, -64, -65, 2 ** 31 - 1, -(2 ** 31)),
  )
  fc.assert(fc.property(numbers, (value) => run(code.constant(value)) === value))
})

encoder('arithmetic and comparisons are those of 32-bit ints', () => {
  const operators: readonly [
    (l: code.Code, r: code.Code) => code.Code,
    (l: number, r: number) => number,
  ][] = [
    [code.add, (l, r) => (l + r) | 0],
    [code.subtract, (l, r) => (l - r) | 0],
    [code.multiply, Math.imul],
    [code.and, (l, r) => l & r],
    [code.or, (l, r) => l | r],
    [code.xor, (l, r) => l ^ r],
    [code.less, (l, r) => Number(l < r)],
    [code.lessOrEqual, (l, r) => Number(l <= r)],
    [code.greater, (l, r) => Number(l > r)],
    [code.greaterOrEqual, (l, r) => Number(l >= r)],
    [code.equal, (l, r) => Number(l === r)],
    [code.notEqual, (l, r) => Number(l !== r)],
  ]
  const pairs = fc.tuple(fc.integer(), fc.integer())
  for (const [emit, meant] of operators) {
    const body = emit(code.local(0), code.local(1))
    fc.assert(
      fc.property(pairs, ([left, right]) => run(body, left, right) === meant(left, right)),
      { numRuns: 30 },
    )
  }
})

encoder('a branch table, blocks and loops nest', () => {
  // Counts from the first parameter down to 0 and gives how often it went round.
  const body: code.Code = [
    code.block(
      code.loop([
        code.branchIf(1, code.isZero(code.local(0))),
        code.setLocal(0, code.subtract(code.local(0), code.constant(1))),
        code.setLocal(1, code.add(code.local(1), code.constant(1))),
        code.branch(0),
      ]),
    ),
    code.local(1),
  ]
  assert.is(run(body, 1000, 0), 1000)
  const table: code.Code = [
    code.block([
      code.block([code.branchTable([0, 1], 1, code.local(0))]),
      code.result(code.constant(10)),
    ]),
    code.constant(20),
  ]
  assert.is(run(table, 0), 10)
  assert.is(run(table, 1), 20)
  assert.is(run(table, 7), 20)
})

encoder('a switch goes to the group of its value, or past all of them', () => {
  const groups = [
    { values: [1, 4], body: code.setLocal(1, code.constant(10)) },
    { values: [0], body: code.setLocal(1, code.constant(20)) },
    { values: [6], body: code.setLocal(1, code.constant(30)) },
  ]
  const body = [code.switchOn(code.local(0), groups), code.local(1)]
  const found = Array.from({ length: 8 }, (_, value) => run(body, value, -1))
  assert.equal(found, [20, 10, -1, -1, 10, -1, 30, -1])
  const one = [code.switchOn(code.local(0), groups.slice(1, 2)), code.local(1)]
  assert.equal([run(one, 0, -1), run(one, 1, -1)], [20, -1])
  assert.is(run([code.switchOn(code.local(0), []), code.local(1)], 0, 5), 5)
})

encoder('any 64-bit number is read back, in two halves', () => {
  const numbers = fc.oneof(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), fc.constantFrom(0n, -1n, 64n))
  fc.assert(
    fc.property(numbers, (value) => {
      const wide = code.wideConstant(value)
      const low = run(code.narrow(wide))
      const high = run(code.narrow(code.wideShiftRightBy(wide, 32)))
      return BigInt.asIntN(64, (BigInt(high) << 32n) | BigInt(low >>> 0)) === value
    }),
  )
})

encoder('fields of a word are put together and taken apart', () => {
  const word = code.wideOr(
    code.wideAnd(code.wideConstant(-1n), code.wideConstant(~(0xffn << 40n))),
    code.wideShiftBy(code.widen(code.local(0)), 40),
  )
  const kept = code.wideStore(code.constant(64), 0, word)
  const byte = code.narrow(code.wideShiftRightBy(code.wideLoad(code.constant(64), 0), 40))
  assert.is(run([kept, code.and(byte, code.constant(0xff))], 0xa5), 0xa5)
  const rest = code.narrow(code.wideLoad(code.constant(64), 0))
  assert.is(run([kept, rest], 0xa5), -1)
})

encoder('memory is addressed from the base', () => {
  const cell = code.add(code.global(0), code.constant(8))
  const body = [code.store(cell, 200, code.local(0)), code.load(code.constant(16 + 8), 200)]
  assert.is(run(body, -123456), -123456)
})

encoder('a function that was declared must be defined', () => {
  const writer = new ModuleWriter()
  writer.declare('forgotten', 0, 0)
  assert.throws(() => writer.bytes(false), /not defined/)
})

encoder.run()
