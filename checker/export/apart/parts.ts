import type { CodeNote, Dimension, Variable } from '../program.js'

/** Process numbers that follow one another: a family's, or others'. */
export interface Part {
  readonly from: number
  readonly to: number
  /** Null: of nobody who may be exchanged. */
  readonly family: CodeNote | null
}

/** By dimension over processes: a family, or where the others' run begins. */
type Key = readonly (CodeNote | number)[]

/** The variables of a program, with what belongs to the instances of a family apart from what belongs to others. */
export class Parts {
  readonly variables: Variable[] = []
  readonly #families: readonly CodeNote[]
  readonly #made = new Map<Variable, Map<string, Variable>>()

  constructor(families: readonly CodeNote[], variables: readonly Variable[]) {
    this.#families = families
    for (const variable of variables) this.#split(variable)
  }

  familyOf(process: number): CodeNote | null {
    return this.#families.find(({ first, last }) => process >= first && process <= last) ?? null
  }

  /** The runs of a range, in order. A family that is not all in it is one of the others. */
  of({ from, to }: { readonly from: number; readonly to: number }): readonly Part[] {
    const parts: Part[] = []
    for (let at = from; at <= to; ) {
      const family = this.familyOf(at)
      const end =
        family?.last ??
        Math.min(to, ...this.#families.flatMap(({ first }) => (first > at ? first - 1 : [])))
      parts.push({ from: at, to: end, family })
      at = end + 1
    }
    return parts
  }

  /** Whether a range has none of a family's processes, or all of them. */
  isWhole({ from, to }: { readonly from: number; readonly to: number }): boolean {
    return this.#families.every(
      ({ first, last }) => last < from || first > to || (first >= from && last <= to),
    )
  }

  /** The part of the variable for these processes; null where it has none of them. */
  part(variable: Variable, processes: Key): Variable | null {
    return this.#made.get(variable)?.get(keyText(processes)) ?? null
  }

  /** Of a variable that holds a process: who is nobody or of no family, if that can be. */
  others(variable: Variable): Variable | null {
    return this.part(variable, [])
  }

  /** Of a variable that holds a process: of each instance of the family, whether it is that one. */
  oneOf(variable: Variable, family: CodeNote): Variable | null {
    return this.part(variable, [family])
  }

  /** Families that a variable may hold one of. */
  held({ from, to }: Variable): readonly CodeNote[] {
    return this.of({ from: Math.max(0, from), to }).flatMap(({ family }) => family ?? [])
  }

  #split(variable: Variable): void {
    const made = new Map<string, Variable>()
    this.#made.set(variable, made)
    const add = (key: Key, part: Variable): void => {
      made.set(keyText(key), part)
      this.variables.push(part)
    }
    if (variable.holds === 'process') {
      const families = this.held(variable)
      const parts = this.of({ from: Math.max(0, variable.from), to: variable.to })
      if (families.length < parts.length || families.length === 0) {
        add([], variable)
      }
      for (const family of families) add([family], oneHot(variable, family))
      return
    }
    let choices: readonly (readonly Part[])[] = [[]]
    for (const dimension of variable.dimensions) {
      if (dimension.over !== 'process') continue
      choices = choices.flatMap((before) => this.of(dimension).map((part) => [...before, part]))
    }
    for (const parts of choices) {
      const key = parts.map(({ family, from }) => family ?? from)
      add(
        key,
        choices.length === 1 && sameRanges(variable, parts) ? variable : partOf(variable, parts),
      )
    }
  }
}

const keyText = (key: Key): string =>
  key.map((one) => (typeof one === 'number' ? one : `${one.first}!`)).join()

const sameRanges = ({ dimensions }: Variable, parts: readonly Part[]): boolean =>
  dimensions
    .filter(({ over }) => over === 'process')
    .every(({ from, to }, at) => parts[at]?.from === from && parts[at]?.to === to)

function partOf(variable: Variable, parts: readonly Part[]): Variable {
  const left = [...parts]
  const dimensions = variable.dimensions.map((dimension): Dimension => {
    const part = dimension.over === 'process' ? left.shift() : undefined
    return part === undefined ? dimension : { from: part.from, to: part.to, over: 'process' }
  })
  const names = parts.map(({ family }) => (family === null ? '' : `.${family.name}`))
  return { ...variable, name: `${variable.name}${names.join('')}`, dimensions }
}

function oneHot(variable: Variable, { name, first, last }: CodeNote): Variable {
  return {
    name: `${variable.name}.${name}`,
    dimensions: [...variable.dimensions, { from: first, to: last, over: 'process' }],
    from: 0,
    to: 1,
    initial: 0,
    empty: null,
    note: 'whether it is this one',
  }
}
