import fc from 'fast-check'
import { objectLife, unset } from './arbitrary-statements.js'
import { declare, inScope, last, oneText, type Piece, type Text, text } from './arbitrary-text.js'
import { condition, index, pointer, small, structs } from './arbitrary-values.js'

/** What the processes of one model are made of. */
export interface Bodies {
  readonly task: Text
  readonly handler: Text
}

/**
 * Small vocabularies, so that processes meet: whoever has all of the language to choose from rarely wants what another
 * one holds.
 */

const step = oneText(
  'skip;',
  'x = 1;',
  'x = y & 1;',
  'x = (x + 1) % 3;',
  'y = x;',
  text`assert(x < 3 || ${condition});`,
)

/** Sentences of a theme, nested twice. */
function sentences(of: (inner: Text) => readonly Text[], simple: Text = step): Text {
  const several = (one: Text, most: number): Text =>
    fc
      .array(one, { minLength: 1, maxLength: most, size: 'max' })
      .map((list) => list.flatMap((each): Piece[] => [each, ' ']))
  const around = (inner: Text): Text => oneText(simple, ...of(text`{ ${inScope(inner)}}`))
  return several(around(several(around(simple), 1)), 2)
}

const between = (inner: Text, enter: string, leave: string): Text =>
  text`${enter} ${inner} ${leave}`

const readersAndWriters = (inner: Text): readonly Text[] => [
  between(inner, 'down_read(&sem);', 'up_read(&sem);'),
  between(inner, 'down_write(&sem);', 'up_write(&sem);'),
  between(inner, 'down_write(&sem);', 'up_write(&sem);'),
  text`down_write(&sem); ${inner} downgrade_write(&sem); ${inner} up_read(&sem);`,
  between(inner, 'if (down_read_trylock(&sem)) {', 'up_read(&sem); }'),
  between(inner, 'if (down_write_trylock(&sem)) {', 'up_write(&sem); }'),
]

const spinningReaders = (inner: Text): readonly Text[] => [
  between(inner, 'read_lock(&rw);', 'read_unlock(&rw);'),
  between(inner, 'read_lock_irq(&rw);', 'read_unlock_irq(&rw);'),
  between(inner, 'write_lock(&rw);', 'write_unlock(&rw);'),
  between(inner, 'write_lock_irqsave(&rw);', 'write_unlock_irqrestore(&rw);'),
  between(inner, 'write_lock_bh(&rw);', 'write_unlock_bh(&rw);'),
  between(inner, 'if (read_trylock(&rw)) {', 'read_unlock(&rw); }'),
  between(inner, 'if (write_trylock(&rw)) {', 'write_unlock(&rw); }'),
]

const mutexes = (inner: Text): readonly Text[] => [
  between(inner, 'mutex_lock(&m);', 'mutex_unlock(&m);'),
  between(inner, 'mutex_lock(&ma[0]);', 'mutex_unlock(&ma[0]);'),
  between(inner, 'mutex_lock(&ma[1]);', 'mutex_unlock(&ma[1]);'),
  text`mutex_lock(&ma[${index}]); ${inner} mutex_unlock(&ma[${index}]);`,
  between(inner, 'if (mutex_trylock(&m)) {', 'mutex_unlock(&m); }'),
]

const spinning = (inner: Text): readonly Text[] => [
  between(inner, 'spin_lock(&l);', 'spin_unlock(&l);'),
  between(inner, 'spin_lock_irq(&l);', 'spin_unlock_irq(&l);'),
  between(inner, 'spin_lock_bh(&l);', 'spin_unlock_bh(&l);'),
  between(inner, 'spin_lock(&la[0]);', 'spin_unlock(&la[0]);'),
  between(inner, 'if (spin_trylock(&l)) {', 'spin_unlock(&l); }'),
  between(inner, 'local_irq_disable();', 'local_irq_enable();'),
  between(inner, 'local_bh_disable();', 'local_bh_enable();'),
]

const sections = (inner: Text): readonly Text[] => [
  between(inner, 'rcu_read_lock();', 'rcu_read_unlock();'),
  between(inner, 'preempt_disable();', 'preempt_enable();'),
  between(inner, 'spin_lock(&l);', 'spin_unlock(&l);'),
  inScope(
    text`{ rcu_read_lock(); ${declare('node', 'node *', oneText('READ_ONCE(node_one)'))} if (${last('node')} != null) touch(${last('node')}); rcu_read_unlock(); }`,
  ),
]

const queueing = oneText(
  'call_rcu(&node_one->head, node_gone);',
  'call_rcu(&node_one->head, node_kept);',
  text`call_rcu(&${pointer('node')}->head, node_kept);`,
  text`call_rcu(&${pointer('page')}->head, page_kept);`,
)

const graces = (inner: Text): readonly Text[] => [
  ...sections(inner),
  oneText('synchronize_rcu();'),
  oneText('rcu_barrier();'),
  queueing,
  inScope(
    text`{ ${declare('node', 'node *', oneText('node_one'))} node_one = null; ${oneText('synchronize_rcu();', 'skip;')} if (${last('node')} != null) ${oneText('free(', 'touch(')}${last('node')}); }`,
  ),
]

const domains = (inner: Text): readonly Text[] => [
  between(inner, 'srcu_read_lock(&d);', 'srcu_read_unlock(&d);'),
  between(inner, 'srcu_read_lock(&d);', 'srcu_read_unlock(&d);'),
  text`srcu_read_lock(&da[${index}]); ${inner} srcu_read_unlock(&da[${index}]);`,
  oneText('synchronize_srcu(&d);', 'synchronize_srcu(&d);', text`synchronize_srcu(&da[${index}]);`),
]

const bits = (inner: Text): readonly Text[] => [
  between(inner, 'wait_on_bit_lock(&w, A);', 'clear_and_wake_up_bit(A, &w);'),
  between(inner, 'wait_on_bit_lock(&w, B);', 'clear_bit(B, &w); wake_up_bit(&w, B);'),
  between(inner, 'wait_on_bit_lock(&bl);', 'clear_and_wake_up_bit(&bl);'),
  between(inner, 'if (!test_and_set_bit(A, &w)) {', 'clear_bit(A, &w); }'),
  text`wait_on_bit(&w, ${oneText('A', 'B')});`,
  text`wait_on_bit_lock(&node_one->fl, NA); ${inner} clear_and_wake_up_bit(NA, &node_one->fl);`,
  text`wait_on_bit_lock(&node_two[${index}]->fl, NA); ${inner} clear_and_wake_up_bit(NA, &node_one->fl);`,
]

const waits = (inner: Text): readonly Text[] => [
  text`await (${condition});`,
  text`await (x == ${small}) else lost-wakeup;`,
  text`atomic { await (x == ${small}); ${step} }`,
  text`wait_until(x != ${small});`,
  text`either ${inner} or ${inner}`,
  unset,
  text`while (x < 2) { ${inner} x = (x + 1) % 3; }`,
]

const spinningInner: Text = sentences(spinning)

export const themes: readonly Bodies[] = [
  { task: sentences(readersAndWriters), handler: step },
  { task: sentences(spinningReaders), handler: sentences(spinningReaders) },
  { task: sentences(mutexes), handler: step },
  { task: spinningInner, handler: spinningInner },
  { task: sentences(graces), handler: sentences((inner) => [...sections(inner), queueing]) },
  { task: sentences(domains), handler: step },
  { task: sentences(bits), handler: step },
  { task: sentences(waits), handler: step },
  ...structs.map((struct) => {
    const life = objectLife(struct)
    // Used, freed, and taken again.
    const reborn = inScope(
      text`{ ${declare(struct, `${struct} *`, pointer(struct))} if (${last(struct)}) { ${last(struct)}->v = 1; free(${last(struct)}); } ${struct}_one = alloc(${struct}_pool); }`,
    )
    const marked = oneText(
      text`x = READ_ONCE(${pointer(struct)}->v);`,
      text`if (refcount_inc_not_zero(&${pointer(struct)}->cnt)) x = 1;`,
    )
    const both = (inner: Text): readonly Text[] => [
      life,
      reborn,
      marked,
      text`if (${condition}) ${inner}`,
      between(inner, 'rcu_read_lock();', 'rcu_read_unlock();'),
    ]
    return { task: sentences(both, life), handler: sentences(both, life) }
  }),
]
