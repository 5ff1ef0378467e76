import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Outcome } from '../../spec/interpreter/outcome.js'
import { type State, stateKey } from '../../spec/interpreter/state.js'
import { explored, reach, systemOf } from '../helpers/pipeline.js'

/** Rule 10 and the contract of the interpreter: frozen states, and steps by name. */
const replay = suite('states and replay')

/** Models that together use every kind of instruction. */
const models: readonly (readonly [name: string, text: string])[] = [
  [
    'objects',
    `struct node { int 0..3 v; node *next; } pool node nodes[2]; node *head;
     thread t { node *n = alloc(nodes); if (n != null) { n->v = 2; n->next = head; head = n; } }
     thread u { node *n = head; if (n != null) { head = null; int v = n->v; free(n); assert(v != 3); } }`,
  ],
  [
    'locks',
    `rwsem s; mutex m; spinlock_t l; int 0..3 x; int 0..3 a[2];
     thread r { down_read(&s); int v = x; up_read(&s); mutex_lock(&m); a[1] = v; mutex_unlock(&m); }
     thread w { down_write(&s); x = x + 1; downgrade_write(&s); up_read(&s); }
     thread q { if (mutex_trylock(&m)) { spin_lock(&l); lockdep_assert_held(&l); spin_unlock(&l); mutex_unlock(&m); } }`,
  ],
  [
    'bits and choices',
    `bits { L } w; int 0..9 x; atomic_t 0..3 c;
     init { either { x = 1; } or { x = 2; } }
     thread t[i in 0..1] { wait_on_bit_lock(&w, L); atomic_inc(&c); clear_and_wake_up_bit(L, &w); }
     thread u { int k = 0; choose k in 1..2; atomic { await (x > 0); x = x + k; either { skip; } or { x = 0; } } }`,
  ],
  [
    'tasks, structs, properties',
    `struct task { bool woken; } struct pair { int 0..1 a; int 0..1 b; } pair p; pair q; task *waiter;
     thread t { pair l = p; l.a = 1; waiter = current; await (current->woken); q = l; }
     daemon d { await (waiter); waiter->woken = true; waiter = null; }
     finally { assert(q.a == 1); } invariant (q.b == 0);`,
  ],
]

type Next = Outcome & { kind: 'next' }

for (const [name, text] of models) {
  replay(`10: ${name}: what a step does not change is the same object after it`, () => {
    let shared = 0
    reach(systemOf(text), (outcome, before) => {
      if (outcome.kind !== 'next' || before === null) return
      for (const part of ['shared', 'pools', 'processes'] as const) {
        const [was, is] = [Object.values(before[part]), Object.values(outcome.state[part])]
        for (const [at, value] of is.entries()) {
          if (typeof value !== 'object' || JSON.stringify(value) !== JSON.stringify(was[at]))
            continue
          assert.ok(value === was[at], `${part} ${at}`)
          shared += 1
        }
      }
    })
    assert.ok(shared > 10)
  })

  replay(`10: ${name}: states are frozen through and through`, () => {
    const frozen = (value: unknown): boolean =>
      typeof value !== 'object' ||
      value === null ||
      (Object.isFrozen(value) && Object.values(value).every(frozen))
    assert.ok(explored(text).states.every(frozen))
  })

  replay(`9: ${name}: choices ascend, and name the outcome again`, () => {
    const { states, interpreter, system } = explored(text)
    const initial = interpreter.initial()
    for (const outcome of initial) same(interpreter.replayInitial(outcome.choices), outcome)
    ascending(initial)
    for (const state of states) {
      for (const process of system.processes.keys()) {
        const outcomes = interpreter.fire(state, process)
        ascending(outcomes)
        for (const outcome of outcomes) {
          same(interpreter.replay(state, process, outcome.choices), outcome)
        }
        refuses(outcomes, (choices) => interpreter.replay(state, process, choices))
      }
    }
    refuses(initial, (choices) => interpreter.replayInitial(choices))
  })

  replay(`10: ${name}: firing changes neither the state nor the answer`, () => {
    const { states, interpreter, system } = explored(text)
    for (const state of states) {
      const before = stateKey(state)
      for (const process of system.processes.keys()) {
        const once = interpreter.fire(state, process)
        interpreter.wait(state, process)
        interpreter.judge(state)
        interpreter.judgeRest(state)
        const again = interpreter.fire(state, process)
        assert.equal(again.map(keyOf), once.map(keyOf))
      }
      assert.is(stateKey(state), before)
    }
  })
}

const keyOf = (outcome: Outcome): string =>
  outcome.kind === 'next' ? stateKey((outcome as Next).state) : JSON.stringify(outcome.choices)

function same(replayed: Outcome | null, listed: Outcome): void {
  assert.ok(replayed)
  assert.is(replayed?.kind, listed.kind)
  assert.equal(replayed?.choices, listed.choices)
  if (replayed?.kind === 'next' && listed.kind === 'next') {
    assert.is(stateKey(replayed.state), stateKey(listed.state))
  }
  if (replayed?.kind === 'violation' && listed.kind === 'violation') {
    assert.equal(replayed.trap.kind, listed.trap.kind)
    assert.equal(replayed.trap.message, listed.trap.message)
  }
}

function ascending(outcomes: readonly Outcome[]): void {
  const listed = outcomes.map(({ choices }) => choices)
  const sorted = [...listed].sort((a, b) => {
    for (const at of a.keys()) if (a[at] !== b[at]) return (a[at] ?? 0) - (b[at] ?? 0)
    return a.length - b.length
  })
  assert.equal(listed, sorted)
  assert.is(new Set(listed.map(String)).size, listed.length)
}

/** Choices nobody listed are no step. */
function refuses(
  outcomes: readonly Outcome[],
  attempt: (choices: readonly number[]) => Outcome | null,
): void {
  const listed = new Set(outcomes.map(({ choices }) => String(choices)))
  const wrong = [[], [0], [1], [7], [-1], [0.5], [0, 0], [0, 1], [Number.NaN]]
  const around = outcomes.flatMap(({ choices }) => [
    [...choices, 0],
    choices.slice(0, -1),
    [...choices.slice(0, -1), 9],
  ])
  for (const choices of [...wrong, ...around]) {
    if (!listed.has(String(choices))) assert.is(attempt(choices), null, String(choices))
  }
}

replay('10: no process, a finished one, a blocked one: no step', () => {
  const { states, interpreter } = explored(
    'bool go; thread t { go = false; } thread u { await (go); }',
  )
  const last = states.at(-1)
  assert.ok(last)
  if (!last) return
  for (const process of [0, 1, 2, -1]) assert.is(interpreter.replay(last, process, []), null)
  assert.equal(interpreter.fire(last, 0), [])
  assert.equal(interpreter.fire(last, 1), [])
})

replay('10: a violation names its place, its process, and what it read', () => {
  const text =
    'model named;\nint 0..3 x = 2;\nthread t { x = x; }\nthread u[i in 0..1] { assert(x == 1); }'
  const { interpreter, states, system } = explored(text)
  const [outcome] = interpreter.fire(states[0] as State, 2)
  assert.is(outcome?.kind, 'violation')
  if (outcome?.kind !== 'violation') return
  const { kind, process, at, operands, site } = outcome.trap
  assert.equal(
    { kind, process, operands },
    { kind: 'assert', process: 2, operands: [['shared', 'x']] },
  )
  assert.is(system.sources.get(at.file)?.excerpt(at), 'assert(x == 1);')
  assert.is(site?.call.op, null)
})

replay('10: the state of a violation shows what the step had done before it', () => {
  const { interpreter, states } = explored(
    'int 0..3 x; int 0..3 y; thread t { atomic { x = 1; assert(y == 1); x = 2; } }',
  )
  const [outcome] = interpreter.fire(states[0] as State, 0)
  assert.is(outcome?.kind === 'violation' && outcome.state.shared.x, 1)
})

replay('10: the log of a step lists its instructions and the calls it goes through', () => {
  const text =
    'int 0..3 x; op inner(int v) { x = v; } op outer(int v) { inner(v + 1); } thread t { outer(1); outer(2); }'
  const { interpreter, states } = explored(text)
  const marks = (outcome: Outcome | undefined): string =>
    (outcome?.log ?? [])
      .filter(({ mark, site }) => mark !== null || site.call.op === 'inner')
      .map(({ mark, site }) => `${mark ?? 'step'} ${site.call.op}`)
      .join(', ')
  // On the way to its first step the thread goes into both; the step itself, then, leaves them and enters anew.
  assert.is(marks(interpreter.initial()[0]), 'enter outer, enter inner')
  assert.is(
    marks(interpreter.fire(states[0] as State, 0)[0]),
    'step inner, leave inner, leave outer, enter outer, enter inner',
  )
})

replay.run()
