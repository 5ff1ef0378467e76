import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { type Command, InvalidArgumentError, Option } from 'commander'
import {
  defaultEngine,
  type EngineName,
  engineNames,
  reportRow,
  rowFileName,
  simulating,
} from '../../index.js'
import {
  addRowOptions,
  addVoiceOptions,
  memorySize,
  positiveInteger,
  type RowFlags,
  searchLimits,
  seconds,
} from '../arguments.js'
import { EXIT, type ExitCode } from '../exit.js'
import { listenForInterrupt } from '../interrupt.js'
import { evidenceFiles, showReport, writeFiles } from '../report.js'
import { rowOf } from '../row-of.js'
import { createTerminal, type Terminal, wantsColor } from '../terminal.js'
import { internalError, verdictCode } from '../voice.js'

interface SimulateFlags extends RowFlags {
  readonly seed?: number
  readonly walks: number
  readonly steps: number
  readonly memory?: number
  readonly timeout?: number
  readonly engine: EngineName
  readonly json?: boolean
  readonly out: string
  readonly color: boolean
  readonly quiet?: boolean
}

const SEED_MAX = 2 ** 32 - 1

/** `simulate`: random walks, for models that a search does not get to the end of. */
export function simulateCommand(command: Command, finish: (code: ExitCode) => void): Command {
  command
    .description('random walks: a violation they meet is one, that they meet none proves nothing')
    .argument('<model.gmem>', 'the model; - is standard input')
    .addOption(
      new Option(
        '--seed <N>',
        'the same seed walks the same way; default: another each time',
      ).argParser(seed),
    )
    .addOption(new Option('--walks <N>', 'walks at most').argParser(positiveInteger).default(1000))
    .addOption(
      new Option('--steps <N>', 'steps of each at most').argParser(positiveInteger).default(10_000),
    )
    .addOption(new Option('--memory <SIZE>', 'as of check').argParser(memorySize))
    .addOption(new Option('--timeout <SECONDS>', 'as of check').argParser(seconds))
    .addOption(
      new Option('--engine <NAME>', 'as of check').choices(engineNames).default(defaultEngine),
    )
    .option('--json', 'one JSON document on stdout, nothing else')
    .option('--out <DIR>', 'where counterexamples are written', 'counterexamples')
  addRowOptions(command)
  addVoiceOptions(command)
  return command.action(async (file: string, flags: SimulateFlags) => {
    finish(await simulate(createTerminal(wantsColor(flags.color)), file, flags))
  })
}

function seed(text: string): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || value > SEED_MAX) {
    throw new InvalidArgumentError(`a whole number up to ${SEED_MAX} is wanted.`)
  }
  return value
}

async function simulate(terminal: Terminal, file: string, flags: SimulateFlags): Promise<ExitCode> {
  const row = rowOf(terminal, file, flags, flags.engine)
  if (row === null) return EXIT.wrong
  const { seed = Math.floor(Math.random() * (SEED_MAX + 1)), walks, steps } = flags
  const { memoryBytes, timeoutSeconds } = searchLimits(flags)
  const begin = performance.now()
  const elapsed = () => (performance.now() - begin) / 1000
  const interrupt = listenForInterrupt()
  const stop = () =>
    interrupt.requested() ? 'interrupted' : elapsed() > timeoutSeconds ? 'time' : null
  const work = simulating(row.engine, { seed, walks, steps, memoryBytes, stop, seconds: elapsed })
  let next = work.next()
  try {
    while (next.done !== true) {
      await setImmediate()
      next = work.next()
    }
  } finally {
    interrupt.release()
  }
  const { result, ...counts } = next.value
  const stem = join(flags.out, rowFileName(row.model, row.configuration))
  const report = reportRow(row, result, { file, traceFile: `${stem}.trace.json` })
  if (report.disagreement !== null) {
    const what = `the engine's counterexample is not one: ${report.disagreement}`
    terminal.err(internalError(new Error(what)))
    return EXIT.internal
  }
  const written = writeFiles(terminal, evidenceFiles(stem, report))
  const document = { ...report.document, simulation: { seed, ...counts } }
  showReport(terminal, { ...report, document }, { ...flags, several: false }, { written })
  if (!flags.json) {
    const { walks: begun, atRest, cut, steps: taken } = counts
    terminal.out(
      `simulation: seed ${seed}, walks ${begun}, steps ${taken}, at rest ${atRest}, at a bound ${cut}\n`,
    )
  }
  return written === null ? EXIT.wrong : verdictCode(document.verdict)
}
