import type { JSX } from 'preact'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import { type Gauges, gaugesOf } from './gauges.ts'
import { hueOf } from './hue.ts'
import type { RunModel } from './run-model.ts'
import { STRETCH, Stretch, stretchesOf } from './stretch.tsx'
import { placeName, type Walk } from './walk.ts'

/** The run: time goes down, each thread has a lane, beside them who holds which lock and what is counted. */
export function Picture({
  model,
  walk,
}: {
  readonly model: RunModel
  readonly walk: Walk
}): JSX.Element {
  const box = useRef<HTMLDivElement>(null)
  const { rows } = walk
  const gauges = useMemo(() => gaugesOf(model, walk.place), [model, walk.place])
  const changes = useMemo(
    () => (walk.place === null ? [] : model.changes(walk.place)),
    [model, walk.place],
  )
  const stretches = useMemo(() => stretchesOf(rows), [rows])
  const current = rows.findLastIndex(
    ({ before, after }) => before < walk.position && walk.position <= after,
  )
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
        style={columnsOf(gauges, model.lanes.length)}
      >
        <Head model={model} gauges={gauges} walk={walk} />
        {stretches.map((stretch, index) => (
          <Stretch
            key={index}
            model={model}
            rows={stretch}
            first={index * STRETCH}
            gauges={gauges}
            current={Math.floor(current / STRETCH) === index ? current : null}
            changes={changes}
            go={walk.go}
          />
        ))}
        {model.run.ending.length > 0 && <pre class="ending">{model.run.ending.join('\n')}</pre>}
      </div>
    </section>
  )
}

/** In rem. */
const WIDTH = { number: 3, lane: 15, counter: 3.4, track: 0.55, lockMargin: 0.6 } as const

/** The widths of all columns, the same in every row, and the least width of a row. */
function columnsOf({ locks, counters }: Gauges, lanes: number): Record<string, string> {
  const lockWidths = locks.map(({ width }) => WIDTH.track * width + WIDTH.lockMargin)
  const gauges = lockWidths.reduce((sum, width) => sum + width, counters.length * WIDTH.counter)
  const tracks = [
    `${WIDTH.number}rem`,
    ...lockWidths.map((width) => `${width}rem`),
    `repeat(${lanes}, minmax(0, 1fr))`,
    ...counters.map(() => `${WIDTH.counter}rem`),
  ]
  return {
    '--columns': tracks.join(' '),
    '--least': `${WIDTH.number + gauges + lanes * WIDTH.lane}rem`,
  }
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
