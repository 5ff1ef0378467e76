import * as fc from 'fast-check'
import type { Span } from '../../spec/source/span.js'
import { binaryOperators } from '../../spec/syntax/precedence.js'
import type {
  AssignOperator,
  Block,
  Declaration,
  Declarator,
  Expression,
  LockKind,
  Member,
  Name,
  Parameter,
  RangeSyntax,
  SourceFile,
  Statement,
  TypeSyntax,
  UnaryOperator,
} from '../../spec/syntax/tree.js'

/**
 * Arbitrary trees that some text can have. Left out is what the grammar cannot say: a keyword as the name
 * of a type, a pointer to a range, an `else` that would belong to an inner `if`.
 */

const span: Span = { file: 'm.gmem', from: 0, to: 0 }

/** Any of these, each a node without its span. */
const node = <T extends object>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T & { span: Span }> =>
  arbitrary.map((fields) => ({ ...fields, span }))

const word = (...words: string[]) => fc.constantFrom(...words)

/** Ordinary names, and keywords, which are names where they are not expected. */
const nameText = word(
  ...['f', 'index', '_refcount', 'x1', 'PG_locked', 'invalidate_lock', 'folio_put_refs'],
  ...[
    'pool',
    'init',
    'use',
    'end',
    'test',
    'put',
    'check',
    'model',
    'op',
    'atomic',
    'head',
    'skip',
  ],
  ...[
    'fail',
    'thread',
    'in',
    'on',
    'or',
    'not',
    'when',
    'mutex',
    'bits',
    'assert',
    'await',
    'choose',
  ],
)
const typeNameText = word('folio', 'share', 'rcu_heads', 'pool_t', 'head', 'end', 'test', 'put')
const kindText = word(
  'leak',
  'mapped-at-free',
  'bug-on',
  'a-1-b',
  'not-x',
  'P1-no-mapping',
  'null-dereference',
)

const named = (text: fc.Arbitrary<string>): fc.Arbitrary<Name> => node(fc.record({ text }))
const name = named(nameText)
const kind = named(kindText)
const names = fc.array(name, { minLength: 1, maxLength: 4 })
const kinds = fc.array(kind, { minLength: 1, maxLength: 3 })

const string = fc.string({ maxLength: 30, unit: 'grapheme-ascii' })
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null, freq: 2 })

const unary = fc.constantFrom<UnaryOperator>('!', '-', '~', '*', '&')
const binary = fc.constantFrom(...binaryOperators)
const assignment = fc.constantFrom<AssignOperator>(
  ...(['=', '+=', '-=', '*=', '/=', '%=', '&=', '|=', '^=', '<<=', '>>='] as const),
)

export const { expression } = fc.letrec<{ expression: Expression }>((tie) => {
  const inner = tie('expression')
  const values = fc.array(inner, { maxLength: 3 })
  return {
    expression: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      node(fc.record({ kind: fc.constant('name' as const), name: nameText })),
      node(fc.record({ kind: fc.constant('integer' as const), value: fc.nat({ max: 2 ** 40 }) })),
      node(fc.record({ kind: fc.constant('boolean' as const), value: fc.boolean() })),
      node(fc.record({ kind: fc.constant('null' as const) })),
      node(
        fc.record({
          kind: fc.constant('member' as const),
          object: inner,
          arrow: fc.boolean(),
          name,
        }),
      ),
      node(fc.record({ kind: fc.constant('index' as const), array: inner, index: inner })),
      node(fc.record({ kind: fc.constant('call' as const), callee: name, arguments: values })),
      node(fc.record({ kind: fc.constant('unary' as const), operator: unary, operand: inner })),
      node(
        fc.record({
          kind: fc.constant('binary' as const),
          operator: binary,
          left: inner,
          right: inner,
        }),
      ),
      node(
        fc
          .record({ test: inner, arm: inner, otherwise: inner })
          .map(({ test, arm: then, otherwise }) => ({
            kind: 'conditional' as const,
            test,
            then,
            otherwise,
          })),
      ),
    ),
  }
})

const range: fc.Arbitrary<RangeSyntax> = fc.record({ from: expression, to: expression })

const lock = fc.constantFrom<LockKind>(
  'spinlock_t',
  'rwlock_t',
  'mutex',
  'rwsem',
  'bitlock',
  'srcu',
  'rcu_head',
  'lockdep_map',
)
const counter = fc.constantFrom('refcount_t' as const, 'atomic_t' as const)
const plainInt = fc.constant({ kind: 'int' as const, range: null, bare: false })
const bool = node(fc.record({ kind: fc.constant('bool' as const) }))
const typeName = node(fc.record({ kind: fc.constant('named' as const), name: named(typeNameText) }))

const pointer: fc.Arbitrary<TypeSyntax> = node(
  fc.record({
    kind: fc.constant('pointer' as const),
    to: fc.oneof(
      typeName,
      bool,
      node(plainInt),
      node(fc.record({ kind: fc.constant('lock' as const), which: lock })),
      node(fc.record({ kind: fc.constant('pointer' as const), to: typeName })),
    ),
  }),
)
const plainType: fc.Arbitrary<TypeSyntax> = fc.oneof(
  typeName,
  bool,
  node(
    fc.record({ kind: fc.constant('int' as const), range: maybe(range), bare: fc.constant(false) }),
  ),
  node(fc.record({ kind: fc.constant('counter' as const), which: counter, range: maybe(range) })),
  node(fc.record({ kind: fc.constant('lock' as const), which: lock })),
  node(fc.record({ kind: fc.constant('bits' as const), bits: names })),
)
const type = fc.oneof({ weight: 3, arbitrary: plainType }, pointer)
const entryType: fc.Arbitrary<TypeSyntax> = fc.oneof(
  type,
  node(fc.record({ kind: fc.constant('choice' as const), values: names })),
  node(fc.record({ kind: fc.constant('int' as const), range, bare: fc.constant(true) })),
)

const declarator: fc.Arbitrary<Declarator> = node(
  fc.record({
    name,
    dimensions: fc.array(expression, { maxLength: 2 }),
    initial: maybe(expression),
  }),
)
/** A pointer is declared alone. */
const typed = fc.oneof(
  fc.record({ type: plainType, declarators: fc.array(declarator, { minLength: 1, maxLength: 3 }) }),
  fc.record({ type: pointer, declarators: fc.tuple(declarator) }),
)

const { block } = fc.letrec<{ block: Block; statement: Statement; body: Statement }>((tie) => {
  const inner = tie('block')
  const body = tie('body')
  const annotated = { annotation: maybe(string) }
  const plain = { annotation: fc.constant(null) }
  const of = <K extends Statement['kind']>(kind: K) => ({ kind: fc.constant(kind) })
  const condition = fc.record({ ...of('if'), ...plain, test: expression })
  const simple: fc.Arbitrary<Statement> = fc.oneof(
    node(
      fc.record({
        ...of('assign'),
        ...annotated,
        target: expression,
        operator: assignment,
        value: expression,
      }),
    ),
    node(
      fc.record({
        ...of('step'),
        ...annotated,
        target: expression,
        operator: fc.constantFrom('++', '--'),
      }),
    ),
    node(fc.record({ ...of('call'), ...annotated, call: expression })),
    node(
      fc
        .tuple(typed, fc.record({ ...of('declare'), ...annotated }))
        .map(([a, b]) => ({ ...a, ...b })),
    ),
    node(fc.record({ ...of('break'), ...annotated })),
    node(fc.record({ ...of('continue'), ...annotated })),
    node(fc.record({ ...of('skip'), ...annotated })),
    node(fc.record({ ...of('return'), ...annotated, value: maybe(expression) })),
    node(fc.record({ ...of('goto'), ...annotated, label: name })),
    node(fc.record({ ...of('choose'), ...annotated, name, range })),
    node(
      fc.record({ ...of('await'), ...annotated, condition: expression, otherwise: maybe(kind) }),
    ),
    node(
      fc.record({ ...of('assert'), ...annotated, condition: expression, message: maybe(string) }),
    ),
    node(fc.record({ ...of('fail'), ...annotated, violation: kind, message: maybe(string) })),
  )
  const nested: fc.Arbitrary<Statement> = node(fc.record({ ...of('block'), ...plain, body: inner }))
  const closed = fc.oneof(simple, nested)
  return {
    block: node(fc.record({ statements: fc.array(tie('statement'), { maxLength: 4 }) })),
    statement: fc.oneof(
      { weight: 8, arbitrary: body },
      node(fc.record({ ...of('label'), ...plain, name })),
    ),
    body: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      { weight: 6, arbitrary: simple },
      nested,
      node(fc.tuple(condition, body).map(([head, then]) => ({ ...head, then, otherwise: null }))),
      node(
        fc
          .tuple(condition, closed, body)
          .map(([head, then, otherwise]) => ({ ...head, then, otherwise })),
      ),
      node(fc.record({ ...of('while'), ...plain, test: expression, body })),
      node(fc.record({ ...of('for-range'), ...plain, name, range, body })),
      node(fc.record({ ...of('for-pool'), ...plain, name, pool: name, body })),
      node(
        fc.record({
          ...of('either'),
          ...plain,
          branches: fc.array(inner, { minLength: 2, maxLength: 3 }),
        }),
      ),
      node(fc.record({ ...of('atomic'), ...plain, body: inner })),
    ),
  }
})

const member: fc.Arbitrary<Member> = node(typed)
const parameter: fc.Arbitrary<Parameter> = node(fc.record({ name, type, macro: fc.boolean() }))
const setting = fc.record({ name, value: expression })
const family = fc.record({ index: name, range })
const context = fc.record({
  which: fc.constantFrom('hardirq' as const, 'softirq' as const),
  on: name,
})
const safety = fc.constantFrom('ordinary' as const, 'typesafe' as const, 'typesafe_by_rcu' as const)
const entry = node(fc.record({ name, type: maybe(entryType), initial: expression }))

const of = <K extends Declaration['kind']>(kind: K) => ({ kind: fc.constant(kind) })

export const declaration: fc.Arbitrary<Declaration> = fc.oneof(
  node(fc.record({ ...of('model'), name: kind })),
  node(fc.record({ ...of('use'), path: string, settings: fc.array(setting, { maxLength: 4 }) })),
  node(fc.record({ ...of('const'), name, value: expression })),
  node(fc.record({ ...of('param'), name, type: entryType, initial: expression })),
  node(fc.record({ ...of('design'), entries: fc.array(entry, { maxLength: 4 }) })),
  node(fc.record({ ...of('enum'), name, values: names })),
  node(fc.record({ ...of('struct'), name, members: fc.array(member, { maxLength: 4 }) })),
  node(fc.record({ ...of('typedef'), name, type })),
  node(fc.record({ ...of('pool'), element: named(typeNameText), name, size: expression, safety })),
  node(fc.tuple(typed, fc.record(of('variable'))).map(([a, b]) => ({ ...a, ...b }))),
  node(
    fc.record({
      ...of('op'),
      weak: fc.boolean(),
      atomic: fc.boolean(),
      result: maybe(type),
      name,
      parameters: fc.array(parameter, { maxLength: 3 }),
      annotation: maybe(string),
      body: block,
    }),
  ),
  node(fc.record({ ...of('init'), body: block })),
  node(
    fc.record({
      ...of('process'),
      daemon: fc.boolean(),
      name,
      family: maybe(family),
      context: maybe(context),
      body: block,
    }),
  ),
  node(fc.record({ ...of('shrinker'), name, body: block })),
  node(
    fc.record({
      ...of('invariant'),
      name: maybe(kind),
      condition: expression,
      body: fc.constant(null),
    }),
  ),
  node(
    fc.record({ ...of('invariant'), name: maybe(kind), condition: fc.constant(null), body: block }),
  ),
  node(fc.record({ ...of('finally'), body: block })),
  node(fc.record({ ...of('cover'), name: maybe(kind), condition: expression })),
  node(fc.record({ ...of('violation'), name: kind, headline: string })),
  node(
    fc.record({
      ...of('check'),
      items: fc.array(fc.record({ kind, on: fc.boolean() }), { minLength: 1, maxLength: 3 }),
    }),
  ),
  node(
    fc.record({
      ...of('expect'),
      verdict: fc.constant('violated' as const),
      kinds,
      when: maybe(expression),
    }),
  ),
  node(
    fc.record({
      ...of('expect'),
      verdict: fc.constant('holds' as const),
      kinds: fc.constant([]),
      when: maybe(expression),
    }),
  ),
)

export const file: fc.Arbitrary<SourceFile> = fc
  .array(declaration, { minLength: 1, maxLength: 3 })
  .map((declarations) => ({ kind: 'file', path: 'm.gmem', span, declarations, comments: [] }))
