import { Component, type JSX } from 'preact'
import type { Gauges } from './gauges.ts'
import { Line } from './line.tsx'
import type { Shown } from './rows.ts'
import type { RunModel } from './run-model.ts'

/** Lines that are drawn and compared together: of a run of thousands a step of the reader changes one stretch or two. */
export const STRETCH = 64

/** About as high as a line mostly is, in pixels: what a stretch out of sight is taken for. */
const LINE_HEIGHT = 28

export function stretchesOf(rows: readonly Shown[]): Shown[][] {
  const count = Math.ceil(rows.length / STRETCH)
  return Array.from({ length: count }, (_, at) => rows.slice(at * STRETCH, (at + 1) * STRETCH))
}

interface StretchProps {
  readonly model: RunModel
  readonly rows: readonly Shown[]
  /** The number of its first row in the whole picture. */
  readonly first: number
  readonly gauges: Gauges
  /** The current row, where it is one of these; else null. */
  readonly current: number | null
  /** The positions at which the selected place changes. */
  readonly changes: readonly number[]
  readonly go: (position: number) => void
}

export class Stretch extends Component<StretchProps> {
  override shouldComponentUpdate(next: StretchProps): boolean {
    const { rows, gauges, current, changes } = this.props
    return (
      next.rows !== rows ||
      next.gauges !== gauges ||
      next.current !== current ||
      next.changes !== changes
    )
  }

  render({ model, rows, first, gauges, current, changes, go }: StretchProps): JSX.Element {
    const begin = rows[0]?.before ?? 0
    const end = rows.at(-1)?.after ?? 0
    const inside = changes.filter((at) => begin < at && at <= end)
    return (
      <div
        class="stretch"
        role="rowgroup"
        style={{ containIntrinsicBlockSize: `auto ${rows.length * LINE_HEIGHT}px` }}
      >
        {rows.map((row, index) => (
          <Line
            key={index}
            id={`line-${first + index}`}
            model={model}
            row={row}
            gauges={gauges}
            isCurrent={first + index === current}
            isMarked={inside.some((at) => row.before < at && at <= row.after)}
            go={go}
          />
        ))}
      </div>
    )
  }
}
