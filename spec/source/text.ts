import type { Span } from './span.js'

/** A place as people name it: line and column count from 1. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** One source file: its path as the user named it, and its text. */
export class SourceText {
  readonly path: string
  readonly text: string
  readonly #lineStarts: number[] = [0]

  constructor(path: string, text: string) {
    this.path = path
    this.text = text
    for (let offset = text.indexOf('\n'); offset >= 0; offset = text.indexOf('\n', offset + 1)) {
      this.#lineStarts.push(offset + 1)
    }
  }

  get lineCount(): number {
    return this.#lineStarts.length
  }

  /** Line and column of an offset; offsets past the end are at the end. */
  position(offset: number): Position {
    const at = Math.max(0, Math.min(offset, this.text.length))
    let low = 0
    let high = this.#lineStarts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.#lineStarts[middle] ?? 0) <= at) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: at - (this.#lineStarts[low] ?? 0) + 1 }
  }

  /** The text of a line (from 1), without its line end. */
  line(number: number): string {
    const from = this.#lineStarts[number - 1]
    if (from === undefined) return ''
    const next = this.#lineStarts[number]
    return this.text.slice(from, next === undefined ? undefined : next - 1).replace(/\r$/, '')
  }

  excerpt(span: Span): string {
    return this.text.slice(span.from, span.to)
  }
}

/** Every file of one model, by the path that spans carry. The first entry is the model's own file. */
export type Sources = ReadonlyMap<string, SourceText>
