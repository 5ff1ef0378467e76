import { type Command, Option } from 'commander'
import { configure, designChoices } from '../../../spec/index.js'
import {
  costsOf,
  type Matrix,
  matrixCells,
  matrixCsv,
  matrixDocument,
  matrixRows,
  matrixSummary,
  matrixTable,
  type ReadModel,
  readModel,
  type TestedRow,
  type TestTask,
  testRows,
} from '../../index.js'
import {
  addRowOptions,
  addSearchOptions,
  addVoiceOptions,
  type RowFlags,
  type SearchFlags,
  searchLimits,
  type Variation,
  variation,
  wantedReductions,
} from '../arguments.js'
import { EXIT, type ExitCode, UsageError, worst } from '../exit.js'
import { fileReader, writeWhole } from '../files.js'
import { listenForInterrupt } from '../interrupt.js'
import { declaringModels } from '../models.js'
import { createTerminal, type Terminal, wantsColor } from '../terminal.js'
import { internalError, pauses, showDiagnostics, verdictCode } from '../voice.js'

interface MatrixFlags extends SearchFlags, RowFlags {
  readonly vary: readonly Variation[]
  readonly json?: boolean
  readonly csv?: string
  readonly full?: boolean
}

/** A model whose matrix is made: everything but the verdicts. */
interface Subject {
  readonly file: string
  readonly read: ReadModel
  readonly name: string
  readonly choices: ReturnType<typeof designChoices>
  readonly costs: ReturnType<typeof costsOf>
  readonly space: Parameters<typeof matrixCells>[0]
  readonly cells: ReturnType<typeof matrixCells>
}

/** `matrix`: every combination of the design choices, and which of the safe ones are minimal. */
export function matrixCommand(command: Command, finish: (code: ExitCode) => void): Command {
  command
    .description('search every combination of the design choices; mark the minimal safe designs')
    .argument('<model.gmem...>', 'models, and folders with models; - is standard input')
    .addOption(
      new Option('--vary <PARAM=a..b>', 'every value of a param from a to b as well (repeatable)')
        .argParser(variation)
        .default([], 'none'),
    )
    .option('--full', 'a line for each row, also where many have the same verdict')
    .option('--json', 'one JSON document on stdout, nothing else')
    .option('--csv <FILE>', 'also write a line for each row, separated by commas')
  addRowOptions(command)
  addSearchOptions(command)
  addVoiceOptions(command)
  return command.action(async (paths: string[], flags: MatrixFlags) => {
    finish(await matrix(createTerminal(wantsColor(flags.color)), paths, flags))
  })
}

async function matrix(
  terminal: Terminal,
  paths: readonly string[],
  flags: MatrixFlags,
): Promise<ExitCode> {
  for (const { name } of flags.vary) {
    if (Object.hasOwn(flags.param, name)) {
      throw new UsageError(`${name} is both given and varied`, 'leave out one of the two')
    }
  }
  const subjects = declaringModels(paths).map((file) => subjectOf(terminal, file, flags))
  const known = subjects.flatMap((subject) => subject ?? [])
  if (known.length < subjects.length) return EXIT.wrong
  const found = await searchAll(terminal, known, flags)
  const [problem] = found.flat().flatMap(({ report }) => report?.disagreement ?? [])
  if (problem !== undefined) {
    terminal.err(internalError(new Error(`the engine's counterexample is not one: ${problem}`)))
    return EXIT.internal
  }
  const isBroken = found.map((rows, at) => saidBroken(terminal, known[at], rows, flags))
  if (isBroken.includes(true)) return EXIT.wrong
  const matrices = known.map((subject, at) => matrixOf(subject, found[at] ?? []))
  if (flags.csv !== undefined) writeWhole(flags.csv, matrixCsv(matrices))
  show(terminal, matrices, flags)
  const codes = matrices.flatMap(({ rows }) => rows.map(({ verdict }) => verdictCode(verdict)))
  return worst(codes)
}

/** The rows to search; null when something is wrong, which was said. */
function subjectOf(terminal: Terminal, file: string, flags: MatrixFlags): Subject | null {
  const read = readModel(file, fileReader(file))
  const { model, diagnostics, sources } = read
  if (showDiagnostics(terminal, diagnostics, sources, flags.quiet) || model === null) return null
  const choices = designChoices(model)
  const costs = costsOf(model, choices)
  for (const { file: path, line, message } of costs.problems) {
    throw new UsageError(`${path}:${line}: ${message}`, '`// cost CHOICE: 0 1 …`, a number a value')
  }
  const fixed = { params: flags.param, design: flags.design }
  const design = choices.filter(({ name }) => !Object.hasOwn(flags.design, name))
  const space = { design, varied: flags.vary, fixed }
  const cells = matrixCells(space)
  for (const cell of cells) {
    // One that is wrong is most often wrong in all of them.
    const { result, diagnostics: said } = configure(model, cell)
    if (showDiagnostics(terminal, said, sources, flags.quiet) || result === null) return null
  }
  return { file, read, name: model.name, choices, costs, space, cells }
}

async function searchAll(
  terminal: Terminal,
  subjects: readonly Subject[],
  flags: MatrixFlags,
): Promise<readonly (readonly TestedRow[])[]> {
  const interrupt = listenForInterrupt()
  const tasks = subjects.flatMap(({ cells }, model) =>
    cells.map((row): TestTask => ({ model, row })),
  )
  const data = {
    models: subjects.map(({ file, read }) => ({ file, recorded: read.recorded })),
    limits: searchLimits(flags),
    engine: flags.engine,
    reductions: wantedReductions(flags),
    goal: 'first' as const,
    stop: interrupt.shared,
  }
  const isTime = pauses(terminal)
  try {
    const rows = await testRows(data, tasks, flags.workers, (_, index) => {
      if (!flags.quiet && isTime()) {
        terminal.progress(`progress: ${index + 1} of ${tasks.length} rows`)
      }
    })
    return subjects.map((_, model) => rows.filter((_row, at) => tasks[at]?.model === model))
  } finally {
    interrupt.release()
  }
}

/** Whether a row could not be lowered; its diagnostics are shown. */
function saidBroken(
  terminal: Terminal,
  subject: Subject | undefined,
  rows: readonly TestedRow[],
  flags: MatrixFlags,
): boolean {
  const [broken] = rows.filter(({ report }) => report === null)
  if (broken === undefined || subject === undefined) return false
  terminal.err(`${subject.name}, row ${broken.name}:\n`)
  return showDiagnostics(terminal, broken.diagnostics, subject.read.sources, flags.quiet)
}

function matrixOf(
  { file, name, space, choices, costs }: Subject,
  rows: readonly TestedRow[],
): Matrix {
  return {
    model: name,
    file,
    design: space.design,
    varied: space.varied,
    fixed: { ...space.fixed.params, ...space.fixed.design },
    hasCosts: costs.written,
    rows: matrixRows(rows, choices, costs.costs),
  }
}

function show(terminal: Terminal, matrices: readonly Matrix[], flags: MatrixFlags): void {
  if (flags.json) {
    terminal.out(`${JSON.stringify(matrixDocument(matrices), null, 2)}\n`)
    return
  }
  for (const [at, one] of matrices.entries()) {
    if (at > 0 && !flags.quiet) terminal.out('\n')
    const fixed = Object.entries(one.fixed).map(([name, value]) => `  ${name}=${value}`)
    terminal.out(`${terminal.paint.strong(`model: ${one.model}`)}${fixed.join('')}\n`)
    if (!flags.quiet)
      terminal.out(`\n${painted(terminal, matrixTable(one, flags.full === true))}\n`)
    terminal.out(matrixSummary(one))
  }
}

function painted(terminal: Terminal, table: string): string {
  const { good, bad, doubtful } = terminal.paint
  return table
    .replace(/ holds(?= )/g, (word) => good(word))
    .replace(/ violated \S+/g, (words) => bad(words))
    .replace(/ incomplete \S+/g, (words) => doubtful(words))
}
