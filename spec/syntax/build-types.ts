import type { Node } from 'ohm-js'
import { built, builtOr, listed, nameOf, report, spanOf } from './build-context.js'
import { severalPointers } from './errors.js'
import type { GmemActionDict } from './generated/language.ohm-bundle.js'
import type { Declarator, Expression, LockKind, Name, RangeSyntax, TypeSyntax } from './tree.js'

/** The declarators behind a type; a pointer type has one. */
export function declaratorsOf(type: Node, list: Node): Declarator[] {
  const nodes = listed(list)
  const second = nodes[1]
  if (second !== undefined && type.sourceString.endsWith('*')) {
    report(severalPointers(spanOf(second)))
  }
  return nodes.map((node) => built<Declarator>(node))
}

/** The actions for types, ranges and lists of values. */
export const typeActions: GmemActionDict<unknown> = {
  EntryType_values(values): TypeSyntax {
    return { kind: 'choice', values: built<Name[]>(values), span: spanOf(this) }
  },
  EntryType_range(range): TypeSyntax {
    return { kind: 'int', range: built<RangeSyntax>(range), bare: true, span: spanOf(this) }
  },
  EntryType_type: (type) => built<TypeSyntax>(type),

  Values: (_open, names, _comma, _close): Name[] => listed(names).map(nameOf),

  Type(base, stars): TypeSyntax {
    let type = built<TypeSyntax>(base)
    for (const star of stars.children) {
      const span = { ...type.span, to: spanOf(star).to }
      type = { kind: 'pointer', to: type, span }
    }
    return type
  },
  BaseType_builtIn: (_word, type) => built<TypeSyntax>(type),
  BuiltIn_bool(_word): TypeSyntax {
    return { kind: 'bool', span: spanOf(this) }
  },
  BuiltIn_int(_word, range): TypeSyntax {
    const within = builtOr<RangeSyntax, null>(range, null)
    return { kind: 'int', range: within, bare: false, span: spanOf(this) }
  },
  BuiltIn_counter(word, range): TypeSyntax {
    return {
      kind: 'counter',
      which: word.sourceString as 'refcount_t' | 'atomic_t',
      range: builtOr<RangeSyntax, null>(range, null),
      span: spanOf(this),
    }
  },
  BuiltIn_lock(word): TypeSyntax {
    return { kind: 'lock', which: word.sourceString as LockKind, span: spanOf(this) }
  },
  BuiltIn_bits(_word, names): TypeSyntax {
    return { kind: 'bits', bits: built<Name[]>(names), span: spanOf(this) }
  },
  BaseType_named(name): TypeSyntax {
    return { kind: 'named', name: nameOf(name), span: spanOf(this) }
  },

  Range: (from, _dots, to): RangeSyntax => ({
    from: built<Expression>(from),
    to: built<Expression>(to),
  }),
}
