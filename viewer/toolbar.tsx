import type { JSX } from 'preact'
import { useLayoutEffect } from 'preact/hooks'
import { DETAILS } from './rows.ts'
import { nextOf, type RunModel } from './run-model.ts'
import type { Walk } from './walk.ts'

interface Move {
  readonly keys: readonly string[]
  readonly label: string
  readonly sign: string
  readonly to: () => number | null
}

/** The ways to go from here, each with its keys. */
function movesOf(model: RunModel, { position, place, rows }: Walk): Move[] {
  const stops = [...new Set(rows.map(({ after }) => after))]
  const changed = (by: 1 | -1) => (place === null ? null : model.nextChange(place, position, by))
  return [
    { keys: ['Home'], label: 'To the start', sign: '|◀', to: () => 0 },
    {
      keys: ['ArrowUp', 'ArrowLeft', 'k'],
      label: 'Back',
      sign: '◀',
      to: () => nextOf(stops, position, -1),
    },
    {
      keys: ['ArrowDown', 'ArrowRight', 'j'],
      label: 'Forward',
      sign: '▶',
      to: () => nextOf(stops, position, 1),
    },
    { keys: ['End'], label: 'To the end', sign: '▶|', to: () => model.length },
    {
      keys: ['S'],
      label: 'Previous context switch',
      sign: '⇤ switch',
      to: () => model.nextSwitch(position, -1),
    },
    {
      keys: ['s'],
      label: 'Next context switch',
      sign: 'switch ⇥',
      to: () => model.nextSwitch(position, 1),
    },
    {
      keys: ['C'],
      label: 'Previous change of the selected variable',
      sign: '⇤ change',
      to: () => changed(-1),
    },
    {
      keys: ['c'],
      label: 'Next change of the selected variable',
      sign: 'change ⇥',
      to: () => changed(1),
    },
  ]
}

/** Buttons and keys to walk with, and how much is shown. */
export function Toolbar({
  model,
  walk,
}: {
  readonly model: RunModel
  readonly walk: Walk
}): JSX.Element {
  // With the drawing, not after it: the first key may come at once.
  useLayoutEffect(() => {
    const press = (event: KeyboardEvent) => {
      const isText = event.target instanceof HTMLSelectElement
      if (isText || event.ctrlKey || event.metaKey || event.altKey) return
      if (event.key === 'f') walk.show(DETAILS[(DETAILS.indexOf(walk.detail) + 1) % 3] ?? 'steps')
      const move = movesOf(model, walk).find(({ keys }) => keys.includes(event.key))
      if (move === undefined) return
      event.preventDefault()
      walk.go(move.to())
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [model, walk])
  return (
    <div class="toolbar" role="toolbar" aria-label="Walk through the run">
      {movesOf(model, walk).map((move) => (
        <button
          type="button"
          key={move.label}
          aria-label={move.label}
          title={`${move.label}: ${move.keys.join(', ')}`}
          disabled={move.to() === null || move.to() === walk.position}
          onClick={() => walk.go(move.to())}
        >
          {move.sign}
        </button>
      ))}
      <output class="where">
        step <b>{walk.position}</b> of {model.length}
      </output>
      <label>
        show{' '}
        <select
          value={walk.detail}
          onChange={({ currentTarget }) => {
            walk.show(DETAILS.find((each) => each === currentTarget.value) ?? 'statements')
          }}
        >
          <option value="steps">every step</option>
          <option value="statements">statements</option>
          <option value="changes">changes, the rest folded</option>
        </select>
      </label>
      <span class="keys" aria-hidden="true">
        <kbd>j</kbd> <kbd>k</kbd> step <kbd>s</kbd> switch <kbd>c</kbd> change <kbd>f</kbd> fold
      </span>
    </div>
  )
}
