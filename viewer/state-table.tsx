import { Fragment, type JSX } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import { hueOf } from './hue.ts'
import type { RunModel } from './run-model.ts'
import { placeName, type Walk } from './walk.ts'

/** The state at a position: what each place holds, what has just changed, and who wrote it last. */
export function StateTable({
  model,
  walk,
}: {
  readonly model: RunModel
  readonly walk: Walk
}): JSX.Element {
  const [all, setAll] = useState(false)
  const { places } = model.run
  const changing = useMemo(
    () => new Set(places.flatMap((_, place) => (model.changes(place).length > 0 ? [place] : []))),
    [model, places],
  )
  const shown = places.flatMap((_, place) => (all || changing.has(place) ? [place] : []))
  return (
    <section class="state" aria-labelledby="state-title">
      <div>
        <h2 id="state-title">State after step {walk.position}</h2>
        <label>
          <input type="checkbox" checked={all} onChange={() => setAll(!all)} /> all of it
        </label>
      </div>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">Variable</th>
              <th scope="col">Value</th>
              <th scope="col">Written by</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((place, index) => {
              const { object } = places[place] ?? { object: null }
              const isFirst = object !== (places[shown[index - 1] ?? -1]?.object ?? null)
              return (
                <Fragment key={place}>
                  {object !== null && isFirst && (
                    <tr class="object">
                      <th scope="rowgroup" colSpan={3}>
                        {object}
                      </th>
                    </tr>
                  )}
                  <PlaceRow model={model} walk={walk} place={place} />
                </Fragment>
              )
            })}
          </tbody>
        </table>
      </div>
    </section>
  )
}

function PlaceRow({
  model,
  walk,
  place,
}: {
  readonly model: RunModel
  readonly walk: Walk
  readonly place: number
}): JSX.Element {
  const { position } = walk
  const value = model.value(place, position)
  const writer = model.writer(place, position)
  const isNew = writer === position && position > 0
  const isSelected = walk.place === place
  const process = model.step(writer)?.process ?? null
  const { object = null, name = '' } = model.run.places[place] ?? {}
  return (
    <tr class={`${isNew ? 'changed' : ''} ${object === null ? '' : 'member'}`}>
      <th scope="row">
        <button
          type="button"
          aria-pressed={isSelected}
          title={placeName(model, place)}
          onClick={() => walk.select(isSelected ? null : place)}
        >
          {name}
        </button>
      </th>
      <td>
        {isNew && <s>{model.value(place, position - 1) ?? 'none'}</s>} {value ?? 'none'}
      </td>
      <td style={hueOf(process)}>
        {process === null ? (
          <span class="quiet">initially</span>
        ) : (
          <button type="button" class="process" onClick={() => walk.go(writer)}>
            {writer} {model.name(process)}
          </button>
        )}
      </td>
    </tr>
  )
}
