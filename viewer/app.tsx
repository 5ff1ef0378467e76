import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import type { PageDocument, Run } from '../checker/page/document.ts'
import { Announcement } from './announcement.tsx'
import { Choices } from './choices.tsx'
import { Heading } from './heading.tsx'
import { Picture } from './picture.tsx'
import { RunModel } from './run-model.ts'
import { Sources } from './sources.tsx'
import { StateTable } from './state-table.tsx'
import { Threads } from './threads.tsx'
import { Toolbar } from './toolbar.tsx'
import { useWalk } from './walk.ts'

/** The whole page: what is wrong, the run, and what is known of the position it is looked at. */
export function App({ page }: { readonly page: PageDocument }): JSX.Element {
  return (
    <>
      <Heading page={page} />
      {page.run === null ? (
        <main class="verdict">
          <Sources page={page} model={null} position={0} />
        </main>
      ) : (
        <RunView page={page} run={page.run} />
      )}
    </>
  )
}

function RunView({ page, run }: { readonly page: PageDocument; readonly run: Run }): JSX.Element {
  const model = useMemo(() => new RunModel(run), [run])
  const walk = useWalk(model)
  const { position, place } = walk
  return (
    <>
      <Toolbar model={model} walk={walk} />
      <main class="run">
        <Picture model={model} walk={walk} />
        <Sources page={page} model={model} position={position} />
        <StateTable model={model} walk={walk} />
        <div class="now">
          <Threads model={model} position={position} />
          <Choices model={model} position={position} />
        </div>
      </main>
      <Announcement model={model} position={position} place={place} />
    </>
  )
}
