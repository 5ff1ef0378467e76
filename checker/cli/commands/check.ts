import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { type Command, InvalidArgumentError } from 'commander'
import { configure, matchExpectation } from '../../../spec/index.js'
import {
  auditRow,
  type Evidence,
  exploreRowWithPauses,
  findingOf,
  formatNames,
  type Progress,
  prepareRow,
  type ReductionName,
  type RowReport,
  readModel,
  renderAudit,
  renderSummary,
  renderVerdictLine,
  reportRow,
  rowFileName,
  type SearchOptions,
  verdictText,
  writeTraceFile,
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
import { fileReader, isFolder, type OutputFile, writeTogether } from '../files.js'
import {
  addFormatOption,
  type Formats,
  type Formatted,
  formatted,
  prepareFormats,
  type WantedFormat,
} from '../formats.js'
import { type Interrupt, listenForInterrupt } from '../interrupt.js'
import { laterOptions, refuseLater } from '../later.js'
import { createTerminal, type Terminal, wantsColor } from '../terminal.js'
import {
  internalError,
  paintColumns,
  paintVerdict,
  progressTeller,
  showDiagnostics,
  verdictCode,
} from '../voice.js'

interface CheckFlags extends SearchFlags, RowFlags {
  readonly json?: boolean
  readonly out: string
  /** More than one model: a line has to say which. */
  readonly several: boolean
  readonly audit?: boolean
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
    .option('--audit', 'search with and without reductions, and compare; no counterexample')
    .option('--out <DIR>', 'where counterexamples are written', 'counterexamples')
  addFormatOption(command, formatNames)
  addRowOptions(command)
  addSearchOptions(command)
  addVoiceOptions(command)
  for (const option of laterOptions('check')) command.addOption(option)
  return command.action(
    async (files: string[], flags: Omit<CheckFlags, 'several' | 'reductions' | 'formats'>) => {
      refuseLater('check', flags as unknown as Record<string, unknown>)
      const reductions = wantedReductions(flags)
      if (flags.json && files.length > 1) {
        throw new InvalidArgumentError('--json takes one model: one document on stdout')
      }
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
    all: false,
  }
  const pause = async (progress: Progress): Promise<void> => {
    tell?.(progress)
    await setImmediate()
  }
  const { reductions } = flags
  if (flags.audit === true) {
    const audit = await auditRow(row, options, reductions, pause)
    terminal.out(renderAudit(audit))
    return audit.differences.length > 0
      ? EXIT.internal
      : audit.isComplete
        ? EXIT.ok
        : EXIT.incomplete
  }
  const result = await exploreRowWithPauses(row, options, { reductions }, pause)
  const stem = join(flags.out, rowFileName(model, configured.result))
  const report = reportRow(row, result, { file, traceFile: `${stem}.trace.json` })
  if (report.disagreement !== null) {
    const what = `the engine's counterexample is not one: ${report.disagreement}`
    terminal.err(internalError(new Error(what)))
    return EXIT.internal
  }
  const told = formatted(flags.formats, () => findingOf(row, result, report), stem)
  const files = [...evidenceFiles(stem, report.evidence), ...told.files]
  const written = write(terminal, files)
  show(terminal, report, flags, written, told)
  return written === null ? EXIT.wrong : verdictCode(report.document.verdict)
}

function evidenceFiles(stem: string, evidence: Evidence | null): OutputFile[] {
  if (evidence === null) return []
  return [
    { path: `${stem}.txt`, text: evidence.columns },
    { path: `${stem}.trace.json`, text: writeTraceFile(evidence.trace) },
  ]
}

/** Writes what was found, and says where; null where the disk did not take it, which is told: then nothing is written. */
function write(terminal: Terminal, files: readonly OutputFile[]): readonly string[] | null {
  // The columns may have been asked for as well.
  const byPath = new Map(files.map((file) => [file.path, file]))
  try {
    writeTogether([...byPath.values()])
    return [...byPath.keys()]
  } catch (problem) {
    if (!(problem instanceof UsageError)) throw problem
    terminal.err(`gmemcheck: ${problem.message}\n`)
    return null
  }
}

function show(
  terminal: Terminal,
  { document, evidence }: RowReport,
  flags: CheckFlags,
  written: readonly string[] | null,
  { spoken, untold }: Formatted,
): void {
  if (untold.length > 0 && !flags.quiet) {
    const what = `there is no run to write as ${untold.join(', ')}`
    terminal.err(`${document.file}: ${verdictText(document)}: ${what}\n`)
  }
  if (spoken !== null) {
    if (written !== null) terminal.out(spoken)
    return
  }
  if (flags.json) {
    if (written !== null) terminal.out(`${JSON.stringify(document, null, 2)}\n`)
    return
  }
  if (flags.quiet) {
    const which = flags.several ? `${document.file}: ` : ''
    terminal.out(which + paintVerdict(terminal, `verdict: ${renderVerdictLine(document)}\n`))
    return
  }
  if (evidence !== null) terminal.out(`${paintColumns(terminal, evidence.columns)}\n`)
  terminal.out(paintVerdict(terminal, renderSummary(document)))
  for (const path of written ?? []) terminal.out(`written: ${path}\n`)
}
