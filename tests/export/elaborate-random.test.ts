import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { acceptedSystem } from '../helpers/accepted.js'
import { arbitraryModel } from '../helpers/arbitrary-model.js'
import { type Compared, compareProgram, ranText } from '../helpers/compare-program.js'
import { systemOf } from '../helpers/pipeline.js'
import { RandomModel } from '../helpers/random-model.js'

/** Random models of the whole language as programs. `SEED`, `RUNS` and `STATES` choose them; a failure shrinks. */
const random = suite('random models, elaborated')

const seed = Number(process.env.SEED ?? 1)
const runs = Number(process.env.RUNS ?? 40)
const statesMax = Number(process.env.STATES ?? 300)

function difference(compared: Compared): string | null {
  if (compared.kind !== 'different') return null
  return `the engine ${ranText(compared.ours)}\nthe program ${ranText(compared.theirs)}`
}

random(`${runs} small models from seed ${seed} on`, () => {
  let same = 0
  for (let at = seed; at < seed + runs; at++) {
    const text = new RandomModel(at).text()
    const compared = compareProgram(systemOf(text), statesMax)
    assert.is(difference(compared), null, `SEED=${at} RUNS=1\n${difference(compared)}\n${text}`)
    if (compared.kind === 'same') same++
  }
  assert.ok(same >= runs / 4, `only ${same} of ${runs} were compared`)
})

random(`${runs} models of everything from seed ${seed}`, () => {
  const kinds = new Set<string>()
  const refused = new Map<string, number>()
  let same = 0
  const property = fc.property(arbitraryModel(), (text) => {
    const system = acceptedSystem(text)
    fc.pre(system !== null)
    const compared = compareProgram(system, statesMax)
    assert.is(difference(compared), null)
    if (compared.kind === 'same') {
      same++
      for (const kind of compared.kinds) kinds.add(kind)
    }
    if (compared.kind === 'refused') {
      for (const { construct } of compared.refusals)
        refused.set(construct, (refused.get(construct) ?? 0) + 1)
    }
  })
  fc.assert(property, { seed, numRuns: runs })
  if (process.env.SHOW) console.log(same, [...kinds].join(), [...refused])
  assert.ok(same >= runs / 4, `only ${same} of ${runs} were compared`)
})

random.run()
