import { createRequire } from 'node:module'
import { UsageError } from './exit.js'

/** As much of @viz-js/viz as is used here: Graphviz, as WebAssembly. */
interface Graphviz {
  renderString(dot: string, options: { readonly format: 'svg' }): string
}

const PACKAGE = '@viz-js/viz'

const load = (): unknown => createRequire(import.meta.url)(PACKAGE)

/** What draws a graph as SVG. The package that does is an optional one, and nothing else needs it. */
export async function graphviz(find: () => unknown = load): Promise<(dot: string) => string> {
  let found: { readonly instance: () => Promise<Graphviz> }
  try {
    found = find() as typeof found
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw problem
    throw new UsageError(
      `--format svg needs the package ${PACKAGE}, which is not installed`,
      `npm install ${PACKAGE}; or --format dot, and \`dot -Tsvg\` of Graphviz`,
    )
  }
  const viz = await found.instance()
  return (dot) => viz.renderString(dot, { format: 'svg' })
}
