import { SourceText, treeOf } from '../../spec/index.js'
import { UsageError } from './exit.js'
import { fileReader, modelFiles } from './files.js'

/** The models under the given paths: every file that was named, and those of a folder that declare a model. */
export function declaringModels(paths: readonly string[]): readonly string[] {
  const files = modelFiles(paths).filter((file) => paths.includes(file) || isModel(file))
  if (files.length === 0) throw new UsageError('there is no model under the given paths')
  return files
}

/** The others are libraries. A file that cannot be read says so later. */
function isModel(file: string): boolean {
  const found = fileReader(file)(file, null)
  if (found.kind !== 'text') return true
  const { result } = treeOf(new SourceText(file, found.text), found.tree)
  if (result === null) return true
  return result.declarations.some((declaration) => declaration.kind === 'model')
}
