import fc from 'fast-check'
import {
  declare,
  fresh,
  inScope,
  label,
  last,
  oneText,
  type Piece,
  someLocal,
  type Text,
  text,
} from './arbitrary-text.js'
import {
  bigValue,
  bit,
  bitLast,
  condition,
  counter,
  effect,
  index,
  intPlace,
  pointer,
  pointerPlace,
  pointerValue,
  refcount,
  type Struct,
  small,
  smallValue,
  structs,
  test,
  value,
} from './arbitrary-values.js'

/**
 * Where a statement stands. `task`: anything. `handler`: what may not sleep, mostly. `atomic`: what cannot block.
 * `choiceless`: in a loop of an atomic block, where choices would give one step endlessly many ways to go.
 */
export type Setting = 'task' | 'handler' | 'atomic' | 'choiceless'

/** A few statements. */
export function body(setting: Setting, depth: number, most: number): Text {
  return fc
    .array(statement(setting, depth), { minLength: 1, maxLength: most, size: 'max' })
    .map((list) => list.flatMap((one): Piece[] => [one, ' ']))
}

function block(setting: Setting, depth: number): Text {
  return text`{ ${inScope(body(setting, depth - 1, 2))}}`
}

const made = new Map<string, Text>()

function statement(setting: Setting, depth: number): Text {
  const key = `${setting} ${depth}`
  const known = made.get(key)
  if (known) return known
  const canWait = setting === 'task' || setting === 'handler'
  const simple = oneText(
    'skip;',
    assignment,
    assignment,
    update,
    update,
    assertion,
    local,
    objectStep,
    objectStep,
    ...(setting === 'choiceless' ? [] : [allocation, chosen]),
    ...(canWait
      ? [loose, waiting(setting), waiting(setting), 'act(x, node_one);']
      : ['calm(y, node_one);']),
  )
  const options = [simple, simple]
  if (depth > 0) options.push(nested(setting, depth))
  if (depth > 0 && canWait) options.push(section(setting, depth), section(setting, depth))
  const all = oneText(...options)
  made.set(key, all)
  return all
}

// ---- without blocks

const assignment = oneText(
  text`${intPlace} = ${value};`,
  text`${intPlace} = ${value};`,
  text`${intPlace} = ${smallValue};`,
  text`if (${intPlace} < 2) ${intPlace} += ${small};`,
  text`if (x < 3) x++;`,
  text`if (y > 0) y--;`,
  text`${intPlace}++;`,
  text`b = ${condition};`,
  'c = GREEN;',
  'c = BLUE;',
  text`if (${condition}) c = RED; else c = BLUE;`,
  text`big = ${bigValue};`,
  's = t;',
  text`sa[${index}] = s;`,
  text`t = sa[${index}];`,
  text`WRITE_ONCE(${intPlace}, ${smallValue});`,
  text`smp_store_release(&${intPlace}, ${smallValue});`,
  text`add(&${intPlace}, ${small});`,
  'flip();',
)

const update = oneText(
  text`atomic_inc(${counter});`,
  text`atomic_dec(${counter});`,
  text`atomic_add(${small}, ${counter});`,
  text`atomic_sub(${small}, ${counter});`,
  text`refcount_add(${small}, ${refcount});`,
  text`atomic_set(${counter}, ${small});`,
  text`refcount_inc(${refcount});`,
  text`refcount_dec(${refcount});`,
  text`refcount_set(${refcount}, ${small});`,
  text`set_bit(${bit});`,
  text`clear_bit(${bit});`,
  text`change_bit(${bit});`,
  text`__set_bit(${bit});`,
  text`__clear_bit(${bit});`,
  text`clear_and_wake_up_bit(${bit});`,
  text`wake_up_bit(${bitLast});`,
  text`if (${test}) ${intPlace} = ${small};`,
  'smp_mb();',
)

const assertion = oneText(
  text`assert(${condition} || ${condition});`,
  text`assert(${condition});`,
  text`BUG_ON(${condition} && ${condition} && b);`,
  text`VM_BUG_ON(${condition} && ${condition} && b);`,
  text`if (${condition} && ${condition}) fail bad;`,
  'lockdep_assert_held(&m);',
  'lockdep_assert_not_held(&l);',
  'lockdep_assert_held_read(&sem);',
  'lockdep_assert_held_write(&rw);',
)

/** A local that has no value on one of the ways. */
export const unset = inScope(
  text`{ int ${fresh('int')}; if (${condition}) ${last('int')} = ${small}; x = 0; if (${last('int')} < 2) ${intPlace} = 1; }`,
)

/** Locals of several values, some of them without any. */
function aggregate(): Text {
  return inScope(
    oneText(
      text`{ pair ${fresh('pair')} = s; x = 0; ${intPlace} = ${last('pair')}.f; }`,
      text`{ pair ${fresh('pair')}; ${last('pair')}.f = ${smallValue}; x = 0; sa[0].f = ${last('pair')}.f; }`,
      text`{ int ${fresh('row')}[2]; ${last('row')}[${index}] = ${smallValue}; x = 0; y = ${last('row')}[${index}] & 3; }`,
      text`{ node *${fresh('row')}[2]; ${last('row')}[0] = node_one; ${last('row')}[1] = node_one; x = 0; node_one = ${last('row')}[${index}]; }`,
    ),
  )
}

/** Locals of the rest of the scope. */
const local = oneText(
  declare('int', 'int ', smallValue),
  declare('int', 'int ', effect),
  declare('bool', 'bool ', condition),
  text`int ${fresh('int')};`,
  unset,
  aggregate(),
  text`${someLocal(['int'], fc.constant('x'))} = ${smallValue};`,
  text`${someLocal(['bool'], fc.constant('b'))} = ${test};`,
  inScope(
    text`{ int ${fresh('int')} = x; if (try_cmpxchg(&x, &${last('int')}, ${small})) y = ${last('int')} & 1; }`,
  ),
)

const chosen = inScope(
  text`{ int ${fresh('int')} = 0; choose ${last('int')} in 0..${oneText('1', '2', 'y % 2')}; ${intPlace} = ${last('int')}; }`,
)

/** Steps with the objects of a struct. */
const objectSteps = (struct: Struct): Text =>
  oneText(
    text`${pointerPlace(struct)} = ${pointerValue(struct)};`,
    text`${pointerPlace(struct)} = ${pointerValue(struct)};`,
    declare(struct, `${struct} *`, pointerValue(struct)),
    text`touch(${pointer(struct)});`,
    text`${pointer(struct)}->v = ${small};`,
    text`if (${pointer(struct)}->v == 1) ${pointer(struct)}->arr[${index}] = ${small};`,
    text`free(${pointer(struct)});`,
    text`rcu_assign_pointer(${struct}_one, ${pointer(struct)});`,
    text`x = ${pointer(struct)} - ${struct}_pool;`,
    text`destroy(${struct}_pool);`,
  )

const gfp = oneText('', ', GFP_ATOMIC', ', GFP_KERNEL', ', GFP_KERNEL | __GFP_NOFAIL')

const allocations = (struct: Struct): Text =>
  oneText(
    text`${pointerPlace(struct)} = alloc(${struct}_pool${gfp});`,
    inScope(
      text`{ ${declare(struct, `${struct} *`, text`alloc(${struct}_pool${gfp})`)} if (${last(struct)}) ${pointerPlace(struct)} = ${last(struct)}; }`,
    ),
    text`${declare(struct, `${struct} *`, text`alloc(${struct}_pool${gfp})`)} if (${last(struct)} != null) ${last(struct)}->v = ${small};`,
    text`${pointerPlace(struct)} = alloc(&${struct}_pool[${index}]);`,
  )

/** All that can happen to the objects of one struct. */
export const objectLife = (struct: Struct): Text =>
  oneText(objectSteps(struct), allocations(struct))

const objectStep = oneText(...structs.map(objectSteps))
const allocation = oneText(...structs.map(allocations))

/** Half of a pair: mostly wrong. */
const loose = oneText(
  'mutex_unlock(&m);',
  'spin_lock(&l);',
  'rcu_read_unlock();',
  'up_read(&sem);',
  'local_irq_enable();',
  'might_sleep();',
  'if (preemptible()) x = 1;',
  text`if (mutex_trylock(&m)) ${intPlace} = 1;`,
  'return;',
)

function waiting(setting: Setting): Text {
  if (setting === 'handler') return oneText(text`call_rcu(&${pointer('node')}->head, node_gone);`)
  return oneText(
    text`await (${condition});`,
    text`await (${condition}) else lost-wakeup;`,
    text`wait_until(${condition});`,
    text`wait_on_bit(${bitLast});`,
    text`wait_on_bit_lock(${bitLast}); clear_and_wake_up_bit(A, &w);`,
    'wait_on_bit_lock(&bl); clear_and_wake_up_bit(&bl);',
    'synchronize_rcu();',
    'synchronize_rcu();',
    'smp_rmb(); synchronize_rcu(); smp_wmb();',
    'synchronize_srcu(&d);',
    text`synchronize_srcu(&da[${index}]);`,
    'rcu_barrier();',
    ...structs.map((struct) => text`call_rcu(&${pointer(struct)}->head, ${struct}_gone);`),
    ...structs.map((struct) => text`call_rcu(&${pointer(struct)}->head, ${struct}_kept);`),
  )
}

// ---- with blocks

function nested(setting: Setting, depth: number): Text {
  const canWait = setting === 'task' || setting === 'handler'
  const looping = canWait ? setting : 'choiceless'
  const inner = block(setting, depth)
  const around = block(looping, depth)
  const options = [
    text`if (${test}) ${inner}`,
    text`if (${test}) ${inner} else ${inner}`,
    text`while (${test}) ${around}`,
    text`while (${condition}) { ${around} if (${test}) break; x = 0; }`,
    inScope(text`for (${fresh('index')} in 0..${oneText('1', 'y % 2')}) ${around}`),
    inScope(text`for (${fresh('index')} in 0..1) { if (${test}) continue; ${around} }`),
    inScope(text`for (${fresh('node')} in node_pool) ${around}`),
    inScope(text`for (${fresh('page')} in page_pool) ${around}`),
    text`for (who in tasks) { if (who->mine > 0) ${intPlace} = who->mine; }`,
    inScope(
      text`{ ${inner} if (${test}) goto ${label}; ${inner} ${label}: ${intPlace} = ${small}; }`,
    ),
    ...structs.map((struct) => guarded(struct, inner)),
  ]
  if (setting !== 'choiceless') options.push(text`either ${inner} or ${inner}`)
  if (canWait) {
    const atomic = block('atomic', depth)
    options.push(text`atomic ${atomic}`, text`atomic { await (${condition}); ${atomic} }`)
  }
  return oneText(...options)
}

/** A pointer that is looked at before it is used. */
const guarded = (struct: Struct, inner: Text): Text =>
  inScope(
    text`{ ${declare(struct, `${struct} *`, pointerPlace(struct))} if (${last(struct)} != null) ${inner} }`,
  )

/** What is entered and left: by place where it has one. */
function section(setting: Setting, depth: number): Text {
  const inner = block(setting, depth)
  // Mostly nothing sleeps in a section that forbids it.
  const awake = oneText(block('handler', depth), block('handler', depth), inner)
  const pair = (enter: string, leave: string): Text => text`${enter} ${awake} ${leave}`
  const at = (place: Text, enter: string, leave: string, sleeps = false): Text =>
    fc
      .tuple(place, sleeps ? inner : awake)
      .map(([where, inside]) => [enter, '(&', where, '); ', inside, ' ', leave, '(&', where, ');'])
  const attempt = (place: Text, enter: string, leave: string, sleeps = false): Text =>
    fc
      .tuple(place, sleeps ? inner : awake)
      .map(([where, inside]) => [
        `if (${enter}(&`,
        where,
        ')) { ',
        inside,
        ` ${leave}(&`,
        where,
        '); }',
      ])
  const through = oneText(...structs.map(pointer))
  const spin = oneText('l', 'la[0]', text`la[${index}]`, text`${through}->sl`)
  const mutex = oneText('m', 'ma[0]', text`ma[${index}]`, text`${through}->mx`)
  const sem = oneText('sem', text`${through}->rs`)
  const srcu = oneText('d', 'd', text`da[${index}]`)
  const rw = oneText('rw')
  const spinning = [
    at(spin, 'spin_lock', 'spin_unlock'),
    at(spin, 'spin_lock_irqsave', 'spin_unlock_irqrestore'),
    at(spin, 'spin_lock_irq', 'spin_unlock_irq'),
    at(spin, 'spin_lock_bh', 'spin_unlock_bh'),
    attempt(spin, 'spin_trylock', 'spin_unlock'),
    at(rw, 'read_lock', 'read_unlock'),
    at(rw, 'write_lock', 'write_unlock'),
    at(rw, 'read_lock_bh', 'read_unlock_bh'),
    at(rw, 'write_lock_irq', 'write_unlock_irq'),
    at(rw, 'write_lock_irqsave', 'write_unlock_irqrestore'),
    attempt(rw, 'read_trylock', 'read_unlock'),
    attempt(rw, 'write_trylock', 'write_unlock'),
    pair('rcu_read_lock();', 'rcu_read_unlock();'),
    pair('rcu_read_lock();', 'rcu_read_unlock();'),
    pair('preempt_disable();', 'preempt_enable();'),
    at(rw, 'read_lock_irq', 'read_unlock_irq'),
    at(rw, 'read_lock_irqsave', 'read_unlock_irqrestore'),
    at(rw, 'write_lock_bh', 'write_unlock_bh'),
    pair('local_irq_save();', 'local_irq_restore();'),
    pair('local_irq_disable();', 'local_irq_enable();'),
    pair('local_bh_disable();', 'local_bh_enable();'),
    at(srcu, 'srcu_read_lock', 'srcu_read_unlock', true),
    at(oneText('map'), 'lock_map_acquire', 'lock_map_release'),
  ]
  if (setting === 'handler') return oneText(...spinning)
  return oneText(
    ...spinning,
    at(mutex, 'mutex_lock', 'mutex_unlock', true),
    at(mutex, 'mutex_lock', 'mutex_unlock', true),
    at(mutex, 'mutex_lock', 'mutex_unlock', true),
    attempt(mutex, 'mutex_trylock', 'mutex_unlock', true),
    at(sem, 'down_read', 'up_read', true),
    at(sem, 'down_read', 'up_read', true),
    at(sem, 'down_write', 'up_write', true),
    at(sem, 'down_write', 'up_write', true),
    attempt(sem, 'down_read_trylock', 'up_read', true),
    attempt(sem, 'down_write_trylock', 'up_write', true),
    text`down_write(&sem); ${inner} downgrade_write(&sem); ${inner} up_read(&sem);`,
    text`wait_on_bit_lock(&w, A); ${inner} clear_and_wake_up_bit(A, &w);`,
  )
}
