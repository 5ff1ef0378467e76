import {
  type CheckedModel,
  type Choices,
  type Configuration,
  type Constant,
  isChosen,
} from '../../spec/index.js'
import type { Settings } from '../render/json.js'
import type { Token } from '../trace/trail.js'

/** One value that is not the default, as people write it. */
export interface Deviation {
  readonly index: number
  readonly constant: Constant
  readonly value: number
  readonly text: string
}

/** What a configuration sets differently from the defaults, in the order of declaration. */
export function deviations(model: CheckedModel, configuration: Configuration): Deviation[] {
  return model.constants.flatMap((constant, index) => {
    const value = configuration.get(constant)
    if (value === undefined || !isChosen(constant, configuration)) return []
    return [{ index, constant, value, text: textOf(constant, value) }]
  })
}

function textOf(constant: Constant, value: number): string {
  const { type } = constant
  if (type.kind === 'bool') return value === 0 ? 'false' : 'true'
  return type.kind === 'enum' ? (type.enumeration.values[value] ?? '?') : String(value)
}

/** The choices that are not the defaults; `default` when there are none. */
export function rowName(model: CheckedModel, configuration: Configuration): string {
  const texts = deviations(model, configuration).map((each) => `${each.constant.name}=${each.text}`)
  return texts.length === 0 ? 'default' : texts.join(' ')
}

/** How the files of a row are called: the model, then what is not the default. */
export function rowFileName(model: CheckedModel, configuration: Configuration): string {
  const texts = deviations(model, configuration).map(
    ({ constant, text }) => `${constant.name}=${text}`,
  )
  return [model.name, ...texts].join('-')
}

/** The settings of a token. */
export const tokenSettings = (
  model: CheckedModel,
  configuration: Configuration,
): Token['settings'] =>
  deviations(model, configuration).map(({ index, value }) => [index, value] as const)

/** The choices a token means, or null when the model has no such constant or value. */
export function tokenChoices(model: CheckedModel, settings: Token['settings']): Choices | null {
  const params: Record<string, string> = {}
  const design: Record<string, string> = {}
  for (const [index, value] of settings) {
    const constant = model.constants[index]
    if (constant === undefined || !constant.settable) return null
    const texts = constant.role === 'design' ? design : params
    texts[constant.name] = textOf(constant, value)
  }
  return { params, design }
}

/** The choices that settings of a trace file mean. */
export function settingsChoices(params: Settings, design: Settings): Choices {
  const texts = (settings: Settings) =>
    Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, String(value)]))
  return { params: texts(params), design: texts(design) }
}
