import { parseXml } from '@rgrove/parse-xml'
import { instance } from '@viz-js/viz'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { UsageError } from '../../../checker/cli/exit.js'
import { graphviz } from '../../../checker/cli/graphviz.js'
import { writeFormat } from '../../../checker/index.js'
import { found, type ShownFinding, violations } from '../../helpers/findings.js'

/** What Graphviz itself makes of a text. */
interface Graph {
  readonly objects: readonly { readonly name: string; readonly label?: string }[]
  readonly edges: readonly Edge[]
}

interface Edge {
  readonly tail: number
  readonly head: number
  readonly label?: string
  readonly color?: string
  readonly penwidth?: string
  readonly style?: string
}

const viz = await instance()

const written = (finding: ShownFinding): string => writeFormat('dot', finding).text ?? ''

const graphs = new Map<ShownFinding, Graph>()

/** Laying out is what costs: each graph is read once. */
function read(finding: ShownFinding): Graph {
  const graph = graphs.get(finding) ?? (viz.renderJSON(written(finding)) as unknown as Graph)
  graphs.set(finding, graph)
  return graph
}

function named(name: string): ShownFinding {
  const one = violations.find(({ finding }) => finding.run.trace.system.name === name)
  if (one === undefined) throw new Error(`there is no model ${name}`)
  return one.finding
}

/** The edges of one part of the picture that belong to what is wrong, as names. */
function alarming(finding: ShownFinding, prefix: RegExp): string[] {
  const { objects, edges } = read(finding)
  return edges
    .filter(({ tail, color }) => color === '#b3261e' && prefix.test(objects[tail]?.name ?? ''))
    .map(({ tail, head }) => `${objects[tail]?.label} -> ${objects[head]?.label}`)
}

export const dot = suite('graphs')

for (const { row, finding } of violations) {
  const { trace } = finding.run
  dot(`${trace.system.name}: the run is one way through it, all else leaves it`, () => {
    const { objects, edges } = read(finding)
    const all = [...trace.steps, ...trace.loop]
    const run = edges.filter(({ penwidth }) => penwidth === '2')
    assert.is(run.length, all.length)
    run.forEach(({ tail, label }, index) => {
      if (index > 0) assert.is(tail, run[index - 1]?.head, 'a step begins where the last ended')
      const process = row.interpreter.system.processes[all[index]?.process ?? -1]
      assert.ok(label?.startsWith(` ${process?.name}: `), label)
    })
    const states = objects.filter(({ name }) => /^s\d+$/.test(name))
    const others = edges.filter(({ style }) => style === 'dashed')
    for (const { tail } of others) assert.ok(states.includes(objects[tail] as (typeof states)[0]))
  })
}

dot('the steps beside the run are all those that its states have', () => {
  for (const { row, finding } of violations) {
    const { trace } = finding.run
    const { steps, loop, trap } = trace
    if (loop.length > 0) continue
    const { engine } = row
    const ends = steps.slice(0, trap.site === null ? undefined : -1).map((step) => step.after)
    const ways = [trace.initial.state, ...ends].reduce((sum, state) => {
      let count = 0
      for (const process of engine.system.processes.keys()) {
        count += row.interpreter.fire(state, process).length
      }
      return sum + count
    }, 0)
    const others = read(finding).edges.filter(({ style }) => style === 'dashed')
    assert.is(others.length, ways - steps.length, trace.system.name)
  }
})

dot('other picks of the step that was taken leave its state as well, and many are one edge', () => {
  const { finding } = found(`model picks;
int 0..9 x;
int 0..9 y;
thread t {
  int a = 0;
  int b = 0;
  WRITE_ONCE(y, 1);
  choose a in 0..2;
  WRITE_ONCE(x, a);
  choose b in 0..9;
  WRITE_ONCE(y, b);
  assert(READ_ONCE(x) != 1);
}
expect violated assert otherwise;
`)
  assert.ok(finding.run)
  const { edges } = read({ ...finding, run: finding.run })
  const labels = edges.filter(({ style }) => style === 'dashed').map(({ label }) => label ?? '')
  // What is picked behind a store belongs to its step.
  assert.equal(labels, [
    ' t: WRITE_ONCE(y, 1)',
    ' t: WRITE_ONCE(y, 1)',
    ' t: WRITE_ONCE(x, a), in 9 other ways',
  ])
})

dot('a deadlock shows its circle twice: who waits for whom, and the lock orders', () => {
  const deadlock = named('deadlock')
  assert.equal(alarming(deadlock, /^[pw]/).sort(), [
    'mutex a -> one',
    'mutex b -> two',
    'one -> mutex b',
    'two -> mutex a',
  ])
  assert.equal(alarming(deadlock, /^l /).sort(), ['a -> b', 'b -> a'])
})

dot(
  'the orders of a deadlock are closed also by a queued writer, and by a wait for readers',
  () => {
    const queued = named('deadlock-behind-a-queued-writer')
    assert.equal(alarming(queued, /^l /).sort(), ['m -> s', 's -> m'])
    const { finding } = found(`model grace;
srcu domain;
mutex m;
thread reader { srcu_read_lock(&domain); mutex_lock(&m); mutex_unlock(&m); srcu_read_unlock(&domain); }
thread writer { mutex_lock(&m); synchronize_srcu(&domain); mutex_unlock(&m); }
expect violated deadlock otherwise;
`)
    assert.ok(finding.run)
    const orders = alarming({ ...finding, run: finding.run }, /^l /)
    assert.equal(orders.sort(), ['domain -> m', 'm -> domain'])
  },
)

dot('a circle of lock orders is drawn where nobody waits', () => {
  for (const { finding } of violations) {
    const { trace } = finding.run
    if (trace.kind !== 'lock-inversion') continue
    const circle = alarming(finding, /^l /)
    assert.ok(circle.length > 0, trace.system.name)
    const heads = circle.map((edge) => edge.split(' -> ')[1]).sort()
    assert.equal(circle.map((edge) => edge.split(' -> ')[0]).sort(), heads, 'it is closed')
    assert.is(alarming(finding, /^[pw]/).length, 0)
  }
})

dot('names and texts cannot break the language', () => {
  const finding = named('deadlock')
  const odd = { ...finding, row: 'a="b\\"\n\\l' }
  assert.ok(viz.render(written(odd)).status === 'success')
})

dot('svg is what Graphviz draws, with the words of the report', async () => {
  const draw = await graphviz()
  for (const { finding } of violations.slice(0, 4)) {
    const svg = draw(writeFormat('svg', finding).text ?? '')
    assert.is(parseXml(svg).root?.name, 'svg')
    const words = parseXml(svg).text.replaceAll('\u00a0', ' ')
    assert.ok(words.includes(finding.run.trace.headline))
  }
})

dot('without the package, svg says how to get it', async () => {
  const missing = () => {
    throw Object.assign(new Error('no'), { code: 'MODULE_NOT_FOUND' })
  }
  const error = await graphviz(missing).then(
    () => null,
    (problem: unknown) => problem,
  )
  assert.instance(error, UsageError)
  assert.match((error as UsageError).hint ?? '', /npm install @viz-js\/viz/)
  const broken = await graphviz(() => {
    throw new Error('broken')
  }).catch((problem: Error) => problem.message)
  assert.is(broken, 'broken')
})
