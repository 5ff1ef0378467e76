import fc from 'fast-check'
import { needed, type Shape } from './arbitrary-declarations.js'
import { body } from './arbitrary-statements.js'
import { given, oneText, type Piece, scope, type Text, text, written } from './arbitrary-text.js'
import { type Bodies, themes } from './arbitrary-themes.js'
import { condition } from './arbitrary-values.js'

/**
 * Random models as texts: of everything, and as often of one thing that processes contend for. Failures shrink: statements go, blocks become `skip;`, and a declaration is written only
 * where its name occurs.
 */
export function arbitraryModel(): fc.Arbitrary<string> {
  const everything = { task: body('task', 2, 4), handler: body('handler', 2, 4) }
  const general = { weight: themes.length, arbitrary: modelOf(everything, 1) }
  return fc.oneof(
    general,
    ...themes.map((bodies) => modelOf(bodies, 2)).map((arbitrary) => ({ arbitrary, weight: 2 })),
  )
}

function modelOf(bodies: Bodies, threadsMin: number): fc.Arbitrary<string> {
  return fc
    .record({
      shape,
      check: fc.constantFrom('', '', '', '', 'data-race', 'not warn-on', 'not sleep-in-atomic'),
      initial: fc.subarray(['x = 2;', 'big = 2147483647;', 'either { x = 1; } or { y = 0; }']),
      operation: body('task', 1, 2),
      calm: body('atomic', 1, 2),
      threads: fc.array(thread(bodies), {
        minLength: threadsMin,
        maxLength: 4 - threadsMin,
        size: 'max',
      }),
      others: fc.array(other(bodies), { maxLength: 3 - threadsMin, size: 'max' }),
      properties: fc.array(property(), { maxLength: 2 }),
    })
    .map((parts) => {
      const processes = [...parts.threads, ...parts.others].map((make, at) => make(at))
      const check = parts.check === '' ? '' : `check ${parts.check};\n`
      const operation = (head: string, inside: Piece): Piece => [
        `${head}(int i, node *n) { `,
        scope([given('int', 'i'), given('node', 'n'), inside]),
        '}\n',
      ]
      // Ops call no ops of this sort, and nobody executes a property.
      const calls = /(act|calm)\(\w, node_one\)/g
      const declared = new Map([
        ['act', written(operation('op act', parts.operation)).replaceAll(calls, 'skip')],
        ['calm', written(operation('atomic op calm', parts.calm)).replaceAll(calls, 'skip')],
      ])
      const properties = written(parts.properties).replaceAll('current->mine', 'x')
      const main = `${check}${written(processes)}${properties}`
      return `${needed(main, declared, parts.shape, parts.initial)}${main}`
    })
}

const shape: fc.Arbitrary<Shape> = fc.record({
  sizes: fc.array(fc.constantFrom(2, 1), { minLength: 3, maxLength: 3 }),
  moreNodes: fc.constantFrom('', '', '', ' ', ' typesafe'),
  from: fc.constantFrom(0, -1, -100),
  populated: fc.constantFrom(true, true, true, false),
})

/** What a process is, once its place in the list is known. */
type Make = (at: number) => Piece

const process = (
  head: (at: number) => string,
  inside: Text,
  locals: readonly Piece[] = [],
): fc.Arbitrary<Make> =>
  inside.map((one) => (at) => [`${head(at)} { `, scope([...locals, one]), '}\n'])

function thread({ task }: Bodies): fc.Arbitrary<Make> {
  const single = process((at) => `thread t${at}`, task)
  // Handlers interrupt the first thread, so that one is no family.
  const many = process((at) => (at === 0 ? 'thread t0' : `thread t${at}[k in 0..1]`), task)
  const family = process(
    (at) => (at === 0 ? 'const k = 1; thread t0' : `thread t${at}[k in 0..1]`),
    task,
    [given('index', 'k')],
  )
  return fc.oneof(
    { weight: 4, arbitrary: single },
    { weight: 1, arbitrary: many },
    { weight: 1, arbitrary: family },
  )
}

/** A daemon, a handler or a shrinker. */
function other({ task, handler }: Bodies): fc.Arbitrary<Make> {
  const waiting = fc
    .tuple(
      condition,
      process(() => '', task),
    )
    .map(([test, make]): Make => {
      return (at) => [`daemon p${at} { await (`, test, ');', make(at), '}\n']
    })
  return fc.oneof(
    process((at) => `thread h${at} in hardirq on t0`, handler),
    process((at) => `thread h${at} in softirq on t0`, handler),
    process((at) => `daemon h${at} in hardirq on t0`, handler),
    process((at) => `daemon h${at} in softirq on t0`, handler),
    process((at) => `daemon p${at}`, task),
    process((at) => `shrinker s${at}()`, task),
    waiting,
  )
}

const property = (): Text =>
  oneText(
    text`invariant (${condition} || ${condition});\n`,
    text`cover (${condition} && ${condition});\n`,
    text`cover (${condition});\n`,
    text`finally { assert(${condition} || ${condition}); }\n`,
  )
