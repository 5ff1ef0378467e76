import type { SourceText } from '../source/text.js'

/** A line `// redundant: NAME: why`: what need not be noticed. */
export interface Redundant {
  readonly file: string
  readonly line: number
  /** Everything after `redundant:`, on one line; it goes on in the comment lines that follow. */
  readonly text: string
}

const REDUNDANT = /^\/\/ redundant: *(.*)$/
const COMMENT = /^\/\/ ?(.*)$/

/** The lines of a file that say that something is redundant. */
export function redundantIn(source: SourceText): readonly Redundant[] {
  const found: { file: string; line: number; text: string }[] = []
  let open = false
  source.text.split('\n').forEach((text, index) => {
    const [, begin] = REDUNDANT.exec(text.trimEnd()) ?? []
    const [, more] = COMMENT.exec(text.trimEnd()) ?? []
    if (begin !== undefined) found.push({ file: source.path, line: index + 1, text: begin })
    else if (more !== undefined && open) {
      const last = found.at(-1)
      if (last !== undefined) last.text += ` ${more}`
    }
    open = begin !== undefined || (open && more !== undefined)
  })
  return found.map((each) => ({ ...each, text: each.text.replace(/\s+/g, ' ').trim() }))
}

/** Whether a line is about the mutation of this name, and says why. */
export const isAbout = ({ text }: Redundant, name: string): boolean =>
  text.startsWith(`${name}: `) && text.length > name.length + 2
