import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { lower } from '../../spec/system/lower.js'
import { checked, row } from '../helpers/pipeline.js'
import { RandomModel } from '../helpers/random-model.js'
import { type Behaviour, exploreSystem, exploreTree, TooMany } from '../helpers/tiny-explore.js'

/**
 * The language has two executors that share nothing behind the checked tree: the one that is used (lowered, then
 * interpreted), and a tiny one that walks the tree. On random models they must reach the same shared memories by the
 * same moves, stop in the same places and find the same kinds of violation. `SEED` and `RUNS` choose the models.
 */
const tree = suite('lowered and interpreted, against the tree itself')

const first = Number(process.env.SEED ?? 1)
const runs = Number(process.env.RUNS ?? 200)

const aspects = ['valuations', 'moves', 'ends', 'kinds'] as const
type Aspect = (typeof aspects)[number]

/** One line for each thing that only one of them has. */
function differences(lowered: Behaviour, walked: Behaviour): readonly string[] {
  const missing = (what: Aspect, from: Behaviour, other: Behaviour): readonly string[] =>
    [...other[what]].filter((each) => !from[what].has(each))
  return aspects.flatMap((what) => [
    ...missing(what, walked, lowered).map((each) => `${what}, lowered alone: ${each}`),
    ...missing(what, lowered, walked).map((each) => `${what}, the tree alone: ${each}`),
  ])
}

interface Comparison {
  readonly differences: readonly string[]
  readonly kinds: readonly string[]
}

/** Null: too many states to be worth it. */
function compare(text: string): Comparison | null {
  const model = checked(text)
  const configuration = row(model)
  const { result: system, diagnostics } = lower(model, configuration)
  if (!system) throw new Error(diagnostics.map(({ code, message }) => `${code}: ${message}`).join())
  try {
    const lowered = exploreSystem(system)
    const walked = exploreTree(model, configuration)
    const cut = lowered.cut ? ['a bound was met, where none should be'] : []
    return { differences: [...differences(lowered, walked), ...cut], kinds: [...lowered.kinds] }
  } catch (problem) {
    if (problem instanceof TooMany) return null
    throw problem
  }
}

tree(`${runs} random models from seed ${first} on`, () => {
  const kinds = new Set<string>()
  let compared = 0
  for (let seed = first; seed < first + runs; seed++) {
    const text = new RandomModel(seed).text()
    const found = compare(text)
    if (found === null) continue
    compared += 1
    for (const kind of found.kinds) kinds.add(kind)
    const [one] = found.differences
    assert.ok(
      one === undefined,
      `SEED=${seed} RUNS=1\n${found.differences.slice(0, 6).join('\n')}\n${text}`,
    )
  }
  if (runs < 100) return
  assert.ok(compared >= runs * 0.6, `only ${compared} of ${runs} were compared`)
  assert.ok(kinds.size >= 5, `only these kinds were seen: ${[...kinds]}`)
})

tree('the same seed gives the same model, another seed another one', () => {
  assert.is(new RandomModel(7).text(), new RandomModel(7).text())
  const texts = new Set(Array.from({ length: 50 }, (_, seed) => new RandomModel(seed).text()))
  assert.is(texts.size, 50)
})

tree('a difference in one step is noticed', () => {
  // What each executor makes of two models that differ in one place: the comparison itself must tell them apart.
  const behaviours = (text: string): readonly [Behaviour, Behaviour] => {
    const model = checked(text)
    const { result } = lower(model, row(model))
    if (!result) throw new Error('not lowered')
    return [exploreSystem(result), exploreTree(model, row(model))]
  }
  const pairs: readonly (readonly [one: string, other: string, beside: string])[] = [
    ['x = 2 * y + x;', 'x = x + 2 * y;', 'x = 1; y = 1;'],
    ['x++;', 'atomic { x++; }', 'x = 1;'],
    ['if (b && x > 0) y = 1;', 'if (x > 0 && b) y = 1;', 'x = 1; x = 0; b = true;'],
    ['await (x == 1); y = 1;', 'atomic { await (x == 1); y = 1; }', 'x = 1; x = 0;'],
    ['await (x == y && b);', 'while (!(x == y && b)) skip;', 'b = true;'],
    ['assert(x == y);', 'int v = x; assert(v == y);', 'atomic { x = 1; y = 1; }'],
  ]
  for (const [one, other, beside] of pairs) {
    const text = (body: string): string =>
      `int 0..3 x; int 0..3 y; bool b; thread t { ${body} } thread u { ${beside} }`
    const [lowered, walked] = behaviours(text(one))
    const [elsewhere] = behaviours(text(other))
    assert.equal(differences(lowered, walked), [], one)
    assert.ok(differences(elsewhere, walked).length > 0, `${one} against ${other}`)
  }
})

tree.run()
