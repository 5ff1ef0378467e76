import { Names } from '../names.js'
import type { SourceNote } from '../program.js'

/**
 * What no definition may be called: the words of the language, what the standard modules define, and what every
 * module that is written here defines for itself.
 */
const TAKEN =
  `ACTION ASSUME ASSUMPTION AXIOM BOOLEAN BY CASE CHOOSE CONSTANT CONSTANTS COROLLARY DEF DEFINE DEFS DOMAIN ELSE
  ENABLED EXCEPT EXTENDS FALSE HAVE HIDE IF IN INSTANCE LAMBDA LEMMA LET LOCAL MODULE NEW OBVIOUS OMITTED ONLY OTHER
  PICK PROOF PROPOSITION PROVE QED RECURSIVE SF_ STATE STRING SUBSET SUFFICES TAKE TEMPORAL THEN THEOREM TRUE
  UNCHANGED UNION USE VARIABLE VARIABLES WF_ WITH WITNESS
  Nat Int Real Infinity Seq Len Append Head Tail SubSeq SelectSeq IsFiniteSet Cardinality
  Print PrintT Assert JavaTime TLCGet TLCSet Permutations SortSeq RandomElement Any ToString TLCEval
  self fault moved Init Next Spec AtRest Done Vars View Unharmed
  Quot Rem BitAnd BitOr BitXor a b size`.split(/\s+/)

/** `WF_x` and `SF_x` are no identifiers but fairness of `x`. */
const allowed = (wanted: string): string => (/^[WS]F_/.test(wanted) ? `x_${wanted}` : wanted)

/** Names that hold in the whole module. */
export class Globals {
  readonly #names = new Names(TAKEN)
  readonly #used = [...TAKEN]

  of(thing: object, wanted: string): string {
    return this.#kept(this.#names.of(thing, allowed(wanted)))
  }

  fresh(wanted: string): string {
    return this.#kept(this.#names.fresh(allowed(wanted)))
  }

  /** Names for one definition. Nothing inside of it may be called what the module calls something already. */
  inside(): LocalNames {
    const names = new Names(this.#used)
    return { fresh: (wanted) => names.fresh(allowed(wanted)) }
  }

  #kept(name: string): string {
    this.#used.push(name)
    return name
  }
}

export interface LocalNames {
  fresh(wanted: string): string
}

/** Text for a comment: one line of ASCII, which is all that older parsers take. */
export const comment = (text: string): string =>
  `\\* ${text.replace(/\s+/g, ' ').replace(/[^\x20-\x7e]/g, '?')}`

export const noteText = (note: SourceNote): string => `${note.file}:${note.line}: ${note.text}`

/**
 * Lines of text, one expression together. Lists of conjuncts and disjuncts end where a line begins further left, so
 * what is part of something is always indented more than it.
 */
export type Lines = readonly string[]

/** The first line behind `head`, the others as far to the right as it ends. */
export const hung = (head: string, lines: Lines): Lines =>
  lines.map((line, at) => (at === 0 ? head + line : ' '.repeat(head.length) + line))

export const indented = (lines: Lines): Lines => lines.map((line) => `  ${line}`)

export const conjunction = (items: readonly Lines[]): Lines => junction('/\\ ', items, 'TRUE')
export const disjunction = (items: readonly Lines[]): Lines => junction('\\/ ', items, 'FALSE')

function junction(bullet: string, items: readonly Lines[], none: string): Lines {
  const [only] = items
  if (only === undefined) return [none]
  return items.length === 1 ? only : items.flatMap((item) => hung(bullet, item))
}

/** Words joined by commas, in lines of at most `width`. */
export function listed(head: string, words: readonly string[], tail: string, width = 96): Lines {
  const lines: string[] = []
  let line = head
  for (const [at, word] of words.entries()) {
    const next = at === words.length - 1 ? word + tail : `${word},`
    const isFirst = line.length === head.length
    if (!isFirst && line.length + next.length + 1 > width) {
      lines.push(line)
      line = ' '.repeat(head.length) + next
    } else line += isFirst ? next : ` ${next}`
  }
  return [...lines, words.length === 0 ? line + tail : line]
}
