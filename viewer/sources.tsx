import type { JSX } from 'preact'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { PageDocument } from '../checker/page/document.ts'
import { hueOf } from './hue.ts'
import type { RunModel } from './run-model.ts'

/** The text of a model, with the step just taken and the line at which each thread goes on. */
export function Sources({
  page,
  model,
  position,
}: {
  readonly page: PageDocument
  readonly model: RunModel | null
  readonly position: number
}): JSX.Element {
  const { sources } = page
  const step = model?.step(position) ?? null
  const site = model !== null && step !== null ? model.site(step.site) : null
  // Another file is looked at until the reader goes on.
  const [chosen, choose] = useState({ site, file: site?.source ?? 0 })
  const file = chosen.site === site ? chosen.file : (site?.source ?? 0)
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const current = box.current?.querySelector<HTMLElement>('.executed')
    if (!box.current || !current) return
    box.current.scrollTop = current.offsetTop - box.current.clientHeight / 3
  })
  const lines = useMemo(() => (sources[file]?.text ?? '').split('\n'), [sources, file])
  const views = model?.views(position) ?? []
  const standing = (line: number) =>
    views.flatMap(({ site: at, status }, process) => {
      const here = model?.site(at)
      return here?.source === file && here.line === line && status !== 'finished' ? [process] : []
    })
  return (
    <section class="sources" aria-labelledby="source-title">
      <h2 id="source-title">
        <label>
          Source{' '}
          <select
            value={String(file)}
            onChange={({ currentTarget }) => choose({ site, file: Number(currentTarget.value) })}
          >
            {sources.map(({ path }, index) => (
              <option key={path} value={String(index)}>
                {path}
              </option>
            ))}
          </select>
        </label>
        {site?.function != null && <span class="quiet"> {site.function}</span>}
      </h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls it by keys */}
      <div class="text" ref={box} tabIndex={0} role="region" aria-label="Text of the model">
        {lines.map((text, index) => {
          const line = index + 1
          const isExecuted =
            site !== null && site.source === file && line >= site.line && line <= site.lineEnd
          return (
            <div
              key={index}
              class={isExecuted ? 'line executed' : 'line'}
              style={isExecuted ? hueOf(step?.process ?? null) : undefined}
            >
              <span class="standing">
                {standing(line).map((process) => (
                  <b key={process} class="process" style={hueOf(process)}>
                    {model?.name(process)}
                  </b>
                ))}
              </span>
              <span class="number">{line}</span>
              <Code text={text} />
            </div>
          )
        })}
      </div>
    </section>
  )
}

/** A line of source, its comment told apart. */
function Code({ text }: { readonly text: string }): JSX.Element {
  const at = text.indexOf('//')
  if (at < 0) return <code>{text}</code>
  return (
    <code>
      {text.slice(0, at)}
      <i>{text.slice(at)}</i>
    </code>
  )
}
