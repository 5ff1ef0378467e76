import { type Diagnostic, warning } from '../diagnostics/diagnostic.js'
import type { LoadedFiles } from './load.js'
import type { CheckedModel } from './model.js'
import type { Globals } from './scopes.js'
export function findWarnings(model: CheckedModel, loaded: LoadedFiles, globals: Globals): readonly Diagnostic[] {
  return []
}
