import type { JSX } from 'preact'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import { type Gauges, gaugesOf } from './gauges.ts'
import { hueOf } from './hue.ts'
import { Line } from './line.tsx'
import type { Shown } from './rows.ts'
import type { RunModel } from './run-model.ts'
import { placeName, type Walk } from './walk.ts'

/** The run: time goes down, each thread has a lane, beside them who holds which lock and what is counted. */
export function Picture({
  model,
  rows,
  walk,
}: {
  readonly model: RunModel
  readonly rows: readonly Shown[]
  readonly walk: Walk
}): JSX.Element {
  const box = useRef<HTMLDivElement>(null)
  const gauges = useMemo(() => gaugesOf(model, walk.place), [model, walk.place])
  const changed = useMemo(
    () => (walk.place === null ? [] : model.changes(walk.place)),
    [model, walk.place],
  )
  const current = rows.findLastIndex(
    ({ before, after }) => before < walk.position && walk.position <= after,
  )
  // The closure of a row outlives the rendering it came from.
  const latest = useRef(walk)
  latest.current = walk
  const go = useMemo(() => (position: number) => latest.current.go(position), [])
  useEffect(() => {
    box.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' })
  }, [current, rows])
  return (
    <section class="picture" aria-label="The run">
      <div
        class="grid"
        ref={box}
        role="grid"
        tabIndex={0}
        aria-label="Steps by thread"
        aria-rowcount={rows.length + 1}
        aria-activedescendant={`line-${current}`}
        style={{ '--columns': columnsOf(gauges, model.lanes.length) }}
      >
        <Head model={model} gauges={gauges} walk={walk} />
        {rows.map((row, index) => (
          <Line
            key={index}
            id={`line-${index}`}
            model={model}
            row={row}
            gauges={gauges}
            isCurrent={index === current}
            isMarked={changed.some((at) => row.before < at && at <= row.after)}
            go={go}
          />
        ))}
        {model.run.ending.length > 0 && <pre class="ending">{model.run.ending.join('\n')}</pre>}
      </div>
    </section>
  )
}

/** The widths of all columns, the same in every row. */
function columnsOf(gauges: Gauges, lanes: number): string {
  const locks = gauges.locks.map(({ width }) => `${0.55 * width + 0.6}rem`)
  const counters = gauges.counters.map(() => '3.4rem')
  const widths = ['2.6rem', ...locks, `repeat(${lanes}, minmax(15rem, 1fr))`, ...counters]
  return widths.join(' ')
}

function Head({
  model,
  gauges,
  walk,
}: {
  readonly model: RunModel
  readonly gauges: Gauges
  readonly walk: Walk
}): JSX.Element {
  return (
    <div class="head" role="row" aria-rowindex={1}>
      <span role="columnheader" class="number">
        step
      </span>
      {gauges.locks.map(({ name }) => (
        <span key={name} role="columnheader" class="upright" title={name}>
          {name}
        </span>
      ))}
      {model.lanes.map((process) => (
        <span key={process} role="columnheader" class="lane process" style={hueOf(process)}>
          {model.run.processes[process]?.heading}
        </span>
      ))}
      {gauges.counters.map(({ place, name }) => (
        <span key={place} role="columnheader" class="counter">
          <button
            type="button"
            class="upright"
            title={placeName(model, place)}
            aria-pressed={walk.place === place}
            onClick={() => walk.select(walk.place === place ? null : place)}
          >
            {name}
          </button>
          <b>{model.value(place, walk.position) ?? '–'}</b>
        </span>
      ))}
    </div>
  )
}
