/** One test point: a row of a model's design space. */
export interface TestPoint {
  readonly name: string
  readonly passed: boolean
  /** Lines about it, printed as diagnostics. */
  readonly notes: readonly string[]
}

/** KTAP version 1, as Documentation/dev-tools/ktap.rst of the kernel has it: what kernel CI reads. */
export function ktap(points: readonly TestPoint[]): string {
  const lines = ['KTAP version 1', `1..${points.length}`]
  points.forEach((point, index) => {
    for (const note of point.notes) {
      for (const line of note.split('\n')) lines.push(`# ${line}`.trimEnd())
    }
    lines.push(`${point.passed ? 'ok' : 'not ok'} ${index + 1} - ${plain(point.name)}`)
  })
  return `${lines.join('\n')}\n`
}

/** A `#` in a description would begin a directive. */
const plain = (name: string): string => name.replace(/[#\\\r\n]+/g, ' ').trim()
