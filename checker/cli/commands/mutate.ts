import { type Command, InvalidArgumentError, Option } from 'commander'
import {
  designRows,
  type LoadedFiles,
  type Mutation,
  type MutationKind,
  mutationKinds,
  mutationTitles,
} from '../../../spec/index.js'
import {
  judgeMutants,
  type MutantOutcome,
  type MutationReport,
  mutationsDocument,
  mutationsSummary,
  mutationText,
  type PlannedMutation,
  planMutations,
  type ReadModel,
  readModel,
  reportMutations,
  staleText,
  type TestedModel,
  type TestedRow,
  type TestTask,
  testRows,
  uncoveredBy,
} from '../../index.js'
import {
  addSearchOptions,
  addVoiceOptions,
  type SearchFlags,
  searchLimits,
  wantedReductions,
} from '../arguments.js'
import { EXIT, type ExitCode, worst } from '../exit.js'
import { fileReader } from '../files.js'
import { type Interrupt, listenForInterrupt } from '../interrupt.js'
import { declaringModels } from '../models.js'
import { createTerminal, type Terminal, wantsColor } from '../terminal.js'
import { internalError, pauses, showDiagnostics } from '../voice.js'

interface MutateFlags extends SearchFlags {
  readonly only?: readonly MutationKind[]
  readonly library: boolean
  readonly json?: boolean
}

interface Subject {
  readonly file: string
  readonly name: string
  readonly read: ReadModel
  readonly loaded: LoadedFiles
  readonly count: number
}

/** `mutate`: the models with one thing taken out at a time, and what of that no row notices. */
export function mutateCommand(command: Command, finish: (code: ExitCode) => void): Command {
  const titles = mutationKinds.map((kind) => `  ${kind.padEnd(12)}${mutationTitles[kind]}`)
  command
    .description(
      'take out or weaken each lock, recheck, unmap, assertion; list what no row notices',
    )
    .argument('<path...>', 'models, and folders with models; - is standard input')
    .addOption(
      new Option('--only <KINDS>', `kinds, separated by commas: ${mutationKinds.join(', ')}`)
        .argParser(kindList)
        .default(undefined, 'all of them'),
    )
    .option('--no-library', 'change only the models themselves, not what they use')
    .option('--json', 'one JSON document on stdout, nothing else')
    .addHelpText('after', `\nKinds of mutations:\n${titles.join('\n')}`)
  addSearchOptions(command)
  addVoiceOptions(command)
  return command.action(async (paths: string[], flags: MutateFlags) => {
    const interrupt = listenForInterrupt()
    try {
      finish(await mutate(createTerminal(wantsColor(flags.color)), paths, flags, interrupt))
    } finally {
      interrupt.release()
    }
  })
}

function kindList(text: string): readonly MutationKind[] {
  const names = text.split(',').map((name) => name.trim())
  return names.map((name) => {
    const kind = mutationKinds.find((each) => each === name)
    if (kind !== undefined) return kind
    throw new InvalidArgumentError(`there are: ${mutationKinds.join(', ')}.`)
  })
}

async function mutate(
  terminal: Terminal,
  paths: readonly string[],
  flags: MutateFlags,
  interrupt: Interrupt,
): Promise<ExitCode> {
  const read = declaringModels(paths).map((file) => subjectOf(terminal, file, flags))
  const subjects = read.flatMap((subject) => subject ?? [])
  if (subjects.length < read.length) return EXIT.wrong
  const found = await testAll(terminal, subjects, flags, interrupt)
  const models = subjects.map(({ file, loaded }, at): TestedModel => {
    return { file, loaded, rows: found[at] ?? [] }
  })
  const code = judgeOriginals(terminal, models)
  if (code === EXIT.wrong || code === EXIT.internal) return code
  const known = planMutations(models)
  const planned = known.filter(({ mutation }) => isMade(mutation, models, flags))
  const asked = await judgeAll(terminal, subjects, models, planned, flags, interrupt)
  const isListed = ({ kind }: Mutation): boolean => flags.only?.includes(kind) ?? true
  const report = reportMutations(models, asked, isListed, known)
  show(terminal, subjects, report, flags)
  return worst([code, codeOf(report)])
}

function subjectOf(terminal: Terminal, file: string, flags: MutateFlags): Subject | null {
  const read = readModel(file, fileReader(file))
  const { model, loaded, diagnostics, sources } = read
  const isWrong = showDiagnostics(terminal, diagnostics, sources, flags.quiet)
  if (isWrong || model === null || loaded === null) return null
  return { file, name: model.name, read, loaded, count: designRows(model).length }
}

const sharedData = (subjects: readonly Subject[], flags: MutateFlags, interrupt: Interrupt) => ({
  models: subjects.map(({ file, read }) => ({ file, recorded: read.recorded })),
  limits: searchLimits(flags),
  engine: flags.engine,
  reductions: wantedReductions(flags),
  stop: interrupt.shared,
})

async function testAll(
  terminal: Terminal,
  subjects: readonly Subject[],
  flags: MutateFlags,
  interrupt: Interrupt,
): Promise<readonly (readonly TestedRow[])[]> {
  const tasks = subjects.flatMap(({ count }, model) =>
    Array.from({ length: count }, (_, row): TestTask => ({ model, row })),
  )
  const data = { ...sharedData(subjects, flags, interrupt), goal: 'expected' as const }
  const tell = teller(terminal, flags, tasks.length, 'rows of the models as they are')
  const rows = await testRows(data, tasks, flags.workers, (_, index) => tell(index))
  return subjects.map((_, model) => rows.filter((_row, at) => tasks[at]?.model === model))
}

/** What a mutation does says something only of a model that does what is expected of it. */
function judgeOriginals(terminal: Terminal, models: readonly TestedModel[]): ExitCode {
  const codes = models.flatMap(({ file, rows }) =>
    rows.map(({ name, report, judgement, diagnostics }): ExitCode => {
      if (report?.disagreement != null) {
        const what = `the engine's counterexample is not one: ${report.disagreement}`
        terminal.err(internalError(new Error(what)))
        return EXIT.internal
      }
      const said = judgement?.reason ?? diagnostics[0]?.message ?? ''
      if (judgement?.status === 'met') return EXIT.ok
      terminal.err(`gmemcheck: ${file}: ${name}: ${said}\n`)
      if (judgement?.status === 'incomplete') return EXIT.incomplete
      terminal.err(`  a model is mutated when it is as it expects: \`gmemcheck test ${file}\`\n`)
      return EXIT.wrong
    }),
  )
  return worst(codes)
}

/** An assertion may be needed for other mutations only, so these are made too where assertions are asked for. */
function isMade(
  { kind, at }: Mutation,
  models: readonly TestedModel[],
  { only, library }: MutateFlags,
): boolean {
  if (!library && !models.some(({ file }) => file === at.file)) return false
  if (only === undefined || only.includes(kind)) return true
  return only.includes('assertions') || only.includes('invariants')
}

async function judgeAll(
  terminal: Terminal,
  subjects: readonly Subject[],
  models: readonly TestedModel[],
  planned: readonly PlannedMutation[],
  flags: MutateFlags,
  interrupt: Interrupt,
): Promise<
  readonly { readonly planned: PlannedMutation; readonly outcome: MutantOutcome | null }[]
> {
  const asked = planned.filter(({ rows }) => rows.length > 0)
  const tasks = asked.map(({ mutation, rows }) => ({ mutation, rows }))
  const data = {
    ...sharedData(subjects, flags, interrupt),
    uncovered: models.map(uncoveredBy),
  }
  const tell = teller(terminal, flags, tasks.length, 'mutations')
  const outcomes = await judgeMutants(data, tasks, flags.workers, (_, index) => tell(index))
  const byPlan = new Map(asked.map((each, at) => [each, outcomes[at] ?? null]))
  return planned.map((each) => {
    const unasked: MutantOutcome | null = each.isExecuted ? { status: 'unnoticed' } : null
    return { planned: each, outcome: byPlan.get(each) ?? unasked }
  })
}

function teller(
  terminal: Terminal,
  { quiet }: MutateFlags,
  count: number,
  what: string,
): (index: number) => void {
  const isTime = pauses(terminal)
  return (index) => {
    if (!quiet && isTime()) terminal.progress(`progress: ${index + 1} of ${count} ${what}`)
  }
}

function show(
  terminal: Terminal,
  subjects: readonly Subject[],
  report: MutationReport,
  flags: MutateFlags,
): void {
  const names = subjects.map(({ name }) => name)
  const sources = new Map(subjects.flatMap(({ read }) => [...read.sources]))
  if (flags.json) {
    const models = subjects.map(({ name, file }) => ({ model: name, file }))
    terminal.out(`${JSON.stringify(mutationsDocument(report, models, sources), null, 2)}\n`)
    return
  }
  const { good, bad, doubtful, faint } = terminal.paint
  const paints = { unnoticed: bad, open: doubtful, noticed: good } as Record<string, typeof bad>
  for (const each of report.judged) {
    const lines = mutationText(each, names, sources)
    if (lines === null || (flags.quiet && each.status !== 'unnoticed')) continue
    terminal.out(`${lines.what}\n    ${(paints[each.status] ?? faint)(lines.came)}\n`)
  }
  for (const each of report.stale) terminal.out(`${bad(staleText(each, names))}\n`)
  terminal.out(`${mutationsSummary(report)}\n`)
}

function codeOf({ judged, stale }: MutationReport): ExitCode {
  const has = (status: string) => judged.some((each) => each.status === status)
  if (has('unnoticed') || stale.length > 0) return EXIT.violated
  return has('open') ? EXIT.incomplete : EXIT.ok
}
