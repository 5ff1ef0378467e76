import { availableParallelism } from 'node:os'
import { setImmediate } from 'node:timers/promises'
import { type Command, Option } from 'commander'
import {
  type CheckedModel,
  type Configuration,
  configure,
  describe,
  designRows,
} from '../../../spec/index.js'
import {
  type CrossCheck,
  type CrossCheckedRow,
  countsOf,
  crossCheckDocument,
  crossCheckRow,
  defaultSearchOptions,
  type Engine,
  exploreWithPauses,
  installed,
  type ReadModel,
  readModel,
  rowName,
  type SearchResult,
  statusOf,
  summaryText,
  type Tool,
  type ToolName,
  tableOf,
  targetOfTool,
  toolNames,
  wasCutShort,
} from '../../index.js'
import {
  addRowOptions,
  addVoiceOptions,
  memorySize,
  positiveInteger,
  type RowFlags,
  seconds,
} from '../arguments.js'
import { EXIT, type ExitCode, UsageError, worst } from '../exit.js'
import { fileReader } from '../files.js'
import { childHost } from '../host.js'
import { type Interrupt, listenForInterrupt } from '../interrupt.js'
import { declaringModels } from '../models.js'
import { createTerminal, type Terminal, wantsColor } from '../terminal.js'
import { howToReport, pauses, showDiagnostics } from '../voice.js'

interface CrossCheckFlags extends RowFlags {
  readonly with?: readonly ToolName[]
  readonly tlc?: string
  readonly json?: boolean
  readonly timeout?: number
  readonly maxStates?: number
  readonly memory?: number
  readonly jobs: number
  readonly color: boolean
  readonly quiet?: boolean
}

/** A row that is to be checked. */
interface Task {
  readonly file: string
  readonly read: ReadModel
  readonly model: CheckedModel
  readonly configuration: Configuration
}

interface NamedTool {
  readonly tool: Tool
  readonly version: string
}

/** `cross-check`: the same rows in other model checkers, their answers held against ours. */
export function crossCheckCommand(command: Command, finish: (code: ExitCode) => void): Command {
  command
    .description('export every row, run SPIN, Rumur and TLC on it, compare their answers with ours')
    .argument('<path...>', 'models, and folders with models')
    .addOption(
      new Option('--with <NAMES>', `tools, separated by commas: ${toolNames.join(', ')}`)
        .argParser(toolList)
        .default(undefined, 'those that are installed'),
    )
    .option('--tlc <JAR>', 'where tla2tools.jar is')
    .option('--json', 'one JSON document on stdout, nothing else')
    .addOption(option('--timeout <SECONDS>', 'of each search, ours and theirs', seconds))
    .addOption(option('--max-states <N>', 'distinct states of each search', positiveInteger))
    .addOption(
      new Option('--memory <SIZE>', 'bytes of each search')
        .argParser(memorySize)
        .default(undefined, '2G'),
    )
    .addOption(
      new Option('--jobs <N>', 'rows at a time')
        .argParser(positiveInteger)
        .default(availableParallelism(), 'available parallelism'),
    )
  addRowOptions(command)
  addVoiceOptions(command)
  return command.action(async (paths: string[], flags: CrossCheckFlags) => {
    const interrupt = listenForInterrupt()
    try {
      finish(await crossCheck(createTerminal(wantsColor(flags.color)), paths, flags, interrupt))
    } finally {
      interrupt.release()
    }
  })
}

const option = (flags: string, about: string, parser: (text: string) => number): Option =>
  new Option(flags, about).argParser(parser).default(undefined, 'no limit')

function toolList(text: string): readonly ToolName[] {
  const names = text.split(',').map((name) => name.trim())
  for (const name of names) {
    if (toolNames.some((known) => known === name)) continue
    throw new UsageError(`there is no tool called \`${name}\``, toolNames.join(', '))
  }
  return [...new Set(names)] as ToolName[]
}

async function crossCheck(
  terminal: Terminal,
  paths: readonly string[],
  flags: CrossCheckFlags,
  interrupt: Interrupt,
): Promise<ExitCode> {
  const tasks = tasksOf(terminal, paths, flags)
  const host = childHost()
  const watch = setInterval(() => {
    if (interrupt.requested()) host.stop()
  }, 100)
  try {
    const { found, missing } = await installed(host, flags.with ?? toolNames, flags.tlc ?? null)
    if (flags.with !== undefined && missing.length > 0) {
      throw new UsageError(`not installed: ${missing.join(', ')}`, WHERE)
    }
    if (found.length === 0) throw new UsageError('no other model checker is installed', WHERE)
    if (tasks === null) return EXIT.wrong
    const rows = await checkAll(terminal, tasks, found, flags, interrupt)
    if (rows === null) return EXIT.wrong
    const code = conclude(terminal, rows, found, flags)
    if (rows.length === tasks.length) return code
    terminal.err(
      `interrupted: ${tasks.length - rows.length} of ${tasks.length} rows were not begun\n`,
    )
    return worst([code, EXIT.incomplete])
  } finally {
    clearInterval(watch)
    host.stop()
  }
}

const WHERE = 'Debian has spin and rumur, both need gcc; TLC is given with --tlc tla2tools.jar'

/** Every row of the design space at the sizes that were given, less those that another design was given for. Null: an error was said. */
function tasksOf(
  terminal: Terminal,
  paths: readonly string[],
  flags: CrossCheckFlags,
): readonly Task[] | null {
  const tasks: Task[] = []
  let isWrong = false
  for (const file of declaringModels(paths)) {
    const read = readModel(file, fileReader(file))
    const { model, sources } = read
    const said = (diagnostics: ReadModel['diagnostics']) => {
      if (showDiagnostics(terminal, diagnostics, sources, flags.quiet)) isWrong = true
    }
    said(read.diagnostics)
    if (model === null) continue
    said(configure(model, { params: flags.param, design: flags.design }).diagnostics)
    for (const row of designRows(model)) {
      const { design } = describe(model, row)
      const texts = Object.fromEntries(
        Object.entries(design).map(([name, value]) => [name, String(value)]),
      )
      if (Object.entries(flags.design).some(([name, value]) => texts[name] !== value)) continue
      const { result } = configure(model, { params: flags.param, design: texts })
      if (result !== null) tasks.push({ file, read, model, configuration: result })
    }
  }
  return isWrong ? null : tasks
}

/** All rows, some at a time, told in their order. Null when one cannot be lowered. */
async function checkAll(
  terminal: Terminal,
  tasks: readonly Task[],
  tools: readonly NamedTool[],
  flags: CrossCheckFlags,
  interrupt: Interrupt,
): Promise<readonly CrossCheckedRow[] | null> {
  const options = optionsOf(tools, flags, interrupt)
  const names = tasks.map(({ model, configuration }) => ({
    model: model.name,
    row: rowName(model, configuration),
  }))
  const table = tableOf(
    names,
    tools.map(({ tool }) => tool.name),
  )
  const isTime = pauses(terminal)
  const speaks = !flags.json && !flags.quiet
  if (speaks) terminal.out(`${terminal.paint.strong(table.head)}\n`)
  const rows = new Map<number, CrossCheckedRow>()
  let [next, told, isWrong] = [0, 0, false]
  const work = async (): Promise<void> => {
    for (let at = next++; at < tasks.length && !interrupt.requested(); at = next++) {
      const { model, file, configuration, read } = tasks[at] as Task
      const { row, diagnostics } = await crossCheckRow(model, file, configuration, options)
      if (showDiagnostics(terminal, diagnostics, read.sources, flags.quiet) || row === null) {
        isWrong = true
        continue
      }
      rows.set(at, row)
      for (let ready = rows.get(told); ready !== undefined; ready = rows.get(++told)) {
        if (speaks) terminal.out(`${paint(terminal, table.line(ready), ready)}\n`)
      }
      if (!flags.quiet && isTime())
        terminal.progress(`progress: ${rows.size} of ${tasks.length} rows`)
    }
  }
  await Promise.all(Array.from({ length: Math.min(flags.jobs, tasks.length) }, work))
  return isWrong ? null : [...tasks.keys()].flatMap((at) => rows.get(at) ?? [])
}

function optionsOf(
  tools: readonly NamedTool[],
  flags: CrossCheckFlags,
  interrupt: Interrupt,
): CrossCheck {
  const timeoutSeconds = flags.timeout ?? Number.POSITIVE_INFINITY
  const maxStates = flags.maxStates ?? Number.POSITIVE_INFINITY
  const memoryBytes = flags.memory ?? defaultSearchOptions.memoryBytes
  // Ours run one after the other: they are short, and each may have all the memory.
  let last: Promise<unknown> = Promise.resolve()
  const searchOne = async (engine: Engine, wanted: readonly string[]): Promise<SearchResult> => {
    const begin = performance.now()
    const elapsed = () => (performance.now() - begin) / 1000
    const stop = () =>
      interrupt.requested() ? 'interrupted' : elapsed() > timeoutSeconds ? 'time' : null
    const search = {
      ...defaultSearchOptions,
      maxStates,
      memoryBytes,
      wanted,
      stop,
      seconds: elapsed,
    }
    return exploreWithPauses(engine, search, async () => {
      await setImmediate()
    })
  }
  return {
    tools: tools.map(({ tool }) => tool),
    toolOptions: { timeoutSeconds, memoryBytes, maxStates },
    search: (engine, wanted) => {
      const result = last.then(() => searchOne(engine, wanted))
      last = result.catch(() => null)
      return result
    },
    stopped: interrupt.requested,
  }
}

function paint(terminal: Terminal, line: string, row: CrossCheckedRow): string {
  const { good, bad, doubtful } = terminal.paint
  return line
    .replace(/ agree$/, (word) => good(word))
    .replace(/ not compared.*$/, (words) => (statusOf(row) === 'agree' ? words : doubtful(words)))
    .replace(/ DISAGREE.*$/, (words) => bad(words))
}

function conclude(
  terminal: Terminal,
  rows: readonly CrossCheckedRow[],
  tools: readonly NamedTool[],
  flags: CrossCheckFlags,
): ExitCode {
  if (flags.json) {
    const named = tools.map(({ tool, version }) => ({ name: tool.name, version }))
    terminal.out(`${JSON.stringify(crossCheckDocument(named, rows), null, 2)}\n`)
  } else terminal.out(`${summaryText(rows)}\n`)
  showDisagreements(terminal, rows)
  const disagree = countsOf(rows).rows.disagree > 0
  return worst([
    disagree ? EXIT.internal : EXIT.ok,
    rows.some(wasCutShort) ? EXIT.incomplete : EXIT.ok,
  ])
}

const COMPLAINT_LINES = 12

/** What whoever mends it needs: the text that was run, and what was said about it. */
function showDisagreements(terminal: Terminal, rows: readonly CrossCheckedRow[]): void {
  let some = false
  for (const row of rows) {
    for (const { tool, status, reason, theirs, output } of row.tools) {
      if (status !== 'disagree') continue
      some = true
      const settings = [
        ...Object.entries(row.params).map(([name, value]) => `--param ${name}=${value}`),
        ...Object.entries(row.design).map(([name, value]) => `--design ${name}=${value}`),
      ]
      const command = ['gmemcheck export', targetOfTool[tool], row.file, ...settings].join(' ')
      terminal.err(
        `${terminal.paint.bad('disagree')}: ${row.model} ${row.name}: ${reason}\n  ${command}\n`,
      )
      // What a tool said of a text that it took is in the reason.
      if (theirs !== null) continue
      const lines = output.trimEnd().split('\n').slice(0, COMPLAINT_LINES)
      terminal.err(`${lines.map((line) => `  | ${line}`).join('\n')}\n`)
    }
  }
  if (some) terminal.err(`\n${howToReport}\n`)
}
