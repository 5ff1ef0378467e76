import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { expectedOf, replay } from '../../checker/index.js'
import { type Holding, holdings, openSections } from '../../checker/trace/holdings.js'
import type { Trace } from '../../checker/trace/trace.js'
import { rowOf, violationOf } from './model.js'

function traceOf(text: string): Trace {
  const row = rowOf(text)
  const violation = violationOf(row)
  const expected = expectedOf(row.interpreter.system, violation)
  const { trace, refusal } = replay(row.interpreter, violation.trail, expected)
  if (trace === null) throw new Error(refusal)
  return trace
}

const text = ({ name, mode, since }: Holding): string => `${name} ${mode} since ${since?.index}`
const heldBy = (trace: Trace, process: number) => holdings(trace, process).map(text)

const held = suite('what is held at the end of a trace')

held('in the order of taking, each since it was taken last', () => {
  const trace = traceOf(`model m; mutex a; rwsem b; spinlock_t c; bool done;
thread t {
  mutex_lock(&a); mutex_unlock(&a);
  down_read(&b); mutex_lock(&a); spin_lock(&c);
  assert(done);
}
expect violated assert otherwise;`)
  assert.equal(heldBy(trace, 0), ['b read since 3', 'a write since 4', 'c write since 5'])
})

held('a lock that was downgraded is held since it was taken', () => {
  const trace = traceOf(`model m; rwsem a; bool done;
thread t { down_write(&a); downgrade_write(&a); assert(done); }
expect violated assert otherwise;`)
  assert.equal(heldBy(trace, 0), ['a read since 1'])
})

held('a lock of a task is called by its process', () => {
  const trace = traceOf(`model m; struct task { mutex m; } bool done;
thread t { mutex_lock(&current->m); assert(done); }
expect violated assert otherwise;`)
  assert.equal(heldBy(trace, 0), ['t.m write since 1'])
})

held('an RCU read section counts as a lock, and others hold nothing of it', () => {
  const trace = traceOf(`model m; srcu d; bool done;
thread t { rcu_read_lock(); srcu_read_lock(&d); rcu_read_lock(); assert(done); }
thread u { await (done); }
expect violated assert otherwise;`)
  assert.equal(heldBy(trace, 0), ['rcu_read_lock read since 1', 'd read since 2'])
  assert.equal(heldBy(trace, 1), [])
})

held('a section is open since its outermost entry', () => {
  const trace = traceOf(`model m; bool done;
thread t {
  preempt_disable(); preempt_enable();
  preempt_disable(); local_irq_disable(); preempt_disable();
  assert(done);
}
expect violated assert otherwise;`)
  const sections = openSections(trace, 0).map(
    ({ which, depth, since }) => `${which} ${depth} since ${since?.index}`,
  )
  assert.equal(sections, ['preempt 2 since 3', 'irqs 1 since 4'])
})

held('what a race is about to change', () => {
  const trace = traceOf(`model m; check data-race; int 0..5 x = 2;
thread t { x = 5; } thread u { int seen = x; }
expect violated data-race otherwise;`)
  assert.equal(trace.raced, { place: 'x', before: '2', after: '5' })
})

held.run()
