import type { JSX } from 'preact'
import { hueOf } from './hue.ts'
import type { RunModel } from './run-model.ts'

/** How each process stands at a position: where, with which locals, waiting for what. */
export function Threads({
  model,
  position,
}: {
  readonly model: RunModel
  readonly position: number
}): JSX.Element {
  const mover = model.step(position)?.process
  return (
    <section aria-labelledby="threads-title">
      <h2 id="threads-title">Threads</h2>
      <ul class="threads">
        {model.views(position).map((view, process) => {
          const site = model.site(view.site)
          const place = `${site.op === null ? '' : `${site.op}, `}line ${site.line}`
          return (
            <li
              key={model.name(process)}
              style={hueOf(process)}
              class={process === mover ? 'mover' : ''}
            >
              <b class="process">{model.name(process)}</b>{' '}
              <span class={`status ${view.status}`}>
                {view.status === 'waits' ? `waits ${view.waits}` : view.status}
              </span>
              {view.status !== 'finished' && <span class="quiet"> {place}</span>}
              {view.locals.length > 0 && (
                <div class="locals">
                  {view.locals.map(([name, value]) => (
                    <code key={name}>
                      {name} = {value}
                    </code>
                  ))}
                </div>
              )}
            </li>
          )
        })}
      </ul>
    </section>
  )
}
