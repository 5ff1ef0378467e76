import {
  type CheckedModel,
  type Choices,
  type Configuration,
  configure,
  designChoices,
} from '../../spec/index.js'
import { matrixCells } from './matrix.js'
import { deviations } from './settings.js'

/** Sizes beyond the defaults at which the rows of a model are to be as expected as well: one line `// larger: …`. */
export interface LargerSizes {
  readonly line: number
  /** `faulters=3, converters=2`, in the order of the line. */
  readonly text: string
  /** The first row at these sizes. */
  readonly configuration: Configuration
  /** Every combination of the design choices at these sizes, in the order of `designRows`. */
  readonly rows: readonly Choices[]
}

/** A `// larger:` line that means nothing, with its place and a way out. */
export interface LargerProblem {
  readonly file: string
  readonly line: number
  readonly message: string
  readonly help: string
}

const LARGER = /^[ \t]*\/\/ larger: *(.*)$/
const WRITTEN = '`// larger: PARAM=VALUE, …`, params of the model and of the library it uses'

/**
 * The lines `// larger: NAME=VALUE, NAME=VALUE` of the model's own file, each a set of sizes. What is wrong with one is
 * a problem; the others are read all the same.
 */
export function largerSizesOf(model: CheckedModel): {
  readonly sizes: readonly LargerSizes[]
  readonly problems: readonly LargerProblem[]
} {
  const sizes: LargerSizes[] = []
  const problems: LargerProblem[] = []
  const known = new Map<string, number>()
  const choices = designChoices(model)
  const [source] = model.sources.values()
  source?.text.split('\n').forEach((text, index) => {
    const [, list] = LARGER.exec(text.trimEnd()) ?? []
    if (list === undefined) return
    const line = index + 1
    const problem = (message: string, help = WRITTEN) =>
      problems.push({ file: source.path, line, message, help })
    const params = paramsIn(list)
    if (typeof params === 'string') {
      problem(params)
      return
    }
    const chosen = choices.find(({ name }) => Object.hasOwn(params, name))
    if (chosen !== undefined) {
      problem(
        `\`${chosen.name}\` is a design choice`,
        'leave it out: each of its values has rows anyway',
      )
      return
    }
    const { result: configuration, diagnostics } = configure(model, { params })
    if (configuration === null) {
      const [wrong] = diagnostics.filter(({ severity }) => severity === 'error')
      const message = [wrong?.message ?? 'there is no such size', ...(wrong?.notes ?? [])].join(
        '; ',
      )
      problem(message, wrong?.help[0])
      return
    }
    const meant = deviations(model, configuration)
    const key = meant.map(({ constant, text: value }) => `${constant.name}=${value}`).join(', ')
    const before = known.get(key)
    if (meant.length === 0) problem('these are the sizes the model has anyway', 'make one larger')
    else if (before !== undefined)
      problem(`line ${before} has the same sizes`, 'leave out one of the two')
    else {
      const space = { design: choices, varied: [], fixed: { params } }
      const pairs = Object.entries(params).map(([name, value]) => `${name}=${value}`)
      sizes.push({ line, text: pairs.join(', '), configuration, rows: matrixCells(space) })
    }
    known.set(key, before ?? line)
  })
  return { sizes, problems }
}

/** What a line gives each param, as written; or what is wrong with it. */
function paramsIn(list: string): Readonly<Record<string, string>> | string {
  const params: Record<string, string> = {}
  if (list === '') return 'it names no size'
  for (const item of list.split(',')) {
    const [, name, value] = /^(\w+) *= *(\S+)$/.exec(item.trim()) ?? []
    if (name === undefined || value === undefined) return `\`${item.trim()}\` is no PARAM=VALUE`
    if (Object.hasOwn(params, name)) return `\`${name}\` is given twice`
    params[name] = value
  }
  return params
}
