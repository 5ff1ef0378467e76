import type { Span } from '../source/span.js'
import {
  declaratorsText,
  expressionText,
  listText,
  namesText,
  rangeText,
  stringText,
  typedText,
  typeText,
} from './print-expression.js'
import { BREAK, fits } from './print-fill.js'
import type { Layout } from './print-layout.js'
import { END, writeBlock } from './print-statement.js'
import type { Block, Declaration, DesignEntry, Name, OpDeclaration, Parameter } from './tree.js'

/** Writes a declaration with the comments before, in and after it. */
export function writeDeclaration(layout: Layout, declaration: Declaration): void {
  const body = bodyOf(declaration)
  const members = membersOf(declaration)
  layout.commentsBefore(body?.span.from ?? members?.headEnd ?? declaration.span.to)
  layout.blankBefore(declaration.span.from)
  if (body !== null) writeBlock(layout, `${text(declaration)} `, body)
  else if (members !== null) writeMembers(layout, declaration, members)
  else layout.write(`${text(declaration)};`)
  layout.commentsAfter(declaration.span.to, END)
}

function bodyOf(declaration: Declaration): Block | null {
  return 'body' in declaration ? declaration.body : null
}

/** The parts of a declaration that have lines of their own. */
interface Members {
  readonly headEnd: number
  readonly items: readonly { readonly span: Span; readonly text: string }[]
}

function membersOf(declaration: Declaration): Members | null {
  switch (declaration.kind) {
    case 'struct': {
      const items = declaration.members.map(({ span, type, declarators }) => ({
        span,
        text: `${declaratorsText(type, declarators)};`,
      }))
      return { headEnd: declaration.name.span.to, items }
    }
    case 'design': {
      const items = declaration.entries.map((entry) => ({
        span: entry.span,
        text: entryText(entry),
      }))
      return { headEnd: declaration.span.from + 'design'.length, items }
    }
    case 'enum': {
      const last = declaration.values.length - 1
      const items = declaration.values.map((value, index) => ({
        span: value.span,
        text: index === last ? value.text : `${value.text},`,
      }))
      return { headEnd: declaration.name.span.to, items }
    }
    default:
      return null
  }
}

function writeMembers(layout: Layout, declaration: Declaration, members: Members): void {
  const { headEnd, items } = members
  const lead = text(declaration)
  const inner = items.map((item) => `${item.text} `).join('')
  const onOneLine = `${lead} { ${inner}}`
  const isEmpty = items.length === 0 && !layout.hasCommentIn(declaration.span)
  if (isEmpty || (layout.isOneLine(declaration.span) && fits(layout.margin, onOneLine))) {
    layout.write(onOneLine)
    return
  }
  layout.write(`${lead} {`)
  layout.commentsAfter(headEnd, /^\s*\{\s*$/)
  layout.indented(() => {
    for (const item of items) {
      layout.commentsBefore(item.span.to)
      layout.blankBefore(item.span.from)
      layout.write(item.text)
      layout.commentsAfter(item.span.to, END)
    }
    layout.commentsBefore(declaration.span.to)
  })
  layout.write('}')
}

function entryText({ name, type, initial }: DesignEntry): string {
  const typed = type === null ? name.text : `${name.text} : ${typeText(type)}`
  return `${typed} = ${expressionText(initial)};`
}

/** A declaration up to its body or its final semicolon. */
function text(declaration: Declaration): string {
  switch (declaration.kind) {
    case 'model':
      return `model ${declaration.name.text}`
    case 'use':
      return useText(declaration)
    case 'const':
      return `const ${declaration.name.text} = ${expressionText(declaration.value)}`
    case 'param': {
      const { name, type, initial } = declaration
      return `param ${name.text} : ${typeText(type)} = ${expressionText(initial)}`
    }
    case 'design':
    case 'init':
    case 'finally':
      return declaration.kind
    case 'enum':
    case 'struct':
      return `${declaration.kind} ${declaration.name.text}`
    case 'typedef':
      return `typedef ${typedText(declaration.type, declaration.name.text)}`
    case 'pool': {
      const { element, name, size, safety } = declaration
      const suffix = safety === 'ordinary' ? '' : ` ${safety}`
      return `pool ${element.text} ${name.text}[${expressionText(size)}]${suffix}`
    }
    case 'variable':
      return declaratorsText(declaration.type, declaration.declarators)
    case 'op':
      return opText(declaration)
    case 'process':
      return processText(declaration)
    case 'shrinker':
      return `shrinker ${declaration.name.text}()`
    case 'invariant': {
      const condition = declaration.condition
      const named = `invariant${nameAfterBlank(declaration.name)}`
      return condition === null ? named : `${named} (${expressionText(condition)})`
    }
    case 'cover':
      return `cover${nameAfterBlank(declaration.name)} (${expressionText(declaration.condition)})`
    case 'violation':
      return `violation ${declaration.name.text} ${stringText(declaration.headline)}`
    case 'check': {
      const items = declaration.items.map(({ kind, on }) => (on ? kind.text : `not ${kind.text}`))
      return `check ${listText(items)}`
    }
    case 'expect':
      return expectText(declaration)
  }
}

const nameAfterBlank = (name: Name | null): string => (name === null ? '' : ` ${name.text}`)

function useText({ path, settings }: Declaration & { kind: 'use' }): string {
  if (settings.length === 0) return `use ${stringText(path)}`
  const values = settings.map(({ name, value }) => `${name.text} = ${expressionText(value)}`)
  return `use ${stringText(path)} with${BREAK} ${listText(values)}`
}

function opText(op: OpDeclaration): string {
  const words = `${op.weak ? 'weak ' : ''}${op.atomic ? 'atomic ' : ''}op`
  const called = `${op.name.text}(${listText(op.parameters.map(parameterText))})`
  const typed = op.result === null ? called : typedText(op.result, called)
  const annotation = op.annotation === null ? '' : `${BREAK} @ ${stringText(op.annotation)}`
  return `${words} ${typed}${annotation}`
}

const parameterText = ({ macro, type, name }: Parameter): string =>
  `${macro ? 'macro ' : ''}${typedText(type, name.text)}`

function processText(process: Declaration & { kind: 'process' }): string {
  const { family, context } = process
  const index = family === null ? '' : `[${family.index.text} in ${rangeText(family.range)}]`
  const place = context === null ? '' : ` in ${context.which} on ${context.on.text}`
  return `${process.daemon ? 'daemon' : 'thread'} ${process.name.text}${index}${place}`
}

function expectText({ verdict, kinds, when }: Declaration & { kind: 'expect' }): string {
  const expected = verdict === 'holds' ? 'expect holds' : `expect violated ${namesText(kinds)}`
  const condition = when === null ? 'otherwise' : `when ${expressionText(when)}`
  return `${expected}${BREAK} ${condition}`
}
