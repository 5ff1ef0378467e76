import { dot } from './dot.js'
import type { Finding, Searched, Shown } from './finding.js'
import { itf } from './itf.js'
import { mermaid } from './mermaid.js'
import { perfetto } from './perfetto.js'
import { junitOf, ktapOf } from './row.js'
import { sarif } from './sarif.js'

/** One way to write down what was found. */
type Format = {
  /** What its files are called behind the name of the row. */
  readonly extension: string
  readonly about: string
} & (
  | { readonly needs: 'run'; readonly write: (finding: Shown) => string }
  | { readonly needs: 'verdict'; readonly write: (finding: Searched) => string }
  | { readonly needs: 'neither'; readonly write: (finding: Finding) => string }
)

/** All formats, in the order in which they are listed. */
const formats = {
  columns: {
    extension: 'txt',
    about: 'columns, as written beside the trace file',
    needs: 'run',
    write: ({ run }) => run.columns,
  },
  json: {
    extension: 'verdict.json',
    about: 'the document of --json',
    needs: 'verdict',
    write: ({ document }) => `${JSON.stringify(document, null, 2)}\n`,
  },
  mermaid: {
    extension: 'mmd',
    about: 'a sequence diagram',
    needs: 'run',
    write: mermaid,
  },
  dot: {
    extension: 'dot',
    about: 'the states around the run, waits and lock orders, for Graphviz',
    needs: 'run',
    write: dot,
  },
  svg: {
    extension: 'svg',
    about: 'the picture Graphviz makes of dot',
    needs: 'run',
    write: dot,
  },
  itf: {
    extension: 'itf.json',
    about: "Apalache's Informal Trace Format",
    needs: 'run',
    write: itf,
  },
  perfetto: {
    extension: 'perfetto.json',
    about: 'Chrome trace events, for ui.perfetto.dev',
    needs: 'run',
    write: perfetto,
  },
  sarif: {
    extension: 'sarif',
    about: 'SARIF 2.1.0, for code review',
    needs: 'neither',
    write: sarif,
  },
  ktap: {
    extension: 'ktap',
    about: 'KTAP, one test point',
    needs: 'verdict',
    write: ktapOf,
  },
  junit: {
    extension: 'junit.xml',
    about: 'JUnit XML, one test case',
    needs: 'verdict',
    write: junitOf,
  },
} as const satisfies Readonly<Record<string, Format>>

export type FormatName = keyof typeof formats
export const formatNames = Object.keys(formats) as readonly FormatName[]

/** Each name with what it is, for a help text. */
export const formatsAbout: readonly (readonly [FormatName, string])[] = formatNames.map((name) => [
  name,
  formats[name].about,
])

/** Those that tell of a search, and so have nothing to say of a run that was only replayed. */
export const verdictFormats: readonly FormatName[] = formatNames.filter(
  (name) => formats[name].needs === 'verdict',
)

/** A finding in one format. Of `svg` the text is what Graphviz is to draw. */
export interface FormatFile {
  readonly name: FormatName
  readonly extension: string
  /** Null where the format tells of a run, and there is none. */
  readonly text: string | null
}

/** Writes a finding in one format; throws where the format needs the verdict of a search and there was none. */
export function writeFormat(name: FormatName, finding: Finding): FormatFile {
  const format: Format = formats[name]
  return { name, extension: format.extension, text: textOf(format, finding) }
}

function textOf(format: Format, finding: Finding): string | null {
  const { run, document } = finding
  if (format.needs === 'run') return run === null ? null : format.write({ ...finding, run })
  if (format.needs === 'neither') return format.write(finding)
  if (document === null) throw new Error('the format needs the verdict of a search')
  return format.write({ ...finding, document })
}
