import type { Sources, Span } from '../../spec/index.js'

/** See `reduction/lock-map.ts`. */
interface Guarded {
  readonly place: string
  readonly lock: string | null
  readonly accesses: number
  readonly exceptions: readonly {
    readonly at: Span
    readonly isWrite: boolean
    readonly process: string
  }[]
}

/** The lock-to-data map as a table; under each place, a line for each access without its lock. */
export function renderLockMap(places: readonly Guarded[], sources: Sources): string {
  const width = Math.max(5, ...places.map(({ place }) => place.length))
  const lines = places.flatMap(({ place, lock, accesses, exceptions }) => {
    const rest =
      exceptions.length === 0 ? '' : `, except at ${exceptions.length} of ${accesses} places`
    return [
      `${place.padEnd(width)}  ${lock ?? 'no lock'}${rest}`,
      ...exceptions.map(
        ({ at, isWrite, process }) =>
          `${' '.repeat(width)}    ${process}: ${isWrite ? 'write' : 'read'} at ${placeText(sources, at)}`,
      ),
    ]
  })
  const head = `${'place'.padEnd(width)}  lock`
  return `${[head, ...lines].join('\n')}\n`
}

function placeText(sources: Sources, span: Span): string {
  const text = sources.get(span.file)
  if (text === undefined) return span.file
  const { line } = text.position(span.from)
  return `${span.file}:${line}: ${text.excerpt(span).replace(/\s+/g, ' ')}`
}
