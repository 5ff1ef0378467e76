import { configure } from '../../spec/index.js'
import { readerOf, readModel } from '../design/model.js'
import { prepareRow } from '../design/row.js'
import { settingsChoices } from '../design/settings.js'
import type { Matter } from './matter.js'
import { isPlaceName, placeOf, type Read } from './places.js'

/** What somebody asked for, under the words they used: a place, or a condition in the words of the language. */
export interface Subject {
  readonly text: string
  readonly read: Read
}

type FoundSubject =
  | { readonly subject: Subject; readonly problem: null }
  | { readonly subject: null; readonly problem: string }

const wrong = (problem: string): FoundSubject => ({ subject: null, problem })

/** A place by its name, else a condition over what is shared. */
export function subjectOf(matter: Matter, text: string): FoundSubject {
  if (!isPlaceName(text)) return conditionOf(matter, text)
  const { read, problem } = placeOf(matter.row.interpreter.system, text)
  return read === null ? wrong(problem) : { subject: { text, read }, problem: null }
}

const COVER = 'asked-for-here'

/** What these say is about the text around the condition. */
const UNREADABLE: ReadonlySet<string> = new Set([
  'syntax',
  'missing-parentheses',
  'unbalanced-bracket',
])

/**
 * A condition as one more `cover` of the model: the language is analysed and executed in one place. One that cannot be
 * evaluated in a state, because a pointer is null there, is false, as a `cover` is.
 */
function conditionOf({ row, file, reads }: Matter, text: string): FoundSubject {
  if (/[;{}]|\/[/*]/.test(text)) return wrong('a place or a condition is wanted, not statements')
  const read = readerOf(reads)
  const { model, diagnostics } = readModel(file, (path, from) => {
    const answer = read(path, from)
    if (from !== null || answer.kind !== 'text') return answer
    const { path: found, text: model } = answer
    return { kind: 'text', path: found, text: `${model}\ncover ${COVER} (${text});\n` }
  })
  const configured = model && configure(model, settingsChoices(row.params, row.design))
  const prepared =
    model && configured?.result
      ? prepareRow(model, configured.result, 'reference', row.leftOut)
      : null
  if (!prepared?.row) {
    const all = [
      ...diagnostics,
      ...(configured?.diagnostics ?? []),
      ...(prepared?.diagnostics ?? []),
    ]
    const first = all.find(({ severity }) => severity === 'error')
    const why =
      first === undefined || UNREADABLE.has(first.code) ? 'it cannot be read' : first.message
    return wrong(`\`${text}\` is no place and no condition: ${why}`)
  }
  const { interpreter } = prepared.row
  const index = interpreter.system.covers.findIndex(({ name }) => name === COVER)
  const holds: Read = (state) => String(interpreter.covered(state).includes(index))
  return { subject: { text, read: holds }, problem: null }
}
