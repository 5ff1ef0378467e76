/** Values of TLA+, as far as exported modules have them. */
export type Value = number | boolean | Row | Fields | Several

/** A function whose domain is `from..`; a tuple is one from 1. */
export class Row {
  readonly from: number
  readonly items: readonly Value[]

  constructor(from: number, items: readonly Value[]) {
    this.from = from
    this.items = items
  }

  at(index: Value): Value {
    const value = typeof index === 'number' ? this.items[index - this.from] : undefined
    if (value === undefined)
      throw new Error(`${keyOf(index)} is not in the domain of ${keyOf(this)}`)
    return value
  }

  /** With another value at a path of indexes. */
  with(path: readonly Value[], value: Value): Row {
    const [index, ...inner] = path
    const old = this.at(index ?? false)
    const next = inner.length === 0 ? value : rowOf(old).with(inner, value)
    const items = [...this.items]
    items[Number(index) - this.from] = next
    return new Row(this.from, items)
  }
}

/** A record. */
export class Fields {
  readonly values: ReadonlyMap<string, Value>

  constructor(values: ReadonlyMap<string, Value>) {
    this.values = values
  }

  with(name: string, value: Value): Fields {
    if (!this.values.has(name)) throw new Error(`${keyOf(this)} has no ${name}`)
    return new Fields(new Map(this.values).set(name, value))
  }
}

/** A set, without doubles. */
export class Several {
  readonly items: readonly Value[]

  constructor(items: Iterable<Value>) {
    this.items = [...new Map([...items].map((item) => [keyOf(item), item])).values()]
  }
}

/** The same for equal values and for no others. */
export function keyOf(value: Value): string {
  if (typeof value !== 'object') return String(value)
  if (value instanceof Row) return `${value.from}[${value.items.map(keyOf).join()}]`
  if (value instanceof Several) return `{${value.items.map(keyOf).sort().join()}}`
  const fields = [...value.values].map(([name, each]) => `${name}:${keyOf(each)}`)
  return `(${fields.sort().join()})`
}

export function numberOf(value: Value): number {
  if (typeof value !== 'number') throw new Error(`${keyOf(value)} is no number`)
  // TLC has 32 bits and stops where they do not suffice.
  if (value !== (value | 0)) throw new Error(`${value} is more than TLC can hold`)
  return value
}

export function truthOf(value: Value): boolean {
  if (typeof value !== 'boolean') throw new Error(`${keyOf(value)} is no truth value`)
  return value
}

export function rowOf(value: Value): Row {
  if (value instanceof Row) return value
  throw new Error(`${keyOf(value)} is no function`)
}

export function itemsOf(value: Value): readonly Value[] {
  if (value instanceof Several) return value.items
  throw new Error(`${keyOf(value)} is no set`)
}
