import type { SourceFile } from './tree.js'

/** Fields that say where something is, not what it is. */
const places = new Set(['span', 'path', 'comments'])

const WIDTH = 100

/**
 * The tree as nested lists, stable and readable: `(assign target: (name n) operator: += value: (integer 1))`.
 * Names stand for themselves, absent parts and false flags are left out, spans are not shown.
 */
export function dumpTree(file: SourceFile): string {
  const declarations = file.declarations.map((declaration) => render(declaration, '  '))
  return `(file\n${declarations.map((text) => `  ${text}`).join('\n')})\n`
}

function render(value: unknown, margin: string): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value !== 'object' || value === null) return String(value)
  if (Array.isArray(value))
    return list(
      '',
      value.map((part) => ({ label: '', part })),
      margin,
    )
  if ('text' in value) return String(value.text)
  const { kind, label, fields } = parts(value)
  return list([kind, label].filter((word) => word !== '').join(' '), fields, margin)
}

interface Field {
  readonly label: string
  readonly part: unknown
}

/** The kind, the name that says most, and the other fields in the order of the tree's definition. */
function parts(node: object): { kind: string; label: string; fields: Field[] } {
  const fields: Field[] = []
  let kind = ''
  let label = ''
  for (const [key, part] of Object.entries(node)) {
    if (key === 'kind' && typeof part === 'string') kind = part
    else if (key === 'path' && kind === 'use') label = JSON.stringify(part)
    else if (key === 'name') label = nameText(part)
    else if (key === 'value' && typeof part !== 'object') label = String(part)
    else if (isShown(key, part)) fields.push({ label: `${key}: `, part: bareWord(key, part) })
  }
  return { kind, label, fields }
}

const isShown = (key: string, part: unknown): boolean =>
  !places.has(key) && part !== null && part !== false && !(Array.isArray(part) && part.length === 0)

function nameText(name: unknown): string {
  if (typeof name === 'object' && name !== null && 'text' in name) return String(name.text)
  return name === null ? '' : String(name)
}

/** Fields whose strings are words of the language, and not text between quotes. */
const words = new Set(['operator', 'which', 'safety', 'verdict', 'kind'])

const bareWord = (key: string, part: unknown): unknown =>
  words.has(key) && typeof part === 'string' ? { text: part } : part

/** `(head a b)` on one line where it fits, else one part to a line. */
function list(head: string, fields: readonly Field[], margin: string): string {
  const inner = `${margin}  `
  const texts = fields.map(({ label, part }) => label + render(part, inner))
  const onOneLine = `(${[head, ...texts].filter((text) => text !== '').join(' ')})`
  if (!onOneLine.includes('\n') && margin.length + onOneLine.length <= WIDTH) return onOneLine
  return `(${[head, ...texts].join(`\n${inner}`)})`
}
