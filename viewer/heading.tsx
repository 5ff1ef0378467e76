import type { JSX } from 'preact'
import type { PageDocument } from '../checker/page/document.ts'

/** A report of more lines than this opens only when asked. */
const LINES_MAX = 16

/** What is wrong, of which model, and how to see it again. */
export function Heading({ page }: { readonly page: PageDocument }): JSX.Element {
  const { report, run, model, settings, summary, verdict } = page
  const [title = '', ...rest] = report
  const text = rest.join('\n').replace(/^\n+/, '').trimEnd()
  return (
    <header class={verdict}>
      <h1>{title}</h1>
      <p>
        <b>{model}</b>{' '}
        {settings.map(({ name, value, isDesign }) => (
          <span key={name} class={isDesign ? 'setting design' : 'setting'}>
            {name}={value}
          </span>
        ))}
      </p>
      {run !== null && (
        <p class="facts">
          {run.facts} Replay: <code>{run.replay}</code>
        </p>
      )}
      {text !== '' && (
        <details open={rest.length <= LINES_MAX}>
          <summary>The report</summary>
          <pre>{text}</pre>
        </details>
      )}
      {summary.length > 0 && (
        <details open={run === null}>
          <summary>The search</summary>
          <pre>{summary.join('\n')}</pre>
        </details>
      )}
    </header>
  )
}
