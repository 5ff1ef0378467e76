import type { CheckedModel, DesignChoice } from '../../spec/index.js'

/** What the values of a choice cost: one number each, in declared order. */
export type Costs = ReadonlyMap<string, readonly number[]>

/** A `// cost` line that means nothing, with its place. */
export interface CostProblem {
  readonly file: string
  readonly line: number
  readonly message: string
}

const COST = /^[ \t]*\/\/ cost (\w+): *(.*)$/

/**
 * The costs of the values of all choices. Values are written from the cheapest to the most costly, so that each costs one
 * more than the one before; a line `// cost NAME: 0 1 1 3` of the model's own file says otherwise, for that choice.
 */
export function costsOf(
  model: CheckedModel,
  choices: readonly DesignChoice[],
): { readonly costs: Costs; readonly written: boolean; readonly problems: readonly CostProblem[] } {
  const costs = new Map(choices.map(({ name, values }) => [name, [...values.keys()]]))
  const problems: CostProblem[] = []
  const written = new Set<string>()
  const [source] = model.sources.values()
  source?.text.split('\n').forEach((text, index) => {
    const [, name, list = ''] = COST.exec(text) ?? []
    if (name === undefined) return
    const problem = (message: string) =>
      problems.push({ file: source.path, line: index + 1, message })
    const choice = choices.find((each) => each.name === name)
    if (choice === undefined) {
      const known = choices.map((each) => each.name).join(', ') || 'none'
      problem(`a cost of \`${name}\`, which is no design choice of the model (there are: ${known})`)
      return
    }
    const numbers = list.trim().split(/[ ,]+/)
    const wanted = choice.values.length
    if (written.has(name)) problem(`the costs of \`${name}\` are given twice`)
    else if (!numbers.every((each) => /^\d+(?:\.\d+)?$/.test(each)) || numbers.length !== wanted)
      problem(
        `\`${name}\` has ${wanted} values (${choice.values.join(', ')}): ${wanted} numbers are wanted`,
      )
    else costs.set(name, numbers.map(Number))
    written.add(name)
  })
  return { costs, written: written.size > 0, problems }
}
