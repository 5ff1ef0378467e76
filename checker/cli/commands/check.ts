import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { type Command, InvalidArgumentError } from 'commander'
import { configure, matchExpectation } from '../../../spec/index.js'
import {
  auditRow,
  exploreRowWithPauses,
  type Progress,
  prepareRow,
  type ReductionName,
  readModel,
  renderAudit,
  reportRow,
  rowFileName,
  type SearchOptions,
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
import { EXIT, type ExitCode, worst } from '../exit.js'
import { fileReader, isFolder } from '../files.js'
import { type Interrupt, listenForInterrupt } from '../interrupt.js'
import { laterOptions, refuseLater } from '../later.js'
import { showReport, writeEvidence } from '../report.js'
import { createTerminal, type Terminal, wantsColor } from '../terminal.js'
import { internalError, progressTeller, showDiagnostics, verdictCode } from '../voice.js'

interface CheckFlags extends SearchFlags, RowFlags {
  readonly json?: boolean
  readonly out: string
  /** More than one model: a line has to say which. */
  readonly several: boolean
  readonly audit?: boolean
  readonly reductions: readonly ReductionName[]
}

/** `check`: explore, report the verdict, write the counterexample. */
export function checkCommand(command: Command, finish: (code: ExitCode) => void): Command {
  command
    .description('explore every interleaving, report the verdict, write the counterexample')
    .argument('<model.gmem...>', 'models to check; - is standard input')
    .option('--json', 'one JSON document on stdout, nothing else')
    .option('--audit', 'search with and without reductions, and compare; no counterexample')
    .option('--out <DIR>', 'where counterexamples are written', 'counterexamples')
  addRowOptions(command)
  addSearchOptions(command)
  addVoiceOptions(command)
  for (const option of laterOptions('check')) command.addOption(option)
  return command.action(
    async (files: string[], flags: Omit<CheckFlags, 'several' | 'reductions'>) => {
      refuseLater('check', flags as unknown as Record<string, unknown>)
      const reductions = wantedReductions(flags)
      if (flags.json && files.length > 1) {
        throw new InvalidArgumentError('--json takes one model: one document on stdout')
      }
      const interrupt = listenForInterrupt()
      try {
        const codes: ExitCode[] = []
        const several = files.length > 1
        const terminal = createTerminal(wantsColor(flags.color))
        for (const [index, file] of files.entries()) {
          if (index > 0 && !flags.json && !flags.quiet) terminal.out('\n')
          codes.push(await checkFile(terminal, file, { ...flags, several, reductions }, interrupt))
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
  const written = report.evidence === null || writeEvidence(terminal, stem, report.evidence)
  showReport(terminal, report, flags, written ? stem : null)
  return written ? verdictCode(report.document.verdict) : EXIT.wrong
}
