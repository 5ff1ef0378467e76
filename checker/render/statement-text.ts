/** How a statement of the model is printed in a trace: one line, parameters replaced by their values. */

/** Names to texts: what a reader should see instead of a parameter. */
export type Substitution = ReadonlyMap<string, string>

/** A statement's head on one line: declarations without their type, compound statements without their body. */
export function statementText(source: string): string {
  const text = withoutLabel(source)
  const body = /^(?:if|while|for)\s*\(/.test(text) ? throughParenthesis(text) : text
  if (/^atomic\s*\{/.test(body)) return body.replace(/^atomic\s*/, 'atomic ')
  const call = /^if \((!?\w+\(.*\))\)$/.exec(body)?.[1]
  // The condition of an `if` that is one call reads best as the call.
  if (call !== undefined && throughParenthesis(call) === call) return call.replace(/^!/, '')
  const head = /^(?:either|choose)\b[^{;]*/.exec(body)?.[0].trim() ?? body
  return withoutType(head.replace(/;$/, '').trim()).replace(/^return (?=\w+\()/, '')
}

const withoutLabel = (text: string): string => text.replace(/^[A-Za-z_]\w*:(?!:)\s*/, '')

/** The text up to the parenthesis that closes the first one. */
function throughParenthesis(text: string): string {
  let depth = 0
  for (let i = 0; i < text.length; i += 1) {
    if (text[i] === '(') depth += 1
    if (text[i] === ')') {
      depth -= 1
      if (depth === 0) return text.slice(0, i + 1)
    }
  }
  return text
}

const DECLARATION =
  /^(?!return\b|goto\b|else\b|fail\b)(?:struct\s+)?[A-Za-z_]\w*(?:\s+[^=;]*?\.\.[^=;]*?)?(?:\s*\*+\s*|\s+)([A-Za-z_]\w*)\s*=(?!=)/

const withoutType = (text: string): string => text.replace(DECLARATION, '$1 =')

/**
 * Replaces whole identifiers; members (`f->p`, `s.p`), called names and the assigned name stay. What `&a[1]` points to is
 * written `a[1].p`.
 */
export function substitute(text: string, names: Substitution): string {
  if (names.size === 0) return text
  return text.replace(
    /"(?:\\.|[^"\\])*"|(->|\.)?\s*\b([A-Za-z_]\w*)\b(\s*\(|\s*=(?!=)|->)?/g,
    (found, member: string | undefined, name: string | undefined, after: string | undefined) => {
      const stays = after !== undefined && after !== '->'
      if (name === undefined || member !== undefined || stays) return found
      const value = names.get(name)
      if (value === undefined) return found
      if (after !== '->' || !value.startsWith('&')) return found.replace(name, () => value)
      return found.replace(`${name}->`, () => `${value.slice(1)}.`)
    },
  )
}
