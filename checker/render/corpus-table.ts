import type { VerdictDocument } from './json.js'

/** A corpus as Markdown: by question, with every row. No times, so that every machine writes the same bytes. */

export interface TableModel extends Processes {
  /** As a link from where the table is to be. */
  readonly file: string
  readonly name: string
  readonly question: string
  /** Kernel functions, commits, messages. */
  readonly kernel: string
  readonly rows: readonly TableRow[]
  /** What was tested at larger sizes besides. */
  readonly larger: readonly LargerTable[]
}

interface Processes {
  readonly threads: number
  readonly daemons: number
}

export interface TableRow {
  readonly name: string
  readonly document: VerdictDocument
}

/** All rows of a model at some larger sizes. */
export interface LargerTable extends Processes {
  readonly sizes: string
  readonly asExpected: number
  readonly rows: readonly TableRow[]
}

/** All models, folder by folder, then how far each was taken. */
export function corpusTable(models: readonly TableModel[]): string {
  const folders = [...new Set(models.map(folderOf))].sort()
  const parts = folders.flatMap((folder) => [
    ...(folder === '' ? [] : [`## ${folder}\n`]),
    ...models.filter((model) => folderOf(model) === folder).map(modelTable),
  ])
  const isLarger = models.some(({ larger }) => larger.length > 0)
  return [...parts, boundsTable(models), ...(isLarger ? [largerTable(models)] : [])].join('\n')
}

const folderOf = ({ file }: TableModel): string => file.replace(/\/?[^/]*$/, '')

/** One model: its question, where it is in the kernel, its rows. */
export function modelTable({ file, name, question, kernel, rows }: TableModel): string {
  const where = kernel === '' ? '' : `: ${kernel}`
  return [
    `### ${question === '' ? name : question}`,
    '',
    `[${name}](${file})${where}`,
    '',
    '| row | verdict | kind | states | depth |',
    '|---|---|---|---|---|',
    ...rows.map(rowLine),
    '',
  ].join('\n')
}

function rowLine({ name, document }: TableRow): string {
  const { verdict, limit, search } = document
  const said = limit === undefined ? verdict : `${verdict}, limit ${limit}`
  const cells = [`\`${name}\``, said, kindsOf(document), search.distinctStates, search.depth]
  return `| ${cells.join(' | ')} |`
}

/** The kind that is shown, then what else was found. */
function kindsOf({ violation, violations }: VerdictDocument): string {
  const shown = violation?.kind ?? ''
  const others = new Set(violations.map(({ kind }) => kind).filter((kind) => kind !== shown))
  return [shown, ...[...others].sort()].join(', ')
}

function boundsTable(models: readonly TableModel[]): string {
  return [
    '## Bounds',
    '',
    'What a verdict is relative to, besides the ranges that a model declares: threads and daemons (+), sizes and pools of',
    'the first row; and the largest search of all rows.',
    '',
    '| model | threads | sizes and pools | rows | states | depth |',
    '|---|---|---|---|---|---|',
    ...models.map(boundsLine),
    '',
  ].join('\n')
}

/** How far one model was taken. */
export function boundsLine(model: TableModel): string {
  const { file, name, rows } = model
  return line([
    `[${name}](${file})`,
    processesOf(model),
    rows[0] === undefined ? '' : sizesOf(rows[0].document),
    rows.length,
    most(rows, ({ search }) => search.distinctStates),
    most(rows, ({ search }) => search.depth),
  ])
}

function largerTable(models: readonly TableModel[]): string {
  return [
    '## Larger sizes',
    '',
    'The same rows at the sizes that `// larger:` lines of the models give: how many are as expected, how many hold and how',
    'many are violated, and the largest search of all. One that has come to 50,000 states begins again with reductions.',
    '',
    '| model | sizes | threads | rows | as expected | hold | violated | states | depth |',
    '|---|---|---|---|---|---|---|---|---|',
    ...models.flatMap((model) => model.larger.map((larger) => largerLine(model, larger))),
    '',
  ].join('\n')
}

/** How far one model was taken at some larger sizes. */
export function largerLine(
  { file, name }: Pick<TableModel, 'file' | 'name'>,
  larger: LargerTable,
): string {
  const { sizes, asExpected, rows } = larger
  const count = (wanted: VerdictDocument['verdict']) =>
    rows.filter(({ document }) => document.verdict === wanted).length
  return line([
    `[${name}](${file})`,
    sizes,
    processesOf(larger),
    rows.length,
    asExpected,
    count('holds'),
    count('violated'),
    most(rows, ({ search }) => search.distinctStates),
    most(rows, ({ search }) => search.depth),
  ])
}

const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`

const processesOf = ({ threads, daemons }: Processes): string =>
  daemons === 0 ? `${threads}` : `${threads}+${daemons}`

const most = (rows: readonly TableRow[], figure: (document: VerdictDocument) => number): number =>
  Math.max(0, ...rows.map(({ document }) => figure(document)))

/** Numbers only: what else is a param says how, not how much. */
function sizesOf({ bounds }: VerdictDocument): string {
  const params = Object.entries(bounds.params).filter(([, value]) => typeof value === 'number')
  return [
    ...params.map(([name, value]) => `${name}=${value}`),
    ...Object.entries(bounds.pools).map(([name, size]) => `${name}[${size}]`),
  ].join(', ')
}
