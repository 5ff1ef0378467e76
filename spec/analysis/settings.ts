import type * as syntax from '../syntax/tree.js'
import type { ConstantSource } from './constants.js'
import type { Declared } from './declare.js'
import { settingConflict, unknownPromotion, unknownSetting } from './errors.js'
import type { LoadedFile, LoadedFiles } from './load.js'
import { nearest } from './nearest.js'

/**
 * Library params that somebody else gives a value: `use … with`, and design entries without a type. It is
 * done before any constant is understood, because it decides what their values are.
 */
export function applySettings(declared: Declared, loaded: LoadedFiles): void {
  for (const file of loaded.files) {
    for (const declaration of file.tree.declarations) {
      if (declaration.kind !== 'design') continue
      for (const entry of declaration.entries) {
        if (!entry.type) promote(declared, file, entry)
      }
    }
    for (const use of file.uses) {
      for (const setting of use.declaration.settings) {
        applySetting(declared, use.file, use.declaration.path, setting)
      }
    }
  }
}

/** The files a file uses, directly or not, and itself. */
function closure(file: LoadedFile, found = new Set<string>()): ReadonlySet<string> {
  if (found.has(file.path)) return found
  found.add(file.path)
  for (const use of file.uses) closure(use.file, found)
  return found
}

const paramsIn = (declared: Declared, files: ReadonlySet<string>): readonly ConstantSource[] =>
  [...declared.constantSources.values()].filter(
    (source) => files.has(source.home) && source.type !== null && isParam(source),
  )

/** Also one that a design entry has made a choice of. */
const isParam = (source: ConstantSource): boolean =>
  source.role === 'param' || source.span.file !== source.home || source.setAt !== null

function applySetting(
  declared: Declared,
  library: LoadedFile,
  path: string,
  setting: syntax.Setting,
): void {
  const { globals } = declared
  const { text, span } = setting.name
  const params = paramsIn(declared, closure(library))
  const source = params.find((each) => each.name === text)
  if (!source) {
    const names = params.map((each) => each.name)
    globals.report(unknownSetting(span, text, path, names, nearest(text, names)))
    return
  }
  if (source.setAt) {
    if (!sameText(source.value, setting.value)) {
      globals.report(settingConflict(span, text, source.setAt))
    }
    return
  }
  source.value = setting.value
  source.setAt = span
  source.settable = false
}

function promote(declared: Declared, file: LoadedFile, entry: syntax.DesignEntry): void {
  const { globals } = declared
  const { text, span } = entry.name
  const source = declared.constantSources.get(text)
  const library = source && source.home !== file.path && isParam(source) ? source : null
  if (!library) {
    const others = closure(file)
    const names = paramsIn(declared, others)
      .filter((each) => each.home !== file.path)
      .map((each) => each.name)
    globals.report(unknownPromotion(span, text, nearest(text, names)))
    return
  }
  if (library.setAt) {
    globals.report(settingConflict(span, text, library.setAt))
    return
  }
  library.role = 'design'
  library.span = span
  library.value = entry.initial
  library.setAt = span
  library.settable = true
}

/** The same expression, wherever it was written. */
const sameText = (first: syntax.Expression, second: syntax.Expression): boolean =>
  JSON.stringify(first, withoutSpans) === JSON.stringify(second, withoutSpans)

const withoutSpans = (key: string, value: unknown): unknown => (key === 'span' ? undefined : value)
