import { type Diagnostic, hasErrors, type Outcome } from '../diagnostics/diagnostic.js'
import type { Span } from '../source/span.js'
import { checkBounds } from './bounds.js'
import {
  attempt,
  boundsOf,
  chosenIn,
  domainOf,
  evaluateConstants,
  inDomain,
  valueText,
} from './configuration.js'
import { evaluate } from './evaluate.js'
import type { CheckedModel, Configuration, Constant, Expectation } from './model.js'
import { alreadySet, notInDomain, unknownConstant } from './model-errors.js'
import { nearest } from './nearest.js'

/** Rows of the design space: made from texts, listed, described, and matched with expectations. */

/** Values as people write them. */
export interface Choices {
  readonly params?: Readonly<Record<string, string>>
  readonly design?: Readonly<Record<string, string>>
}

export interface Description {
  readonly params: Readonly<Record<string, number | boolean | string>>
  readonly design: Readonly<Record<string, number | boolean | string>>
}

const settable = (model: CheckedModel, role: 'param' | 'design'): readonly Constant[] =>
  chosenIn(model.constants, role, model.sources.keys())

/** The configuration in which the given params and choices have the given values, the others their defaults. */
export function configure(model: CheckedModel, choices: Choices): Outcome<Configuration> {
  const diagnostics: Diagnostic[] = []
  const chosen = new Map<Constant, number>()
  const defaults = evaluateConstants(model.constants, new Map()).configuration
  for (const role of ['param', 'design'] as const) {
    const texts = (role === 'param' ? choices.params : choices.design) ?? {}
    for (const [name, text] of Object.entries(texts)) {
      const constant = settable(model, role).find((each) => each.name === name)
      if (!constant) {
        diagnostics.push(notFound(model, role, name))
        continue
      }
      const value = parseValue(constant, text)
      if (value === null) diagnostics.push(outside(constant, text, defaults))
      else chosen.set(constant, value)
    }
  }
  if (hasErrors(diagnostics)) return { result: null, diagnostics }
  const { configuration, diagnostics: failures } = evaluateConstants(model.constants, chosen)
  diagnostics.push(...failures)
  for (const [constant, value] of chosen) {
    if (inDomain(constant.type, value, configuration)) continue
    diagnostics.push(outside(constant, valueText(constant.type, value), configuration))
  }
  if (hasErrors(diagnostics)) return { result: null, diagnostics }
  diagnostics.push(...checkBounds(model, configuration, rowText(model, configuration)))
  return { result: hasErrors(diagnostics) ? null : configuration, diagnostics }
}

function notFound(model: CheckedModel, role: 'param' | 'design', name: string): Diagnostic {
  const set = model.constants.find((each) => each.name === name && each.role === 'param')
  if (set && !set.settable) return alreadySet(set.span, name)
  const [path = ''] = model.sources.keys()
  const at: Span = { file: path, from: 0, to: 0 }
  const known = settable(model, role).map((each) => each.name)
  const near = nearest(name, known)
  const other = role === 'param' ? 'design' : 'param'
  const elsewhere = settable(model, other).some((each) => each.name === name)
  const help = elsewhere
    ? `it is a ${other === 'param' ? 'param' : 'design choice'}: use \`--${other}\``
    : near && `did you mean \`${near}\`?`
  return unknownConstant(at, role, name, known, help)
}

/** Null when the text is no value of the type; whether an int is in its range is judged later. */
function parseValue(constant: Constant, text: string): number | null {
  const { type } = constant
  switch (type.kind) {
    case 'bool':
      if (text === 'true' || text === '1') return 1
      return text === 'false' || text === '0' ? 0 : null
    case 'enum': {
      const index = type.enumeration.values.indexOf(text)
      return index < 0 ? null : index
    }
    default: {
      if (!/^-?(\d+|0x[0-9a-f]+)$/i.test(text)) return null
      const value = text.startsWith('-') ? 0 - Number(text.slice(1)) : Number(text)
      return Number.isSafeInteger(value) ? value : null
    }
  }
}

function outside(constant: Constant, text: string, configuration: Configuration): Diagnostic {
  const { type, name, span } = constant
  if (type.kind === 'int') {
    const bounds = type.range && boundsOf(type.range, configuration)
    const values = bounds ? `${bounds.from}..${bounds.to}` : 'numbers'
    return notInDomain(span, name, text, values, undefined)
  }
  const values = domainOf(type, configuration).map((value) => valueText(type, value))
  const listed = values.map((value) => `\`${value}\``).join(', ')
  return notInDomain(span, name, text, listed, nearest(text, values))
}

/** A design choice with all its values, as people write them, in the order of the text. */
export interface DesignChoice {
  readonly name: string
  readonly values: readonly string[]
}

/** The design choices of a model, in declared order; values of an int choice are those at the default params. */
export function designChoices(model: CheckedModel): readonly DesignChoice[] {
  const defaults = evaluateConstants(model.constants, new Map()).configuration
  return settable(model, 'design').map(({ name, type }) => ({
    name,
    values: domainOf(type, defaults).map((value) => valueText(type, value)),
  }))
}

/**
 * Every combination of the design choices at the default params, in declared order, the first choice
 * varying slowest.
 */
export function designRows(model: CheckedModel): readonly Configuration[] {
  const defaults = evaluateConstants(model.constants, new Map()).configuration
  let rows: ReadonlyMap<Constant, number>[] = [new Map()]
  for (const choice of settable(model, 'design')) {
    const values = domainOf(choice.type, defaults)
    rows = rows.flatMap((row) => values.map((value) => new Map(row).set(choice, value)))
  }
  return rows.map((row) => evaluateConstants(model.constants, row).configuration)
}

/** How many rows `designRows` would give. */
export function designRowCount(model: CheckedModel): number {
  const defaults = evaluateConstants(model.constants, new Map()).configuration
  return settable(model, 'design')
    .map((choice) => domainOf(choice.type, defaults).length)
    .reduce((product, count) => product * count, 1)
}

/** Values of settable params and of design choices, as people write them. */
export function describe(model: CheckedModel, configuration: Configuration): Description {
  const values = (role: 'param' | 'design'): Description['params'] =>
    Object.fromEntries(
      settable(model, role).map((constant) => {
        const { type } = constant
        const value = configuration.get(constant) ?? 0
        if (type.kind === 'bool') return [constant.name, value !== 0]
        return [constant.name, type.kind === 'enum' ? valueText(type, value) : value]
      }),
    )
  return { params: values('param'), design: values('design') }
}

/** Whether somebody has chosen its value: it is another than its default, which may follow from others. */
export const isChosen = (constant: Constant, configuration: Configuration): boolean =>
  constant.settable &&
  configuration.get(constant) !== attempt(() => evaluate(constant.value, configuration))

/** What differs from the defaults, for a note: `with unmap = before`. Empty for the defaults themselves. */
export function rowText(model: CheckedModel, configuration: Configuration): string {
  const different = [...settable(model, 'param'), ...settable(model, 'design')].filter((constant) =>
    isChosen(constant, configuration),
  )
  if (different.length === 0) return ''
  const texts = different.map(
    (constant) =>
      `\`${constant.name} = ${valueText(constant.type, configuration.get(constant) ?? 0)}\``,
  )
  return `so it is with ${texts.join(', ')}`
}

/** The first row of `expect` whose `when` is true here; null when the model expects nothing. */
export function matchExpectation(
  model: CheckedModel,
  configuration: Configuration,
): Expectation | null {
  const matches = ({ when }: Expectation): boolean => {
    if (!when) return true
    const value = attempt(() => evaluate(when, configuration))
    return typeof value === 'number' && value !== 0
  }
  return model.expectations.find(matches) ?? null
}
