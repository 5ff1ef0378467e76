import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { WordList } from '../../checker/store/growable.js'
import { HashedSet } from '../../checker/store/hashed.js'

const store = suite('store: hashed')

store('numbers states in the order of discovery, and knows them again', () => {
  const set = new HashedSet(2)
  assert.is(set.count, 0)
  assert.is(set.insert(Uint32Array.of(7, 0)), 0)
  assert.is(set.insert(Uint32Array.of(0, 7)), 1)
  assert.is(set.insert(Uint32Array.of(7, 0)), 0)
  assert.is(set.count, 2)
  assert.equal(set.state(1), Uint32Array.of(0, 7))
})

store('a state that is handed out is a copy', () => {
  const set = new HashedSet(1)
  set.insert(Uint32Array.of(1))
  set.state(0)[0] = 9
  assert.equal(set.state(0), Uint32Array.of(1))
})

store('states of another width are refused', () => {
  assert.throws(() => new HashedSet(2).insert(Uint32Array.of(1)), /a state of 1 words/)
})

/** By width, words whose unused upper bits are zero, as packing leaves them. */
function states(stateBits: number): fc.Arbitrary<Uint32Array[]> {
  const stateWords = Math.max(1, Math.ceil(stateBits / 32))
  const word = fc.oneof(
    fc.constantFrom(0, 1, 0xd800, 0xdc00, 0xffff, 0x10000, 0xffffffff),
    fc.nat({ max: 0xffffffff }),
  )
  const words = fc.array(word, { minLength: stateWords, maxLength: stateWords })
  const lastBits = stateBits - 32 * (stateWords - 1)
  return fc.array(
    words.map((list) => {
      const state = Uint32Array.from(list)
      const last = stateWords - 1
      state[last] = (state[last] ?? 0) % 2 ** lastBits
      return state
    }),
    { maxLength: 60 },
  )
}

for (const stateBits of [1, 32, 33, 53, 54, 64, 96, 230]) {
  store(`${stateBits} bits: two states are one exactly when all their words are equal`, () => {
    const property = fc.property(states(stateBits), (list) => {
      const set = new HashedSet(Math.ceil(stateBits / 32))
      const known: string[] = []
      for (const state of list) {
        const text = state.join(' ')
        if (!known.includes(text)) known.push(text)
        assert.is(set.insert(state), known.indexOf(text))
      }
      assert.is(set.count, known.length)
      for (const [id, text] of known.entries()) assert.is(set.state(id).join(' '), text)
    })
    fc.assert(property)
  })
}

store('bytes grow with the states', () => {
  const set = new HashedSet(2)
  const before = set.bytes
  for (let index = 0; index < 5000; index++) set.insert(Uint32Array.of(index, 0))
  assert.ok(set.bytes >= before + 5000 * 8)
})

store('a word list keeps what was put into it, beyond its first room', () => {
  const list = new WordList()
  for (let index = 0; index < 3000; index++) list.push(index)
  list.append(Uint32Array.from({ length: 5000 }, (_, index) => index))
  assert.is(list.length, 8000)
  assert.is(list.at(2999), 2999)
  assert.is(list.at(7999), 4999)
  list.set(3, 0xffffffff)
  assert.is(list.at(3), 0xffffffff)
  assert.equal(list.slice(3000, 3003), Uint32Array.of(0, 1, 2))
  assert.throws(() => list.at(8000), /8000 of 8000/)
  assert.throws(() => list.set(8000, 1), /8000 of 8000/)
  assert.throws(() => list.slice(7999, 8001), /8001/)
  assert.ok(list.bytes >= 4 * 8000)
})

store.run()
