import fc from 'fast-check'

/**
 * Texts with holes that are filled in when the whole is known: names that are fresh, and names of locals that are in
 * scope. So a part of a model can be generated, and shrunk, without knowing what stands around it.
 */
export type Piece = string | readonly Piece[] | Hole

export type LocalType = 'int' | 'index' | 'bool' | 'node' | 'page' | 'entry' | 'pair' | 'row'

type Hole =
  /** Locals declared inside end here, and so does its label. */
  | { readonly kind: 'scope'; readonly body: Piece }
  /** The name of a new local; in scope from here on. */
  | { readonly kind: 'fresh'; readonly type: LocalType }
  /** The declaration of a new local; its initial value is written before it is in scope. */
  | {
      readonly kind: 'declare'
      readonly type: LocalType
      readonly head: string
      readonly initial: Piece
    }
  /** Brings a name in scope that is written elsewhere: a parameter, a family's index. */
  | { readonly kind: 'given'; readonly type: LocalType; readonly name: string }
  /** A local of one of these types, the innermost first; the fallback where there is none. */
  | {
      readonly kind: 'use'
      readonly types: readonly LocalType[]
      readonly pick: number
      readonly fallback: Piece
    }
  /** The label of the innermost scope. */
  | { readonly kind: 'label' }

export const scope = (body: Piece): Piece => ({ kind: 'scope', body })
export const fresh = (type: LocalType): Piece => ({ kind: 'fresh', type })
/** `int l1 = value;` */
export const declare = (type: LocalType, head: string, initial: Text): Text =>
  initial.map((value) => ({ kind: 'declare', type, head, initial: value }))
export const given = (type: LocalType, name: string): Piece => ({ kind: 'given', type, name })
export const label: Piece = { kind: 'label' }

/** The local of a type that was declared last. */
export const last = (type: LocalType): Piece => use([type], 0, 'nothing_in_scope')
const use = (types: readonly LocalType[], pick: number, fallback: Piece): Piece => ({
  kind: 'use',
  types,
  pick,
  fallback,
})

export type Text = fc.Arbitrary<Piece>

/** Some local of these types, or something else where none is in scope. */
export const someLocal = (types: readonly LocalType[], fallback: Text): Text =>
  fc.tuple(fc.nat({ max: 3 }), fallback).map(([pick, other]) => use(types, pick, other))

/** A text with parts that are generated: text`x = ${value};` */
export function text(strings: TemplateStringsArray, ...parts: readonly (Piece | Text)[]): Text {
  const arbitraries = parts.map((part) =>
    part instanceof fc.Arbitrary ? part : fc.constant<Piece>(part),
  )
  return fc
    .tuple(...arbitraries)
    .map((values) => strings.flatMap((string, at): Piece[] => [string, values[at] ?? '']))
}

export const inScope = (inner: Text): Text => inner.map(scope)

/** One of these texts, each as likely; failures shrink to the first. */
export const oneText = (...options: readonly (string | Text)[]): Text =>
  fc.oneof(
    { withCrossShrink: true },
    ...options.map((option) => (typeof option === 'string' ? fc.constant<Piece>(option) : option)),
  )

/** Fills the holes. Names are numbered in the order of the text. */
export function written(piece: Piece): string {
  const writer = new Writer()
  writer.write(piece)
  return writer.parts.join('')
}

interface Scope {
  readonly label: number
  readonly locals: { readonly type: LocalType; readonly name: string }[]
}

class Writer {
  readonly parts: string[] = []
  readonly #scopes: Scope[] = [{ label: 0, locals: [] }]
  #count = 0

  write(piece: Piece): void {
    if (typeof piece === 'string') this.parts.push(piece)
    else if (isHole(piece)) this.#fill(piece)
    else for (const part of piece) this.write(part)
  }

  #fill(hole: Hole): void {
    switch (hole.kind) {
      case 'scope':
        this.#scopes.push({ label: ++this.#count, locals: [] })
        this.write(hole.body)
        this.#scopes.pop()
        return
      case 'fresh':
        this.parts.push(this.#bring(hole.type, `l${++this.#count}`))
        return
      case 'declare': {
        const name = `l${++this.#count}`
        this.parts.push(`${hole.head}${name} = `)
        this.write(hole.initial)
        this.parts.push(';')
        this.#bring(hole.type, name)
        return
      }
      case 'given':
        this.#bring(hole.type, hole.name)
        return
      case 'use': {
        const locals = this.#scopes.flatMap((one) => one.locals).reverse()
        const fitting = locals.filter(({ type }) => hole.types.includes(type))
        this.write(fitting[hole.pick % Math.max(1, fitting.length)]?.name ?? hole.fallback)
        return
      }
      case 'label':
        this.parts.push(`out${this.#scopes.at(-1)?.label}`)
    }
  }

  #bring(type: LocalType, name: string): string {
    this.#scopes.at(-1)?.locals.push({ type, name })
    return name
  }
}

const isHole = (piece: Exclude<Piece, string>): piece is Hole => !Array.isArray(piece)
