import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { expectedOf, replay } from '../../checker/index.js'
import { rowOf, violationOf } from './model.js'

const COUNTER = `
model counter;
int 0..3 x;
mutex m;
struct node { int 0..1 value; }
pool node nodes[1];
node *head;
thread t[i in 0..1] { x++; mutex_lock(&m); mutex_unlock(&m); }
finally { assert(x == 2); }
expect violated assert otherwise;
`

const STALE = `
model stale;
struct node { int 0..3 value = 2; }
pool node nodes[2];
node *head;
init { node *n = alloc(&nodes[1], GFP_KERNEL | __GFP_NOFAIL); head = n; }
thread reader { node *n = READ_ONCE(head); if (n) n->value = 1; }
thread writer { node *n = head; WRITE_ONCE(head, null); free(n); }
expect violated use-after-free otherwise;
`

const LIVELOCK = `
model spin;
bool ready;
thread t { while (!READ_ONCE(ready)) skip; }
expect violated livelock otherwise;
`

const trace = suite('replay')

trace('executes the trail and ends in the same violation', () => {
  const row = rowOf(COUNTER)
  const violation = violationOf(row)
  const { system } = row.interpreter
  const { trace: found, refusal } = replay(
    row.interpreter,
    violation.trail,
    expectedOf(system, violation),
  )
  assert.is(refusal, null)
  assert.is(found?.kind, 'assert')
  assert.is(found?.steps.length, violation.depth)
  assert.is(found?.switches, violation.switches)
})

trace('says what each step changed, in the words of the model', () => {
  const row = rowOf(STALE)
  const violation = violationOf(row)
  const expected = expectedOf(row.interpreter.system, violation)
  const found = replay(row.interpreter, violation.trail, expected).trace
  const changes = found?.steps.flatMap((step) =>
    step.changes.map((c) => `${c.object ?? ''} ${c.name} ${c.before} -> ${c.after}`.trim()),
  )
  assert.equal(changes, ['head &nodes[1] -> null', 'nodes[1] allocated -> free'])
})

trace('names the last writer of what the violating step read', () => {
  const row = rowOf(STALE)
  const violation = violationOf(row)
  const found = replay(
    row.interpreter,
    violation.trail,
    expectedOf(row.interpreter.system, violation),
  ).trace
  assert.ok(found && found.operands.length > 0)
  const writer = found.operands.find((operand) => operand.path.at(-1) === 'alive')?.writer
  assert.is(writer?.process, 1)
  assert.ok(writer?.changes.some((change) => change.after === 'free'))
})

trace('refuses what the semantics does not allow', () => {
  const row = rowOf(COUNTER)
  const { trail } = violationOf(row)
  const refusal = (steps: typeof trail.steps, initial: readonly number[] = []) =>
    replay(row.interpreter, { initial, steps }, null).refusal ?? 'accepted'
  const [first] = trail.steps
  assert.ok(first)
  assert.match(refusal(trail.steps, [7]), /no initial state/)
  assert.match(refusal([{ process: 9, choices: [] }]), /no process 9/)
  assert.match(refusal([{ process: -1, choices: [] }]), /no process -1/)
  assert.match(refusal([{ process: 0, choices: [4] }]), /step 1: t0 cannot move here/)
  assert.match(refusal([...trail.steps, first]), /cannot move/)
  assert.match(refusal(trail.steps.slice(0, 2)), /does not end in a violation/)
})

trace('refuses another violation than the expected one', () => {
  const row = rowOf(COUNTER)
  const violation = violationOf(row)
  const expected = expectedOf(row.interpreter.system, violation)
  const refusal = (changed: object) =>
    replay(row.interpreter, violation.trail, { ...expected, ...changed }).refusal ?? 'accepted'
  assert.match(refusal({ kind: 'leak' }), /ends in assert, not in leak/)
  assert.match(refusal({ at: { ...expected.at, line: 1 } }), /not at line 1/)
  assert.match(refusal({ byStep: true }), /last step does not end in assert/)
})

trace('goes once around the loop of a lost rest', () => {
  const row = rowOf(LIVELOCK)
  const violation = violationOf(row)
  const { system } = row.interpreter
  const found = replay(row.interpreter, violation.trail, expectedOf(system, violation)).trace
  assert.is(found?.kind, 'livelock')
  assert.ok((found?.loop.length ?? 0) > 0)
  // The token knows the loop, not the kind.
  const bare = replay(row.interpreter, violation.trail, null, violation.loop).trace
  assert.is(bare?.kind, 'livelock')
  const without = replay(row.interpreter, violation.trail, null, [])
  assert.match(without.refusal ?? '', /can still move/)
})

trace.run()
