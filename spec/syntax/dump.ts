import { dumpDeclarator, dumpExpression, dumpRange, dumpType, names } from './dump-expression.js'
import { dumpBlock } from './dump-statement.js'
import { renderList, type SExpression } from './s-expression.js'
import type {
  Declaration,
  Name,
  OpDeclaration,
  Parameter,
  ProcessDeclaration,
  SourceFile,
} from './tree.js'

/** The tree of a file as nested lists, one declaration after the other; without spans and comments. */
export function dumpTree(file: SourceFile): string {
  return file.declarations.map((declaration) => `${renderList(parts(declaration))}\n`).join('')
}

/** Stands for a name or a type that was not written. */
const ABSENT = '_'

const nameOf = (name: Name | null): string => name?.text ?? ABSENT

function parts(declaration: Declaration): SExpression[] {
  switch (declaration.kind) {
    case 'model':
      return ['model', declaration.name.text]
    case 'use': {
      const settings = declaration.settings.map((each) => [
        each.name.text,
        dumpExpression(each.value),
      ])
      return ['use', JSON.stringify(declaration.path), ...settings]
    }
    case 'const':
      return ['const', declaration.name.text, dumpExpression(declaration.value)]
    case 'param': {
      const { name, type, initial } = declaration
      return ['param', name.text, dumpType(type), dumpExpression(initial)]
    }
    case 'design':
      return [
        'design',
        ...declaration.entries.map(({ name, type, initial }) => [
          name.text,
          type === null ? ABSENT : dumpType(type),
          dumpExpression(initial),
        ]),
      ]
    case 'enum':
      return ['enum', declaration.name.text, ...names(declaration.values)]
    case 'struct':
      return [
        'struct',
        declaration.name.text,
        ...declaration.members.map((member) => [
          'member',
          dumpType(member.type),
          ...member.declarators.map(dumpDeclarator),
        ]),
      ]
    case 'typedef':
      return ['typedef', declaration.name.text, dumpType(declaration.type)]
    case 'pool': {
      const { element, name, size, safety } = declaration
      return ['pool', element.text, name.text, dumpExpression(size), safety]
    }
    case 'variable':
      return [
        'variable',
        dumpType(declaration.type),
        ...declaration.declarators.map(dumpDeclarator),
      ]
    case 'op':
      return op(declaration)
    case 'process':
      return process(declaration)
    case 'init':
    case 'finally':
      return [declaration.kind, dumpBlock(declaration.body)]
    case 'shrinker':
      return ['shrinker', declaration.name.text, dumpBlock(declaration.body)]
    case 'invariant': {
      const { name, condition, body } = declaration
      const inner =
        condition !== null ? [dumpExpression(condition)] : body !== null ? [dumpBlock(body)] : []
      return ['invariant', nameOf(name), ...inner]
    }
    case 'cover':
      return ['cover', nameOf(declaration.name), dumpExpression(declaration.condition)]
    case 'violation':
      return ['violation', declaration.name.text, JSON.stringify(declaration.headline)]
    case 'check':
      return [
        'check',
        ...declaration.items.map(({ kind, on }) => (on ? kind.text : ['not', kind.text])),
      ]
    case 'expect': {
      const { verdict, kinds, when } = declaration
      const condition: SExpression[] = when === null ? [] : [['when', dumpExpression(when)]]
      return ['expect', verdict, ...names(kinds), ...condition]
    }
  }
}

function op({
  weak,
  atomic,
  result,
  name,
  parameters,
  annotation,
  body,
}: OpDeclaration): SExpression[] {
  return [
    ...(weak ? ['weak'] : []),
    ...(atomic ? ['atomic'] : []),
    'op',
    name.text,
    ['parameters', ...parameters.map(parameter)],
    ...(result === null ? [] : [['returns', dumpType(result)]]),
    ...(annotation === null ? [] : [['@', JSON.stringify(annotation)]]),
    dumpBlock(body),
  ]
}

const parameter = ({ macro, type, name }: Parameter): SExpression =>
  macro ? ['macro', name.text, dumpType(type)] : [name.text, dumpType(type)]

function process({ daemon, name, family, context, body }: ProcessDeclaration): SExpression[] {
  return [
    daemon ? 'daemon' : 'thread',
    name.text,
    ...(family === null ? [] : [['for', family.index.text, ...dumpRange(family.range)]]),
    ...(context === null ? [] : [['in', context.which, context.on.text]]),
    dumpBlock(body),
  ]
}
