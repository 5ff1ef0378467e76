const WIDTH = 96

/** Lines that may stand in a comment of C: nothing in them ends it or looks like the beginning of another one. */
export const commentLines = (lines: readonly string[]): readonly string[] =>
  lines.flatMap(wrapped).map((line) => line.replaceAll('*/', '* /').replaceAll('/*', '/ *'))

/** A line that is too long, broken between words; what is broken off stands further in. */
function wrapped(line: string): readonly string[] {
  const at = line.length <= WIDTH ? -1 : line.lastIndexOf(' ', WIDTH)
  if (at <= 2) return [line]
  return [line.slice(0, at), ...wrapped(`  ${line.slice(at + 1)}`)]
}
