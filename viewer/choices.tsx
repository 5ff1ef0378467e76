import type { JSX } from 'preact'
import type { Leads } from '../checker/page/document.ts'
import { hueOf } from './hue.ts'
import type { RunModel } from './run-model.ts'

/** What could happen at a position, and what can come of it. */
export function Choices({
  model,
  position,
}: {
  readonly model: RunModel
  readonly position: number
}): JSX.Element {
  const { choices, leadsUnknown } = model.run
  const here = choices[position] ?? []
  const isEnd = position === model.length
  return (
    <section aria-labelledby="choices-title">
      <h2 id="choices-title">Could happen next</h2>
      {here.length === 0 && (
        <p class="quiet">{isEnd ? 'The run ends here.' : `Left out: ${leadsUnknown}.`}</p>
      )}
      <ul class="choices">
        {here.map((choice, index) => {
          const site = model.site(choice.site)
          return (
            <li key={index} style={hueOf(choice.process)} class={choice.taken ? 'taken' : ''}>
              <b class="process">{model.name(choice.process)}</b> <code>{site.text}</code>
              {choice.says.length > 0 && <span class="says"> {choice.says.join(', ')}</span>}
              {choice.taken && <span class="tag">this run</span>} <LeadsText leads={choice.leads} />
            </li>
          )
        })}
      </ul>
      {here.length > 0 && leadsUnknown !== null && (
        <p class="quiet">Where they lead is not worked out: {leadsUnknown}.</p>
      )}
      {here.some(({ leads }) => leads.kind === 'safe') && (
        <p class="quiet">Orders of locks are judged over all runs and do not count here.</p>
      )}
    </section>
  )
}

function LeadsText({ leads }: { readonly leads: Leads }): JSX.Element | null {
  switch (leads.kind) {
    case 'violation':
      return <span class="leads bad">is {leads.violation}</span>
    case 'reaches':
      return <span class="leads bad">{reachesText(leads.steps)}</span>
    case 'safe':
      return <span class="leads good">no violation can follow</span>
    case 'cut':
      return <span class="leads">meets a bound: {leads.bound}</span>
    case 'unknown':
      return null
  }
}

function reachesText(steps: number): string {
  if (steps === 0) return 'the violation is there'
  return `a violation can follow in ${steps} ${steps === 1 ? 'step' : 'steps'}`
}
