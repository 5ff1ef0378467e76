import type { Command } from 'commander'
import { type Diagnostic, hasErrors } from '../../../spec/index.js'
import {
  type CoveredModel,
  corpusTable,
  coverageOf,
  junit,
  ktap,
  largerSizesOf,
  readModel,
  renderCoverage,
  type TestedRow,
  type TestTask,
  tableModelOf,
  testRows,
} from '../../index.js'
import {
  addSearchOptions,
  addVoiceOptions,
  type SearchFlags,
  searchLimits,
  wantedReductions,
} from '../arguments.js'
import { EXIT, type ExitCode, UsageError, worst } from '../exit.js'
import { commonFolder, fileReader, writeWhole } from '../files.js'
import { listenForInterrupt } from '../interrupt.js'
import { declaringModels } from '../models.js'
import { createTerminal, type Terminal, wantsColor } from '../terminal.js'
import { internalError, showDiagnostics } from '../voice.js'
import {
  CODES,
  countsText,
  defaultRows,
  junitSuite,
  ktapPoint,
  largerRows,
  type Point,
  pointsOf,
  rowsOf,
  type Subject,
} from './test-points.js'

interface TestFlags extends SearchFlags {
  readonly ktap?: boolean
  readonly junit?: string
  readonly verbose?: boolean
  readonly coverage?: boolean
  readonly table?: boolean
  readonly larger?: boolean
}

/** `test`: every model against what is expected in it. */
export function testCommand(command: Command, finish: (code: ExitCode) => void): Command {
  command
    .description('check every row of every model against the expectations written in them')
    .argument('<path...>', 'models, and folders with models; - is standard input')
    .option('--ktap', 'KTAP version 1 on stdout, nothing else')
    .option('--junit <FILE>', 'also write JUnit XML')
    .option(
      '--coverage',
      'list what no row of any model exercised: lines, ways of conditions, rows of expect',
    )
    .option('--table', 'the rows of all models as Markdown on stdout, nothing else')
    .option('--larger', 'every row also at the sizes of the `// larger:` lines of its model')
    .option('--verbose', 'a line for each row, also for those that are as expected')
  addSearchOptions(command)
  addVoiceOptions(command)
  return command.action(async (paths: string[], flags: TestFlags) => {
    if (flags.table && (flags.ktap || flags.coverage || flags.verbose)) {
      throw new UsageError('--table stands alone on stdout: not with --ktap, --coverage, --verbose')
    }
    finish(await test(createTerminal(wantsColor(flags.color)), paths, flags))
  })
}

async function test(terminal: Terminal, paths: string[], flags: TestFlags): Promise<ExitCode> {
  const subjects = declaringModels(paths).map((file) => subjectOf(file, flags))
  for (const { read } of subjects) {
    const shown = flags.quiet
      ? read.diagnostics.filter((d) => d.severity === 'error')
      : read.diagnostics
    showDiagnostics(terminal, shown, read.sources, flags.quiet)
  }
  await searchAll(terminal, subjects, flags)
  const judged = subjects.map((subject) => ({ subject, points: pointsOf(subject) }))
  if (flags.junit !== undefined)
    writeWhole(flags.junit, junit(judged.map(({ subject, points }) => junitSuite(subject, points))))
  const points = judged.flatMap(({ points: own }) => own)
  const counts = countsText(points)
  const code = worst(points.map((point) => CODES[point.status]))
  if (flags.table) {
    // A table with something missing would look like one of a smaller corpus.
    if (code !== EXIT.wrong && code !== EXIT.internal) terminal.out(tableText(subjects))
    if (code !== EXIT.ok) terminal.err(`${counts}: see \`gmemcheck test\` without --table\n`)
    return code
  }
  if (flags.ktap) {
    const all = judged.flatMap(({ subject, points: own }) =>
      own.map((point) => ktapPoint(subject, point)),
    )
    terminal.out(`${ktap(all)}# ${counts}\n`)
  } else {
    terminal.out(`${counts}\n`)
  }
  if (flags.coverage) {
    const text = coverageText(subjects)
    // Of KTAP only diagnostic lines may follow.
    terminal.out(flags.ktap ? text.replace(/^(?=.)/gm, '# ') : text)
  }
  return code
}

/** Links are as seen from the folder that all models are below of. */
function tableText(subjects: readonly Subject[]): string {
  const folder = commonFolder(subjects.map(({ file }) => file))
  const models = subjects.flatMap((subject) => {
    const link = subject.file.slice(folder.length)
    return tableModelOf(subject.read, defaultRows(subject), link, largerRows(subject)) ?? []
  })
  return corpusTable(models)
}

/** What nothing exercised, over the union of all rows of all models. */
function coverageText(subjects: readonly Subject[]): string {
  const sources = new Map(subjects.flatMap(({ read }) => [...read.sources]))
  const models = subjects.flatMap(({ read, rows }): CoveredModel[] =>
    read.model === null ? [] : [{ model: read.model, rows: rows.map((row) => row.exercise) }],
  )
  return renderCoverage(coverageOf(models), sources)
}

function subjectOf(file: string, flags: TestFlags): Subject {
  const read = readModel(file, fileReader(file))
  const { model } = read
  const { sizes, problems } =
    model === null || !flags.larger ? { sizes: [], problems: [] } : largerSizesOf(model)
  for (const { file: path, line, message, help } of problems) {
    throw new UsageError(`${path}:${line}: ${message}`, help)
  }
  return { file, name: model?.name ?? file, read, larger: sizes, rows: [] }
}

async function searchAll(terminal: Terminal, subjects: Subject[], flags: TestFlags): Promise<void> {
  const interrupt = listenForInterrupt()
  const tasks: TestTask[] = subjects.flatMap((subject, model) =>
    rowsOf(subject).map((row) => ({ model, row })),
  )
  const models = subjects.map(({ file, read }) => ({ file, recorded: read.recorded }))
  const data = {
    models,
    limits: searchLimits(flags),
    engine: flags.engine,
    reductions: wantedReductions(flags),
    goal: 'expected' as const,
    stop: interrupt.shared,
  }
  const counts = subjects.map((subject) => rowsOf(subject).length)
  let shown = 0
  const showReady = (): void => {
    for (let next = subjects[shown]; next !== undefined && next.rows.length === counts[shown]; ) {
      if (!flags.ktap && !flags.table) showSubject(terminal, next, flags)
      shown += 1
      next = subjects[shown]
    }
  }
  try {
    showReady()
    await testRows(data, tasks, flags.workers, (row, index) => {
      const subject = subjects[tasks[index]?.model ?? -1]
      subject?.rows.push(row)
      showReady()
    })
  } finally {
    interrupt.release()
  }
}

function showSubject(terminal: Terminal, subject: Subject, flags: TestFlags): void {
  const points = pointsOf(subject)
  const { good, bad, doubtful } = terminal.paint
  points.forEach((point, index) => {
    const row = subject.rows[index]
    if (row !== undefined)
      showDiagnostics(terminal, row.diagnostics.filter(isError), subject.read.sources)
    const others = row?.judgement?.others ?? []
    if (point.status === 'internal') terminal.err(internalError(new Error(point.message)))
    if (point.status === 'passed' && !flags.verbose) return
    const mark =
      point.status === 'passed'
        ? good('ok')
        : point.status === 'incomplete'
          ? doubtful('open')
          : bad('FAIL')
    terminal.out(`  ${mark} ${point.name}: ${rowText(point, row)}\n`)
    if (others.length > 0) terminal.out(`       also found: ${others.join(', ')}\n`)
    const token = row?.report?.document.trace?.token
    if (point.status === 'failed' && token !== undefined) {
      terminal.out(`       gmemcheck replay ${token} ${subject.file}\n`)
    }
  })
  if (flags.quiet) return
  const code = worst(points.map((point) => CODES[point.status]))
  const mark =
    code === EXIT.ok ? good('ok') : code === EXIT.incomplete ? doubtful('open') : bad('FAIL')
  terminal.out(`${mark} ${subject.name}  ${countsText(points)}\n`)
}

const isError = (diagnostic: Diagnostic): boolean => hasErrors([diagnostic])

function rowText(point: Point, row: TestedRow | undefined): string {
  const report = row?.report
  if (report == null || point.status !== 'passed') return point.message
  const { verdict, violation, search } = report.document
  const what = violation === undefined ? verdict : `${verdict} ${violation.kind}`
  return `${what}, ${search.distinctStates} states, depth ${search.depth}`
}
