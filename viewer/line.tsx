import { Component, type JSX } from 'preact'
import type { Counter, Gauges, LockGauge } from './gauges.ts'
import { hueOf } from './hue.ts'
import type { Shown } from './rows.ts'
import type { RunModel } from './run-model.ts'

interface LineProps {
  readonly id: string
  readonly model: RunModel
  readonly row: Shown
  readonly gauges: Gauges
  readonly isCurrent: boolean
  /** The selected place changes here. */
  readonly isMarked: boolean
  readonly go: (position: number) => void
}

/** One line of the picture. A step of the reader changes two of them, so the others must not be drawn again. */
export class Line extends Component<LineProps> {
  override shouldComponentUpdate(next: LineProps): boolean {
    const { row, gauges, isCurrent, isMarked } = this.props
    return (
      next.row !== row ||
      next.gauges !== gauges ||
      next.isCurrent !== isCurrent ||
      next.isMarked !== isMarked
    )
  }

  render({ id, model, row, gauges, isCurrent, isMarked, go }: LineProps): JSX.Element {
    const classes = [
      'line',
      row.kind,
      isCurrent && 'current',
      isMarked && 'marked',
      row.star && 'star',
    ]
    return (
      <div
        id={id}
        class={classes.filter(Boolean).join(' ')}
        role="row"
        aria-selected={isCurrent}
        style={hueOf(row.process)}
        onClick={() => go(row.after)}
      >
        <span role="gridcell" class="number">
          {isMarked && <span title="the selected variable changes here">●</span>}
          {row.after > row.before ? row.after : ''}
        </span>
        {gauges.locks.map((lock) => (
          <LockCell key={lock.name} model={model} lock={lock} row={row} />
        ))}
        {row.process === null ? (
          <span role="gridcell" class="all" style={{ gridColumn: `span ${model.lanes.length}` }}>
            {row.text}
          </span>
        ) : (
          model.lanes.map((process) => (
            <span key={process} role="gridcell" class="lane">
              {process === row.process && <Said row={row} />}
            </span>
          ))
        )}
        {gauges.counters.map((counter) => (
          <CounterCell key={counter.place} model={model} counter={counter} row={row} />
        ))}
      </div>
    )
  }
}

/** What a line says in its lane. */
function Said({ row }: { readonly row: Shown }): JSX.Element {
  return (
    <div class="said" style={{ '--indent': String(row.indent) }}>
      <code>{row.text}</code>
      {row.waits && <span class="waits"> … waits</span>}
      {row.changes.length > 0 && <div class="changes">{row.changes.join(', ')}</div>}
      {row.star !== null && <div class="wrong">*** {row.star}</div>}
    </div>
  )
}

function LockCell({
  model,
  lock,
  row,
}: {
  readonly model: RunModel
  readonly lock: LockGauge
  readonly row: Shown
}): JSX.Element {
  const { before, after } = row
  const held = lock.holds.filter(({ from, to }) => from <= after && (to === null || to > before))
  const who = held.map(({ process, mode }) => {
    return `${lock.name}: ${process === null ? 'held' : model.name(process)}${mode === 'read' ? ' (read)' : ''}`
  })
  return (
    <span role="gridcell" class="locks" title={who.join('\n')} aria-label={who.join(', ')}>
      {held.map(({ process, mode, from, to, track }) => {
        const ends = [from > before && 'taken', to !== null && to <= after && 'given']
        return (
          <span
            key={`${track} ${from}`}
            class={['hold', mode, ...ends].filter(Boolean).join(' ')}
            style={{ ...hueOf(process), '--track': String(track) }}
          />
        )
      })}
    </span>
  )
}

function CounterCell({
  model,
  counter,
  row,
}: {
  readonly model: RunModel
  readonly counter: Counter
  readonly row: Shown
}): JSX.Element {
  const { least, most, place } = counter
  const at = (value: string) => (most === least ? 0.5 : (Number(value) - least) / (most - least))
  const after = model.value(place, row.after)
  const before = model.value(place, Math.max(0, row.before))
  const isNew = before !== after
  return (
    <span role="gridcell" class="counter">
      {before !== null && isNew && <span class="old" style={{ '--at': String(at(before)) }} />}
      {before !== null && after !== null && isNew && (
        <span
          class="across"
          style={{
            '--at': String(Math.min(at(before), at(after))),
            '--far': String(Math.abs(at(after) - at(before))),
          }}
        />
      )}
      {after !== null && (
        <span class={isNew ? 'new' : 'same'} style={{ '--at': String(at(after)) }}>
          {isNew && <b class={at(after) > 0.5 ? 'left' : ''}>{after}</b>}
        </span>
      )}
    </span>
  )
}
