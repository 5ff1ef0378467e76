import type { Command } from 'commander'
import { designRows } from '../../../spec/index.js'
import {
  compareModels,
  differenceCounts,
  differenceFormat,
  type ModelDifference,
  type Revision,
  renderDifference,
  type TestedRow,
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
import { listenForInterrupt } from '../interrupt.js'
import { modelsAt, type RevisionModel } from '../revision.js'
import { createTerminal, type Terminal, wantsColor } from '../terminal.js'
import { internalError, showDiagnostics } from '../voice.js'

interface DiffFlags extends SearchFlags {
  readonly json?: boolean
  readonly verbose?: boolean
}

/** `diff`: what two revisions of a model, or of a folder of models, say of each row. */
export function diffCommand(command: Command, finish: (code: ExitCode) => void): Command {
  command
    .description('compare the verdicts of two revisions of a model, or of a folder of models')
    .argument('<A>', 'a model, a folder, or REV:path, as git has it')
    .argument('<B>', 'the same, later')
    .option('--json', 'one JSON document on stdout, nothing else')
    .option('--verbose', 'rows where nothing changed as well')
  addSearchOptions(command)
  addVoiceOptions(command)
  return command.action(async (a: string, b: string, flags: DiffFlags) => {
    finish(await diff(createTerminal(wantsColor(flags.color)), a, b, flags))
  })
}

/** A model of either side that is to be searched. */
interface Subject {
  readonly side: 'a' | 'b'
  readonly name: string
  readonly found: RevisionModel
  readonly revision: Revision
}

async function diff(terminal: Terminal, a: string, b: string, flags: DiffFlags): Promise<ExitCode> {
  const sides = { a: modelsAt(a), b: modelsAt(b) }
  if (sides.a.isFolder !== sides.b.isFolder) {
    throw new UsageError('a folder and a file cannot be compared', 'two files, or two folders')
  }
  const subjects: Subject[] = []
  let isBroken = false
  for (const side of ['a', 'b'] as const) {
    for (const [name, found] of sides[side].models) {
      const { model, diagnostics, sources } = found.read
      isBroken = showDiagnostics(terminal, diagnostics, sources, true) || isBroken
      if (model === null) continue
      // Two files are one model, whatever they are called.
      const key = sides.a.isFolder ? name : ''
      subjects.push({ side, name: key, found, revision: { model, rows: [] } })
    }
  }
  if (isBroken) return EXIT.wrong
  const searched = await searchAll(subjects, flags)
  const codes = searched.flatMap(({ revision }) => revision.rows.map((row) => told(terminal, row)))
  const code = worst(codes)
  if (code === EXIT.internal || code === EXIT.wrong) return code
  const models = pairUp(searched, sides.b.isFolder ? null : ([...sides.b.models.keys()][0] ?? b))
  show(terminal, { a, b }, models, flags)
  const changed = differenceCounts(models).verdictChanged > 0
  return worst([changed ? EXIT.violated : EXIT.ok, code])
}

/** What a row alone says for the exit code; what is wrong with it is said. */
function told(terminal: Terminal, { report, name }: TestedRow): ExitCode {
  if (report === null) {
    terminal.err(`gmemcheck: the row ${name} cannot be searched: see \`gmemcheck test\`\n`)
    return EXIT.wrong
  }
  if (report.disagreement !== null) {
    terminal.err(internalError(new Error(report.disagreement)))
    return EXIT.internal
  }
  return report.document.verdict === 'incomplete' ? EXIT.incomplete : EXIT.ok
}

async function searchAll(
  subjects: readonly Subject[],
  flags: DiffFlags,
): Promise<readonly Subject[]> {
  const interrupt = listenForInterrupt()
  const tasks = subjects.flatMap(({ revision }, model) =>
    [...designRows(revision.model).keys()].map((row) => ({ model, row })),
  )
  const data = {
    models: subjects.map(({ found }) => ({ file: found.file, recorded: found.read.recorded })),
    limits: searchLimits(flags),
    engine: flags.engine,
    reductions: wantedReductions(flags),
    stop: interrupt.shared,
    // What a revision expects is no part of what it does.
    goal: 'first' as const,
  }
  try {
    const rows = await testRows(data, tasks, flags.workers, () => undefined)
    const of = (model: number) => rows.filter((_, index) => tasks[index]?.model === model)
    return subjects.map((subject, model) => ({
      ...subject,
      revision: { ...subject.revision, rows: of(model) },
    }))
  } finally {
    interrupt.release()
  }
}

function pairUp(subjects: readonly Subject[], only: string | null): readonly ModelDifference[] {
  const names = [...new Set(subjects.map(({ name }) => name))].sort()
  return names.map((name) => {
    const on = (side: 'a' | 'b') =>
      subjects.find((each) => each.side === side && each.name === name)?.revision ?? null
    return compareModels(only ?? name, on('a'), on('b'))
  })
}

function show(
  terminal: Terminal,
  names: { readonly a: string; readonly b: string },
  models: readonly ModelDifference[],
  flags: DiffFlags,
): void {
  if (flags.json) {
    const document = {
      format: differenceFormat,
      ...names,
      models,
      counts: differenceCounts(models),
    }
    terminal.out(`${JSON.stringify(document, null, 2)}\n`)
    return
  }
  const text = renderDifference(names, models, flags.verbose === true)
  terminal.out(flags.quiet ? text.replace(/^[\s\S]*\n(?=.+\n$)/, '') : text)
}
