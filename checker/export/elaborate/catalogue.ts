import type { Site, Span, TransitionSystem } from '../../../spec/index.js'
import type { Dimension, Fault, Refusal, SourceNote, Variable } from '../program.js'

/** A construct without a form in a program; ends the elaboration of what it is in. */
export class Refused {
  readonly refusal: Refusal

  constructor(construct: string, place: SourceNote | null) {
    this.refusal = { construct, place }
  }
}

interface Wanted {
  readonly name: string
  readonly dimensions: readonly Dimension[]
  readonly from: number
  readonly to: number
  readonly initial: number | readonly number[]
  readonly empty?: number | null
  readonly holds?: 'process'
  readonly note: string
}

/** The variables and faults of a program as they are found; the same system gives the same ones. */
export class Catalogue {
  readonly variables: Variable[] = []
  readonly faults: Fault[] = []
  readonly #system: TransitionSystem
  readonly #names = new Set<string>()
  readonly #faults = new Map<string, Fault>()

  constructor(system: TransitionSystem) {
    this.#system = system
  }

  variable({ name, initial, empty = null, ...rest }: Wanted): Variable {
    const [first = 0] = typeof initial === 'number' ? [initial] : initial
    const uniform = typeof initial === 'number' || initial.every((value) => value === first)
    const variable: Variable = {
      ...rest,
      name: this.#fresh(name),
      initial: uniform ? first : initial,
      empty,
    }
    this.variables.push(variable)
    return variable
  }

  #fresh(wanted: string): string {
    let name = wanted
    for (let at = 2; this.#names.has(name); at++) name = `${wanted}_${at}`
    this.#names.add(name)
    return name
  }

  fault(kind: string | null, message: string, place: SourceNote | null): Fault {
    const key = JSON.stringify([kind, message, place])
    const known = this.#faults.get(key)
    if (known) return known
    const fault = { number: this.faults.length + 1, kind, message, place }
    this.faults.push(fault)
    this.#faults.set(key, fault)
    return fault
  }

  noteOf(site: Site): SourceNote | null {
    return this.placeOf(site.statement)
  }

  placeOf(span: Span): SourceNote | null {
    const source = this.#system.sources.get(span.file)
    if (!source) return null
    const { line } = source.position(span.from)
    const [text = ''] = source.excerpt(span).split('\n')
    return { file: span.file, line, text: text.trim() }
  }
}
