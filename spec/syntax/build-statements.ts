import type { Node } from 'ohm-js'
import { built, builtEach, builtOr, nameOf, optional, report, spanOf } from './build-context.js'
import { stringOf } from './build-expressions.js'
import { declaratorsOf } from './build-types.js'
import { failWithoutKind } from './errors.js'
import type { GmemActionDict } from './generated/language.ohm-bundle.js'
import type {
  AssignOperator,
  Block,
  Expression,
  RangeSyntax,
  Statement,
  TypeSyntax,
} from './tree.js'

const annotationOf = (node: Node): string | null => builtOr<string, null>(node, null)

interface ElseIf {
  readonly from: number
  readonly test: Expression
  readonly body: Statement
}

const conditional = (
  node: Node,
  from: number,
  test: Expression,
  then: Statement,
  otherwise: Statement | null,
): Statement => ({
  kind: 'if',
  test,
  then,
  otherwise,
  annotation: null,
  span: { ...spanOf(node), from, to: (otherwise ?? then).span.to },
})

/** What makes an assignment or a step of the operand before it. */
type ActionTail =
  | { readonly kind: 'assign'; readonly operator: AssignOperator; readonly value: Expression }
  | { readonly kind: 'step'; readonly operator: '++' | '--' }

/** The actions for blocks and statements. */
export const statementActions: GmemActionDict<unknown> = {
  Block(_open, items, _close): Block {
    return { statements: builtEach<Statement>(items), span: spanOf(this) }
  },
  Statement_keyword: (_word, statement) => built<Statement>(statement),

  Nested(block): Statement {
    return { kind: 'block', body: built<Block>(block), annotation: null, span: spanOf(this) }
  },

  If(_if, test, body, elseIfs, last): Statement {
    const branches: ElseIf[] = [
      {
        from: spanOf(this).from,
        test: built<Expression>(test),
        body: built<Statement>(body),
      },
      ...builtEach<ElseIf>(elseIfs),
    ]
    let otherwise = builtOr<Statement, null>(last, null)
    for (const branch of branches.toReversed()) {
      otherwise = conditional(this, branch.from, branch.test, branch.body, otherwise)
    }
    return otherwise as Statement
  },
  ElseIf: (_else, word, test, body): ElseIf => ({
    from: spanOf(word).from,
    test: built<Expression>(test),
    body: built<Statement>(body),
  }),
  Else: (_else, body) => built<Statement>(body),
  Condition: (_open, condition, _close) => built<Expression>(condition),

  While(_while, test, body): Statement {
    return {
      kind: 'while',
      test: built<Expression>(test),
      body: built<Statement>(body),
      annotation: null,
      span: spanOf(this),
    }
  },
  For(_for, _open, name, _in, domain, _close, body): Statement {
    const make = built<(body: Statement) => Statement>(domain)
    return { ...make(built<Statement>(body)), name: nameOf(name), span: spanOf(this) } as Statement
  },
  ForDomain_range(range) {
    return (body: Statement) => ({
      kind: 'for-range',
      range: built<RangeSyntax>(range),
      body,
      annotation: null,
    })
  },
  ForDomain_pool(pool) {
    return (body: Statement) => ({ kind: 'for-pool', pool: nameOf(pool), body, annotation: null })
  },

  Break(_word, annotation, _end): Statement {
    return { kind: 'break', annotation: annotationOf(annotation), span: spanOf(this) }
  },
  Continue(_word, annotation, _end): Statement {
    return { kind: 'continue', annotation: annotationOf(annotation), span: spanOf(this) }
  },
  Return(_word, value, annotation, _end): Statement {
    return {
      kind: 'return',
      value: builtOr<Expression, null>(value, null),
      annotation: annotationOf(annotation),
      span: spanOf(this),
    }
  },
  Goto(_word, label, annotation, _end): Statement {
    return {
      kind: 'goto',
      label: nameOf(label),
      annotation: annotationOf(annotation),
      span: spanOf(this),
    }
  },
  Label(name, _colon): Statement {
    return { kind: 'label', name: nameOf(name), annotation: null, span: spanOf(this) }
  },

  Either(_word, first, others): Statement {
    return {
      kind: 'either',
      branches: [built<Block>(first), ...builtEach<Block>(others)],
      annotation: null,
      span: spanOf(this),
    }
  },
  OrBranch: (_or, block) => built<Block>(block),
  Choose(_word, name, _in, range, annotation, _end): Statement {
    return {
      kind: 'choose',
      name: nameOf(name),
      range: built<RangeSyntax>(range),
      annotation: annotationOf(annotation),
      span: spanOf(this),
    }
  },

  Await(_word, condition, otherwise, annotation, _end): Statement {
    const kind = optional(otherwise)
    return {
      kind: 'await',
      condition: built<Expression>(condition),
      otherwise: kind === undefined ? null : nameOf(kind.child(1)),
      annotation: annotationOf(annotation),
      span: spanOf(this),
    }
  },
  Atomic(_word, block): Statement {
    return { kind: 'atomic', body: built<Block>(block), annotation: null, span: spanOf(this) }
  },
  Assert(_word, _open, condition, message, _close, annotation, _end): Statement {
    return {
      kind: 'assert',
      condition: built<Expression>(condition),
      message: builtOr<string, null>(message, null),
      annotation: annotationOf(annotation),
      span: spanOf(this),
    }
  },
  AssertMessage: (_comma, message) => stringOf(message),
  Fail(_word, violation, message, annotation, _end): Statement {
    const text = optional(message)
    return {
      kind: 'fail',
      violation: nameOf(violation),
      message: text === undefined ? null : stringOf(text),
      annotation: annotationOf(annotation),
      span: spanOf(this),
    }
  },
  Skip(_word, annotation, _end): Statement {
    return { kind: 'skip', annotation: annotationOf(annotation), span: spanOf(this) }
  },

  Declare(type, declarators, annotation, _end): Statement {
    return {
      kind: 'declare',
      type: built<TypeSyntax>(type),
      declarators: declaratorsOf(type, declarators),
      annotation: annotationOf(annotation),
      span: spanOf(this),
    }
  },
  Action_prefix(operator, target, annotation, _end): Statement {
    return {
      kind: 'step',
      target: built<Expression>(target),
      operator: operator.sourceString as '++' | '--',
      annotation: annotationOf(annotation),
      span: spanOf(this),
    }
  },
  Action_plain(operand, tail, annotation, _end): Statement {
    const target = built<Expression>(operand)
    const common = { annotation: annotationOf(annotation), span: spanOf(this) }
    const action = builtOr<ActionTail, null>(tail, null)
    if (action === null) {
      // Without its kind, `fail` reads as a variable of that name.
      if (operand.sourceString === 'fail') report(failWithoutKind(target.span))
      return { kind: 'call', call: target, ...common }
    }
    return { ...action, target, ...common }
  },
  ActionTail_assign: (operator, value): ActionTail => ({
    kind: 'assign',
    operator: operator.sourceString as AssignOperator,
    value: built<Expression>(value),
  }),
  ActionTail_step: (operator): ActionTail => ({
    kind: 'step',
    operator: operator.sourceString as '++' | '--',
  }),
  Annotation: (_at, text) => stringOf(text),
}
