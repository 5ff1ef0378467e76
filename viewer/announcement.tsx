import type { JSX } from 'preact'
import type { RunModel } from './run-model.ts'

/** What has changed on the page, for those who hear it. */
export function Announcement({
  model,
  position,
  place,
}: {
  readonly model: RunModel
  readonly position: number
  readonly place: number | null
}): JSX.Element {
  const step = model.step(position)
  const text =
    step === null
      ? 'initial state'
      : [`${model.name(step.process)}: ${model.site(step.site).text}`, ...step.says].join('; ')
  const selected =
    place === null ? '' : `, ${model.run.places[place]?.name} ${model.value(place, position)}`
  return (
    <p class="heard" role="status" aria-live="polite">
      {`step ${position} of ${model.length}: ${text}${selected}`}
    </p>
  )
}
