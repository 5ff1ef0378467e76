import type { Node } from 'ohm-js'
import { built, builtEach, builtOr, listed, nameOf, optional, spanOf } from './build-context.js'
import { stringOf } from './build-expressions.js'
import { declaratorsOf } from './build-types.js'
import type { GmemActionDict } from './generated/language.ohm-bundle.js'
import type {
  Block,
  CheckItem,
  Declaration,
  Declarator,
  DesignEntry,
  Expression,
  Member,
  Name,
  OpDeclaration,
  Parameter,
  ProcessDeclaration,
  RangeSyntax,
  Setting,
  TypeSyntax,
} from './tree.js'

const typed = (type: Node, list: Node): { type: TypeSyntax; declarators: Declarator[] } => ({
  type: built<TypeSyntax>(type),
  declarators: declaratorsOf(type, list),
})

const optionalName = (node: Node): Name | null => {
  const name = optional(node)
  return name === undefined ? null : nameOf(name)
}

interface OpName {
  readonly result: TypeSyntax | null
  readonly name: Name
}

/** The actions for declarations. */
export const declarationActions: GmemActionDict<unknown> = {
  File: (parts): Declaration[] => builtEach<Declaration>(parts),
  Declaration_keyword: (_word, declaration) => built<Declaration>(declaration),
  // An extra semicolon is let pass and leaves nothing behind.
  extra: (_mark) => null,

  Model(_word, name, _end): Declaration {
    return { kind: 'model', name: nameOf(name), span: spanOf(this) }
  },
  Use(_word, path, settings, _end): Declaration {
    return {
      kind: 'use',
      path: stringOf(path),
      settings: builtOr<Setting[], Setting[]>(settings, []),
      span: spanOf(this),
    }
  },
  With: (_word, settings) => listed(settings).map((setting) => built<Setting>(setting)),
  Setting: (name, _equals, value): Setting => ({
    name: nameOf(name),
    value: built<Expression>(value),
  }),
  Const(_word, name, _equals, value, _end): Declaration {
    return {
      kind: 'const',
      name: nameOf(name),
      value: built<Expression>(value),
      span: spanOf(this),
    }
  },
  Param(_word, name, _colon, type, _equals, initial, _end): Declaration {
    return {
      kind: 'param',
      name: nameOf(name),
      type: built<TypeSyntax>(type),
      initial: built<Expression>(initial),
      span: spanOf(this),
    }
  },
  Design(_word, _open, entries, _close): Declaration {
    return { kind: 'design', entries: builtEach<DesignEntry>(entries), span: spanOf(this) }
  },
  DesignEntry(name, type, _equals, initial, _end): DesignEntry {
    return {
      name: nameOf(name),
      type: builtOr<TypeSyntax, null>(type, null),
      initial: built<Expression>(initial),
      span: spanOf(this),
    }
  },
  EntryColon: (_colon, type) => built<TypeSyntax>(type),
  Enum(_word, name, values): Declaration {
    return { kind: 'enum', name: nameOf(name), values: built<Name[]>(values), span: spanOf(this) }
  },
  Struct(_word, name, _open, members, _close): Declaration {
    return {
      kind: 'struct',
      name: nameOf(name),
      members: builtEach<Member>(members),
      span: spanOf(this),
    }
  },
  Member(type, declarators, _end): Member {
    return {
      ...typed(type, declarators),
      span: spanOf(this),
    }
  },
  Typedef(_word, type, name, _end): Declaration {
    return {
      kind: 'typedef',
      name: nameOf(name),
      type: built<TypeSyntax>(type),
      span: spanOf(this),
    }
  },
  Pool(_word, element, name, _open, size, _close, safety, _end): Declaration {
    const word = optional(safety)?.sourceString as 'typesafe' | 'typesafe_by_rcu' | undefined
    return {
      kind: 'pool',
      element: nameOf(element),
      name: nameOf(name),
      size: built<Expression>(size),
      safety: word ?? 'ordinary',
      span: spanOf(this),
    }
  },
  Variable(type, declarators, _end): Declaration {
    return {
      kind: 'variable',
      ...typed(type, declarators),
      span: spanOf(this),
    }
  },
  Declarator(name, dimensions, initial): Declarator {
    return {
      name: nameOf(name),
      dimensions: builtEach<Expression>(dimensions),
      initial: builtOr<Expression, null>(initial, null),
      span: spanOf(this),
    }
  },
  Dimension: (_open, size, _close) => built<Expression>(size),
  Initial: (_equals, value) => built<Expression>(value),

  Op(weak, atomic, _op, opName, _open, parameters, _close, annotation, body): OpDeclaration {
    return {
      kind: 'op',
      weak: optional(weak) !== undefined,
      atomic: optional(atomic) !== undefined,
      ...built<OpName>(opName),
      parameters: listed(parameters).map((parameter) => built<Parameter>(parameter)),
      annotation: builtOr<string, null>(annotation, null),
      body: built<Block>(body),
      span: spanOf(this),
    }
  },
  OpName_typed: (type, name, _open): OpName => ({
    result: built<TypeSyntax>(type),
    name: nameOf(name),
  }),
  OpName_untyped: (name): OpName => ({ result: null, name: nameOf(name) }),
  Parameter(macro, type, name): Parameter {
    return {
      name: nameOf(name),
      type: built<TypeSyntax>(type),
      macro: optional(macro) !== undefined,
      span: spanOf(this),
    }
  },

  Init(_word, body): Declaration {
    return { kind: 'init', body: built<Block>(body), span: spanOf(this) }
  },
  Process(word, name, family, context, body): ProcessDeclaration {
    return {
      kind: 'process',
      daemon: word.sourceString === 'daemon',
      name: nameOf(name),
      family: builtOr<NonNullable<ProcessDeclaration['family']>, null>(family, null),
      context: builtOr<NonNullable<ProcessDeclaration['context']>, null>(context, null),
      body: built<Block>(body),
      span: spanOf(this),
    }
  },
  Family: (_open, index, _in, range, _close): ProcessDeclaration['family'] => ({
    index: nameOf(index),
    range: built<RangeSyntax>(range),
  }),
  Context: (_in, which, _on, process): ProcessDeclaration['context'] => ({
    which: which.sourceString as 'hardirq' | 'softirq',
    on: nameOf(process),
  }),
  Shrinker(_word, name, _open, _close, body): Declaration {
    return { kind: 'shrinker', name: nameOf(name), body: built<Block>(body), span: spanOf(this) }
  },

  Invariant_condition(_word, name, condition, _end): Declaration {
    return {
      kind: 'invariant',
      name: optionalName(name),
      condition: built<Expression>(condition),
      body: null,
      span: spanOf(this),
    }
  },
  Invariant_block(_word, name, body): Declaration {
    return {
      kind: 'invariant',
      name: optionalName(name),
      condition: null,
      body: built<Block>(body),
      span: spanOf(this),
    }
  },
  Finally(_word, body): Declaration {
    return { kind: 'finally', body: built<Block>(body), span: spanOf(this) }
  },
  Cover(_word, name, condition, _end): Declaration {
    return {
      kind: 'cover',
      name: optionalName(name),
      condition: built<Expression>(condition),
      span: spanOf(this),
    }
  },
  Violation(_word, name, headline, _end): Declaration {
    return {
      kind: 'violation',
      name: nameOf(name),
      headline: stringOf(headline),
      span: spanOf(this),
    }
  },
  Check(_word, items, _end): Declaration {
    return {
      kind: 'check',
      items: listed(items).map((item) => built<CheckItem>(item)),
      span: spanOf(this),
    }
  },
  CheckItem: (not, kind): CheckItem => ({
    kind: nameOf(kind),
    on: optional(not) === undefined,
  }),
  Expect(_word, verdict, when, _end): Declaration {
    const kinds = built<Name[]>(verdict)
    return {
      kind: 'expect',
      verdict: kinds.length === 0 ? 'holds' : 'violated',
      kinds,
      when: builtOr<Expression | null, null>(when, null),
      span: spanOf(this),
    }
  },
  Verdict_holds: (_word): Name[] => [],
  Verdict_violated: (_word, kinds): Name[] => listed(kinds).map(nameOf),
  When_when: (_word, condition) => built<Expression>(condition),
  When_otherwise: (_word) => null,
}
