import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { State } from '../../spec/interpreter/state.js'
import { explored, kindsIn } from '../helpers/pipeline.js'

/** Rule 8: at rest, as far as one state can tell: who has finished, who is between two runs, who waits for what. */
const rest = suite('rest')

/** The states at which the model may rest, as the values of x there. */
function resting(text: string): readonly unknown[] {
  const { states, interpreter } = explored(text)
  return states.filter((state) => interpreter.mayRest(state)).map((state) => state.shared.x)
}

rest('8: every thread has finished', () => {
  assert.equal(resting('int 0..3 x; thread t { x = 1; x = 2; } thread u { x = 3; }'), [3, 2])
})

rest('8: a daemon is between two runs in front of its body only', () => {
  // In front of the await; not in front of the second store, though x is 1 there and nothing else would tell.
  const text = 'int 0..3 x; thread t { x = 1; } daemon d { await (x == 1); x = 2; x = 3; }'
  assert.equal(resting(text), [1, 3])
})

rest('8: a daemon that never ends its body is not between two runs', () => {
  const text = 'int 0..3 x; daemon d { while (true) { await (x < 2); x = x + 1; } }'
  // Only before it has begun: the same await met in the loop is another place.
  assert.equal(resting(text), [0])
  assert.equal(kindsIn(text), ['deadlock'])
  assert.equal(kindsIn('int 0..3 x; daemon d { await (x < 2); x = x + 1; }'), [])
})

rest('8: the way into a body may branch, choose and call', () => {
  const text = `int 0..3 x; bool done; op wait_for(int v) { await (x == v); done = true; }
    daemon d { int mine = 1; either { wait_for(mine); } or { wait_for(mine + 1); } }`
  const { states, interpreter } = explored(text)
  // Two initial states, one for each choice, and both are between two runs.
  assert.is(states.length, 2)
  assert.ok(states.every((state) => interpreter.mayRest(state)))
})

rest('8: a loop back to the first step of the body is not between two runs', () => {
  const text = `int 0..3 x;
    daemon d { again: await (x < 3); x = x + 1; if (x == 2) goto again; await (x > 3); }`
  // At the start; after `goto again` it waits at the same await, in the middle of its run.
  const { states, interpreter } = explored(text)
  const may = states.filter((state) => interpreter.mayRest(state))
  assert.equal(
    may.map((state) => state.shared.x),
    [0],
  )
})

rest('8: a daemon whose first step ends its body', () => {
  assert.equal(resting('int 0..3 x; daemon d { await (x == 1); }'), [0])
  assert.equal(resting('int 0..1 x; daemon d { x = 1; }'), [0, 1])
})

rest('8: finally and leaks are judged at rest, not while a daemon still has to go on', () => {
  const text = (end: string): string => `int 0..3 x; bool work;
    thread t { work = true; }
    daemon d { await (work); x = 1; work = false; }
    finally { ${end} }`
  assert.equal(kindsIn(text('assert(x == 1);')), [])
  assert.equal(kindsIn(text('assert(x == 0);')), ['assert'])
})

rest('8: livelock, lost wake-up and deadlock are told apart', () => {
  const spin = 'bool go; thread t { while (!go) skip; }'
  assert.equal(kindsIn(spin), ['livelock'])
  assert.equal(kindsIn('bool go; thread t { await (go); }'), ['deadlock'])
  assert.equal(kindsIn('bool go; thread t { await (go) else lost-wakeup; }'), ['lost-wakeup'])
  // A daemon that goes round while a thread is stuck: still a deadlock.
  assert.equal(kindsIn('bool go; bool x; thread t { await (go); } daemon d { x = !x; }'), [
    'deadlock',
  ])
  // Contention is no livelock while rest stays reachable.
  const contended = `mutex m; thread t[i in 0..1] { while (true) { if (mutex_trylock(&m)) { mutex_unlock(&m); break; } } }`
  assert.equal(kindsIn(contended), [])
})

rest(
  '8: a state from which a violation or a bound can be reached does not count as unable to rest',
  () => {
    assert.equal(
      kindsIn(
        'int 0..1 x; thread t { while (true) { x = 0; either { assert(x == 1); } or { skip; } } }',
      ),
      ['assert'],
    )
    const cut = `int 0..1 x; thread t { int i = 0; while (true) { x = 0; either { i = i + 100; } or { i = 0; } } }`
    assert.equal(kindsIn(cut), ['incomplete'])
  },
)

rest('8: finished is a thread that has ended, never a daemon', () => {
  const { states, interpreter } = explored(
    'int 0..1 x; thread t { x = 1; } thread u { skip; } daemon d { await (x == 2); }',
  )
  const last = states.at(-1)
  assert.ok(last)
  if (!last) return
  assert.equal(
    [0, 1, 2].map((process) => interpreter.finished(last, process)),
    [true, true, false],
  )
  const first = states[0] ?? last
  assert.equal(
    [0, 1, 2].map((process) => interpreter.finished(first, process)),
    [false, true, false],
  )
})

interface Seen {
  readonly process: number
  readonly what: string
  readonly place: string
  readonly holders: readonly number[]
  readonly names: string | null
  readonly movable: boolean
}

/** What each process waits for in the last state that `where` picks. */
function waits(text: string, where: (state: State) => boolean): readonly Seen[] {
  const { states, interpreter, system } = explored(text)
  const at = states.filter(where).at(-1)
  return system.processes.flatMap((_, process) => {
    const wait = at && interpreter.wait(at, process)
    if (!wait) return []
    const { what, place, holders, names, movable } = wait
    return [{ process: wait.process, what, place, holders, names, movable }]
  })
}

rest('8: what a process waits for: a mutex and its owner', () => {
  const text = `int 0..1 x; mutex m[2]; bool go;
    thread a { mutex_lock(&m[1]); x = 1; await (go); mutex_unlock(&m[1]); }
    thread b { await (x == 1); mutex_lock(&m[1]); mutex_unlock(&m[1]); }`
  assert.equal(
    waits(text, (state) => state.shared.x === 1),
    [
      {
        process: 0,
        what: 'condition',
        place: 'await (go);',
        holders: [],
        names: null,
        movable: false,
      },
      { process: 1, what: 'mutex_lock', place: 'm[1]', holders: [0], names: null, movable: false },
    ],
  )
})

rest('8: what a process waits for: an rwsem, its readers, and queueing', () => {
  const text = `int 0..1 x; rwsem s; bool go;
    thread a { down_read(&s); await (go); up_read(&s); }
    thread b { down_read(&s); await (go); up_read(&s); }
    thread w { await (x == 1); down_write(&s); up_write(&s); }
    thread k { x = 1; }`
  const { states, interpreter } = explored(text)
  const both = states.filter(
    (state) => (state.shared.s as { readers: number[] }).readers.length === 2,
  )
  const found = both.flatMap((state) => interpreter.wait(state, 2) ?? [])
  assert.ok(found.some(({ movable }) => movable))
  assert.ok(found.some(({ movable, what }) => !movable && what === 'down_write'))
  for (const wait of found.filter(({ what }) => what === 'down_write')) {
    assert.equal(wait.holders, [0, 1])
  }
})

rest('8: what a process waits for: a bit, and whether it is clear', () => {
  const text = (clear: string): string => `int 0..1 x; bits { A, B } w;
    init { set_bit(B, &w); }
    thread t { wait_on_bit(&w, B); }
    thread u { ${clear} x = 1; }`
  const wait = { process: 0, what: 'bit B', place: 'w', holders: [], movable: false }
  const parked = (state: State): boolean => state.shared.x === 1 && state.processes[0]?.parked === 1
  assert.equal(waits(text(''), parked), [{ ...wait, names: null }])
  assert.equal(waits(text('clear_bit(B, &w);'), parked), [{ ...wait, names: 'lost-wakeup' }])
})

rest.run()
