import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import * as code from '../../checker/engine/wasm/code.js'
import { ModuleWriter } from '../../checker/engine/wasm/module.js'
import { textOf, validate } from '../helpers/wasm.js'

const encoder = suite('WebAssembly encoder')

/** The bytes of a module with one function of two numbers. */
function moduleOf(body: code.Code, locals = 0): Uint8Array<ArrayBuffer> {
  const writer = new ModuleWriter()
  const declared = writer.declare('run', 2, 1)
  writer.define(declared, locals, body)
  writer.export(declared)
  return writer.bytes()
}

/** Instructions of such a function, as somebody else reads its bytes. */
function disassembled(body: code.Code, locals = 0): readonly string[] {
  const bytes = moduleOf(body, locals)
  validate(bytes)
  const lines = textOf(bytes).split('\n')
  const first = lines.findIndex((line) => line.startsWith('  (func '))
  const end = lines.findIndex((line) => line.startsWith('  (export '))
  const inside = lines.slice(first + 1, end).join('\n')
  // The last parenthesis is that of the function.
  return inside
    .slice(0, -1)
    .split('\n')
    .map((line) => line.trim())
}

/** Runs `body` as a function of two numbers. */
function run(body: code.Code, left = 0, right = 0, locals = 0): number {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true })
  const base = new WebAssembly.Global({ value: 'i32', mutable: false }, 16)
  const module = new WebAssembly.Module(moduleOf(body, locals))
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

/** Where the encoded length of a number changes, and the ends of its range. */
const edges = [7, 14, 21, 28, 31].flatMap((bits) => [2 ** bits - 1, 2 ** bits])

encoder('unsigned numbers are as short as they can be, and read back', () => {
  for (const value of [0, ...edges, 2 ** 32 - 1]) {
    const bytes = code.unsigned(value)
    const back = bytes.reduceRight((sum, byte) => sum * 128 + (byte & 127), 0)
    assert.is(back, value)
    assert.is(bytes.length, Math.max(1, Math.ceil(Math.log2(value + 1) / 7)), `${value}`)
    assert.ok(bytes.every((byte, at) => byte >= 128 === at < bytes.length - 1))
  }
})

encoder('signed numbers are as short as they can be, and read back', () => {
  const halves = edges.map((edge) => Math.floor(edge / 2))
  const values = [...edges, ...halves].flatMap((edge) => [edge, -edge, -edge - 1])
  const fitting = values.filter((value) => value === (value | 0))
  assert.ok(fitting.includes(2 ** 31 - 1) && fitting.includes(-(2 ** 31)))
  for (const value of [0, -1, ...fitting]) {
    const bytes = code.signed(value)
    const [sign = 0] = bytes.slice(-1)
    const high = sign & 64 ? -(2 ** (7 * bytes.length)) : 0
    const back = bytes.reduceRight((sum, byte) => sum * 128 + (byte & 127), 0) + high
    assert.is(back, value)
    // One bit is the sign.
    const needed = 1 + Math.ceil(Math.log2((value < 0 ? -value - 1 : value) + 1))
    assert.is(bytes.length, Math.max(1, Math.ceil(needed / 7)), `${value}`)
    assert.equal(disassembled(code.constant(value)), [`i32.const ${value}`])
  }
})

encoder('offsets reach to the end of memory', () => {
  for (const offset of [0, ...edges, 2 ** 32 - 1]) {
    const shown = offset === 0 ? '' : ` offset=${offset}`
    const body = [
      code.store(code.local(0), offset, code.local(1)),
      code.load(code.local(0), offset),
    ]
    const read = disassembled(body)
    assert.ok(read.includes(`i32.store${shown}`), read.join())
    assert.ok(read.includes(`i32.load${shown}`), read.join())
    const marked = disassembled([code.markByte(code.local(0), offset, 1), code.constant(0)])
    assert.ok(marked.includes(`i32.store8${shown}`), marked.join())
    assert.ok(marked.includes(`i32.load8_u${shown}`), marked.join())
  }
})

encoder('a large branch table, and many locals', () => {
  const size = 1000
  const depths = Array.from({ length: size }, (_, at) => at)
  let body: code.Code = code.branchTable(depths, size - 1, code.local(0))
  for (const at of depths) body = [code.block(body), code.result(code.constant(at * 1000))]
  const whole = [body, code.constant(-1)]
  validate(moduleOf(whole))
  for (const at of [0, 1, 127, 128, 998, 999]) assert.is(run(whole, at), at * 1000)
  assert.is(run(whole, 5000), 999_000)
  const last = 20_000
  const kept = [code.setLocal(last + 1, code.local(0)), code.local(last + 1)]
  assert.is(run(kept, 42, 0, last), 42)
})

/** Each instruction, its bytes read by somebody else. */
encoder('opcodes are those of the specification', () => {
  const one = code.local(0)
  const both = (
    emit: (left: code.Code, right: code.Code) => code.Code,
    name: string,
  ): readonly [code.Code, string] => [emit(one, code.local(1)), name]
  const instructions: readonly (readonly [code.Code, string])[] = [
    both(code.equal, 'i32.eq'),
    both(code.notEqual, 'i32.ne'),
    both(code.less, 'i32.lt_s'),
    both(code.lessUnsigned, 'i32.lt_u'),
    both(code.greater, 'i32.gt_s'),
    both(code.lessOrEqual, 'i32.le_s'),
    both(code.greaterOrEqual, 'i32.ge_s'),
    both(code.greaterOrEqualUnsigned, 'i32.ge_u'),
    both(code.add, 'i32.add'),
    both(code.subtract, 'i32.sub'),
    both(code.multiply, 'i32.mul'),
    both(code.divide, 'i32.div_s'),
    both(code.remainder, 'i32.rem_s'),
    both(code.and, 'i32.and'),
    both(code.or, 'i32.or'),
    both(code.xor, 'i32.xor'),
    both(code.shiftLeft, 'i32.shl'),
    both(code.shiftRight, 'i32.shr_s'),
    both(code.shiftRightUnsigned, 'i32.shr_u'),
    [code.isZero(one), 'i32.eqz'],
    [code.countTrailingZeros(one), 'i32.ctz'],
    [code.select(one, one, one), 'select'],
    [[code.drop(code.wideAdd(one, one)), one], 'i64.add'],
    [[code.drop(code.wideSubtract(one, one)), one], 'i64.sub'],
    [[code.drop(code.wideMultiply(one, one)), one], 'i64.mul'],
    [[code.drop(code.wideShiftLeft(one, one)), one], 'i64.shl'],
    [code.teeLocal(1, one), 'local.tee 1'],
    [[code.copy(one, one, 300), one], 'memory.copy'],
    [[code.fillZero(one, 300), one], 'memory.fill'],
    [code.result(one), 'return'],
    [code.either(one, one, one), 'if (result i32)  ;; label = @1'],
  ]
  for (const [body, name] of instructions) {
    const read = disassembled(body)
    assert.ok(read.includes(name), `${name} in ${read}`)
  }
})

encoder('a body that leaves too little or too much is noticed', () => {
  for (const body of [[], [code.local(0), code.local(0)], code.add(code.local(0), [])]) {
    assert.throws(() => validate(moduleOf(body)), /type mismatch/)
  }
  assert.throws(() => validate(moduleOf(code.local(2))), /local variable/)
})

encoder('memory is imported as shared', () => {
  const bytes = moduleOf(code.local(0))
  validate(bytes)
  assert.match(textOf(bytes), /\(memory \(;0;\) 1 65536 shared\)/)
})

encoder('a function that was declared must be defined', () => {
  const writer = new ModuleWriter()
  writer.declare('forgotten', 0, 0)
  assert.throws(() => writer.bytes(), /not defined/)
})

encoder.run()
