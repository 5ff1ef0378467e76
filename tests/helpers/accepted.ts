import { readerOfTexts, readModel } from '../../checker/design/model.js'
import { type Choices, configure, lower, type TransitionSystem } from '../../spec/index.js'

/** The system of a text; null where the language refuses it. */
export function acceptedSystem(text: string, choices: Choices = {}): TransitionSystem | null {
  const path = 'random.gmem'
  const { model } = readModel(path, readerOfTexts({ [path]: `model random;\n${text}` }))
  if (model === null) return null
  const row = configure(model, choices).result
  return row === null ? null : lower(model, row).result
}
