import {
  type CheckedModel,
  type Configuration,
  type Diagnostic,
  describe,
} from '../../spec/index.js'
import type { Engine } from '../engine/engine.js'
import { compare, kindToFind } from '../export/cross-check/compare.js'
import { type Ours, ourViolation } from '../export/cross-check/ours.js'
import type { CrossCheckedRow, ToolRow } from '../export/cross-check/report.js'
import { theirsOf } from '../export/cross-check/theirs.js'
import { type Elaborated, elaborate } from '../export/elaborate/elaborate.js'
import { type Target, writeProgram } from '../export/export.js'
import type { Program, Refusal } from '../export/program.js'
import type { Exported, Tool, ToolName, ToolOptions, ToolResult } from '../export/tools/tool.js'
import type { SearchResult } from '../search/verdict.js'
import { prepareRow, type Row } from './row.js'
import { rowName } from './settings.js'

/** A search of so many states by another tool takes less time than optimising it. */
const SMALL_STATES = 50_000

/** How a row is cross-checked; everything that needs a clock or another process comes from outside. */
export interface CrossCheck {
  readonly tools: readonly Tool[]
  readonly toolOptions: Omit<ToolOptions, 'only' | 'isSmall'>
  /** Our own search, until all these kinds are found; no kinds: until anything is. */
  readonly search: (engine: Engine, wanted: readonly string[]) => Promise<SearchResult>
  /** Asked before each run: nothing new is begun. */
  readonly stopped: () => boolean
}

/** Searches a row by ourselves and by each tool, and compares. `row` is null when it cannot be lowered. */
export async function crossCheckRow(
  model: CheckedModel,
  file: string,
  configuration: Configuration,
  options: CrossCheck,
): Promise<{
  readonly row: CrossCheckedRow | null
  readonly diagnostics: readonly Diagnostic[]
}> {
  const { row, diagnostics } = prepareRow(model, configuration)
  if (row === null) return { row, diagnostics }
  const oursOf = async (wanted: readonly string[]): Promise<Ours> =>
    plain(row, await options.search(row.engine, wanted))
  const ours = await oursOf([])
  const elaborated = elaborate(row.interpreter.system)
  const tools: ToolRow[] = []
  for (const tool of options.tools) {
    tools.push(await runTool(elaborated, tool, ours, oursOf, options))
  }
  const { params, design } = describe(model, configuration)
  const { modelHash } = row
  const name = rowName(model, configuration)
  const about = { model: model.name, file, modelHash, name, params, design }
  return { row: { ...about, ours, tools }, diagnostics }
}

async function runTool(
  { program, refusals }: Elaborated,
  tool: Tool,
  ours: Ours,
  oursOf: (wanted: readonly string[]) => Promise<Ours>,
  { toolOptions, stopped }: CrossCheck,
): Promise<ToolRow> {
  const apart = (reason: string): ToolRow => ({
    tool: tool.name,
    status: 'not-compared',
    reason,
    theirs: null,
    output: '',
  })
  if (stopped()) return apart('interrupted')
  if (program === null) return apart(refusalText(refusals))
  const written = writeProgram(program, targetOfTool[tool.name])
  if (written.exported === null) return apart(refusalText(written.refusals))
  const { exported } = written
  const only = onlyOf(program, exported, ours)
  let result: ToolResult
  try {
    const isSmall = ours.states < SMALL_STATES
    result = await tool.run(exported, { ...toolOptions, only, isSmall })
  } catch (problem) {
    if (stopped()) return apart('interrupted')
    // A text that a tool does not take is as wrong as one that it takes and judges differently.
    const output = problem instanceof Error ? problem.message : String(problem)
    const [reason = ''] = output.split('\n')
    return { tool: tool.name, status: 'disagree', reason, theirs: null, output }
  }
  if (stopped() && result.verdict === 'incomplete') return apart('interrupted')
  const theirs = theirsOf(program, tool, result)
  const kind = kindToFind(ours, theirs)
  const found = kind === null ? ours : await oursOf([kind])
  const comparison = compare(ours, found, theirs)
  return { tool: tool.name, ...comparison, theirs, output: result.output }
}

/** The language each tool reads. */
export const targetOfTool: Readonly<Record<ToolName, Target>> = {
  spin: 'promela',
  rumur: 'murphi',
  tlc: 'tla',
}

/** The number of the kind that is shown, where the tool would else report what it comes to first. */
function onlyOf({ rest }: Program, { kinds }: Exported, ours: Ours): number | null {
  const shown = ours.violations.find((one) => one.unsaid === null)
  if (shown === undefined) return null
  return kinds.get((shown.of === 'standstill' ? rest.stuck.kind : null) ?? shown.kind) ?? null
}

/** The first construct that a language has no words for, with its place. */
function refusalText(refusals: readonly Refusal[]): string {
  const [first] = refusals
  if (first === undefined) return 'it cannot be exported'
  const { construct, place } = first
  const more = refusals.length === 1 ? '' : ` and ${refusals.length - 1} more`
  return place === null ? construct + more : `${construct} (${place.file}:${place.line})${more}`
}

function plain({ interpreter }: Row, result: SearchResult): Ours {
  const { verdict, limit, violations, statistics } = result
  const { exhaustive, distinctStates: states, seconds } = statistics
  return {
    verdict,
    limit: limit?.name ?? null,
    exhaustive,
    states,
    seconds,
    violations: violations.map((violation) => ourViolation(interpreter, violation)),
  }
}
