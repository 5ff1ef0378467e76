import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { type Command, InvalidArgumentError } from 'commander'
import { configure, matchExpectation } from '../../../spec/index.js'
import {
  auditRow,
  exploreRowWithPauses,
  findingOf,
  formatNames,
  grouping,
  type Progress,
  pageOfReport,
  prepareRow,
  type ReductionName,
  type Row,
  type RowReport,
  readModel,
  renderAudit,
  renderSummary,
  reportRow,
  rowFileName,
  type SearchOptions,
  type SearchResult,
  shrinking,
  withPauses,
} from '../../index.js'
import {
  addRowOptions,
  addSearchOptions,
  addVoiceOptions,
  type RowFlags,
  type SearchFlags,
  searchLimits,
  wantedReductions,
} from '../arguments.js'
import { EXIT, type ExitCode, UsageError, worst } from '../exit.js'
import { fileReader, isFolder, type OutputFile } from '../files.js'
import {
  addFormatOption,
  type Formats,
  formatted,
  prepareFormats,
  type WantedFormat,
} from '../formats.js'
import { checkHtml, htmlFile, htmlOption } from '../html.js'
import { type Interrupt, listenForInterrupt } from '../interrupt.js'
import { laterOptions, refuseLater } from '../later.js'
import { evidenceFiles, showReport, writeFiles } from '../report.js'
import { createTerminal, type Terminal, wantsColor } from '../terminal.js'
import { internalError, progressTeller, showDiagnostics, verdictCode } from '../voice.js'

interface CheckFlags extends SearchFlags, RowFlags {
  readonly json?: boolean
  readonly out: string
  /** More than one model: a line has to say which. */
  readonly several: boolean
  readonly all?: boolean
  readonly shrink?: boolean
  readonly audit?: boolean
  readonly html?: string
  readonly reductions: readonly ReductionName[]
  readonly format: readonly WantedFormat[]
  readonly formats: Formats
}

/** `check`: explore, report the verdict, write the counterexample. */
export function checkCommand(command: Command, finish: (code: ExitCode) => void): Command {
  command
    .description('explore every interleaving, report the verdict, write the counterexample')
    .argument('<model.gmem...>', 'models to check; - is standard input')
    .option('--json', 'one JSON document on stdout, nothing else')
    .option('--all', 'go on after a violation, and show the smallest run to each cause')
    .option('--shrink', 'leave out of the scenario what the violation does not need')
    .option('--audit', 'search with and without reductions, and compare; no counterexample')
    .option('--out <DIR>', 'where counterexamples are written', 'counterexamples')
    .addOption(htmlOption())
  addFormatOption(command, formatNames)
  addRowOptions(command)
  addSearchOptions(command)
  addVoiceOptions(command)
  for (const option of laterOptions('check')) command.addOption(option)
  return command.action(
    async (files: string[], flags: Omit<CheckFlags, 'several' | 'reductions' | 'formats'>) => {
      refuseLater('check', flags as unknown as Record<string, unknown>)
      const reductions = flags.all ? everyState(command) : wantedReductions(flags)
      if (flags.json && files.length > 1) {
        throw new InvalidArgumentError('--json takes one model: one document on stdout')
      }
      if (flags.html !== undefined && (files.length > 1 || flags.audit)) {
        throw new InvalidArgumentError('--html takes one model, and no --audit: one run is shown')
      }
      checkHtml(flags.html)
      if (flags.audit && flags.format.length > 0) {
        throw new UsageError('--audit compares searches, and has nothing for --format to write')
      }
      const several = files.length > 1
      const formats = await prepareFormats(flags.format, { json: flags.json === true, several })
      const interrupt = listenForInterrupt()
      try {
        const codes: ExitCode[] = []
        const terminal = createTerminal(wantsColor(flags.color))
        for (const [index, file] of files.entries()) {
          if (index > 0 && !flags.json && !flags.quiet) terminal.out('\n')
          const all = { ...flags, several, reductions, formats }
          codes.push(await checkFile(terminal, file, all, interrupt))
        }
        finish(worst(codes))
      } finally {
        interrupt.release()
      }
    },
  )
}

/** Each of these asks for another search. */
function refuseTogether({ all, shrink, audit }: CheckFlags): void {
  if (audit && (all || shrink)) {
    const other = all ? '--all' : '--shrink'
    throw new UsageError(
      `--audit compares searches and shows no counterexample: leave out ${other}`,
    )
  }
  if (all && shrink) throw new UsageError('--shrink is for one violation: leave out --all')
}

/** A reduced search finds of several violations one at least: to tell the causes apart takes all of them. */
function everyState(command: Command): readonly ReductionName[] {
  const { reduction } = command.opts<SearchFlags>()
  if (command.getOptionValueSource('reduction') === 'default' || reduction === 'none') return []
  throw new UsageError(`--all sees every state: leave out --reduction ${reduction}`)
}

async function checkFile(
  terminal: Terminal,
  file: string,
  flags: CheckFlags,
  interrupt: Interrupt,
): Promise<ExitCode> {
  const quiet = flags.quiet === true
  const { model, diagnostics, sources } = readModel(file, fileReader(file))
  if (showDiagnostics(terminal, diagnostics, sources, quiet) || model === null) {
    if (isFolder(file)) terminal.err(`\`gmemcheck test ${file}\` checks the models in it\n`)
    return EXIT.wrong
  }
  const configured = configure(model, { params: flags.param, design: flags.design })
  const isWrong = showDiagnostics(terminal, configured.diagnostics, sources, quiet)
  if (isWrong || configured.result === null) return EXIT.wrong
  const { row, diagnostics: lowered } = prepareRow(model, configured.result, flags.engine)
  if (showDiagnostics(terminal, lowered, sources, quiet) || row === null) return EXIT.wrong

  const { timeoutSeconds, ...limits } = searchLimits(flags)
  const begin = performance.now()
  const elapsed = () => (performance.now() - begin) / 1000
  const tell = quiet ? null : progressTeller(terminal, elapsed)
  const options: SearchOptions = {
    ...limits,
    stop: () =>
      interrupt.requested() ? 'interrupted' : elapsed() > timeoutSeconds ? 'time' : null,
    seconds: elapsed,
    wanted: [],
    workers: flags.workers,
    threads: 'when-large',
    preferred: matchExpectation(model, configured.result)?.kinds ?? [],
    all: flags.all === true,
    byCause: flags.all === true,
  }
  const pause = async (progress: Progress): Promise<void> => {
    tell?.(progress)
    await setImmediate()
  }
  const { reductions } = flags
  refuseTogether(flags)
  if (flags.audit === true) {
    const audit = await auditRow(row, options, reductions, pause)
    terminal.out(renderAudit(audit))
    return audit.differences.length > 0
      ? EXIT.internal
      : audit.isComplete
        ? EXIT.ok
        : EXIT.incomplete
  }
  const search = { reductions }
  const full = await exploreRowWithPauses(row, options, search, pause)
  const found = { model, configuration: configured.result, engine: flags.engine, row, result: full }
  const isShrunk = flags.shrink === true && full.violation !== null
  const least = isShrunk
    ? await withPauses(shrinking(found, options, search), pause)
    : { ...found, smaller: [] }
  const shown = { ...least, result: grouping(least.row, least.result) }
  const stem = join(flags.out, rowFileName(model, configured.result))
  const report = reportRow(shown.row, shown.result, { file, traceFile: `${stem}.trace.json` })
  if (report.disagreement !== null) {
    const what = `the engine's counterexample is not one: ${report.disagreement}`
    terminal.err(internalError(new Error(what)))
    return EXIT.internal
  }
  const pages = flags.html === undefined ? [] : [pageFile(flags.html, shown, report)]
  const told = formatted(flags.formats, () => findingOf(shown.row, shown.result, report), stem)
  const files = [...evidenceFiles(stem, report), ...told.files, ...pages]
  const written = writeFiles(terminal, files)
  showReport(terminal, report, flags, { written, ...told })
  const isSilent = quiet || flags.json || told.spoken !== null
  if (!isSilent) for (const text of shown.smaller) terminal.out(`shrunk: ${text}\n`)
  return written === null ? EXIT.wrong : verdictCode(report.document.verdict)
}

/** The page of what is shown, and what it says to readers who run no scripts. */
function pageFile(
  path: string,
  { row, result }: { readonly row: Row; readonly result: SearchResult },
  report: RowReport,
): OutputFile {
  const text = `${report.evidence?.columns ?? ''}\n${renderSummary(report.document)}`
  return htmlFile(path, pageOfReport(row, result, report), text)
}
