/** A stretch of one source file: offsets in UTF-16 code units, `to` exclusive. */
export interface Span {
  readonly file: string
  readonly from: number
  readonly to: number
}

/** The smallest span that covers both; they must be of one file, else the first is returned. */
export function cover(first: Span, last: Span): Span {
  if (first.file !== last.file) return first
  return {
    file: first.file,
    from: Math.min(first.from, last.from),
    to: Math.max(first.to, last.to),
  }
}

export const sameSpan = (one: Span, other: Span): boolean =>
  one.file === other.file && one.from === other.from && one.to === other.to
