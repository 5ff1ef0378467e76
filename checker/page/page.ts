import type { Interpreter } from '../../spec/index.js'
import type { Engine } from '../engine/engine.js'
import { namingOf } from '../render/change-text.js'
import { endLines, factsText, initLines } from '../render/columns.js'
import type { Settings } from '../render/json.js'
import { inOrder, type Line, traceColumns } from '../render/lines.js'
import { report } from '../render/report.js'
import { fullPlace } from '../trace/format.js'
import type { Trace } from '../trace/trace.js'
import { choicesOf, says } from './choices.js'
import type { PageDocument, Process, Row, Run, Setting } from './document.js'
import { locksOf } from './locks.js'
import { SiteTable } from './sites.js'
import { statesOf } from './states.js'

/** What a page says besides the run. */
export interface PageContext {
  readonly file: string
  readonly params: Settings
  readonly design: Settings
  /** What the command line says below the counterexample; empty where nothing was searched. */
  readonly summary: string
  /** The model was searched, or its counterexample replayed, by these. */
  readonly interpreter: Interpreter
  readonly engine: Engine
}

/** How a counterexample is named outside of its page. */
interface RunNames {
  readonly replay: string
  /** The number of steps is proved to be the least possible; null: nobody knows. */
  readonly minimal: boolean | null
}

/** The page of a counterexample. */
export function pageOfRun(trace: Trace, context: PageContext, names: RunNames): PageDocument {
  const sites = new SiteTable(trace.system)
  // The model comes first, before what it uses.
  for (const path of [...trace.system.sources.keys()].slice(0, 1)) sites.sourceIndex(path)
  const run = runOf(trace, context, names, sites)
  const { lines } = report(trace)
  return { ...headOf(context), verdict: 'violated', report: lines, sources: sites.sources, run }
}

/** The page of a row without a counterexample: its verdict, and its model. */
export function pageOfVerdict(
  verdict: PageDocument['verdict'],
  text: string,
  context: PageContext,
): PageDocument {
  const { system } = context.interpreter
  const sources = [...system.sources].map(([path, { text }]) => ({ path, text }))
  return { ...headOf(context), verdict, report: [text], sources, run: null }
}

function headOf({ file, params, design, summary, interpreter }: PageContext) {
  const list = (settings: Settings, isDesign: boolean): Setting[] =>
    Object.entries(settings).map(([name, value]) => ({ name, value: String(value), isDesign }))
  return {
    model: interpreter.system.name,
    file,
    settings: [...list(design, true), ...list(params, false)],
    summary: summary.split('\n').filter((line) => line !== ''),
  }
}

function runOf(
  trace: Trace,
  { interpreter, engine }: PageContext,
  { replay, minimal }: RunNames,
  sites: SiteTable,
): Run {
  const { system } = trace
  const naming = namingOf(trace)
  const columns = traceColumns(trace)
  const states = statesOf(interpreter, trace, sites)
  const steps = [...trace.steps, ...trace.loop].map((step, at) => ({
    process: step.process,
    site: sites.indexOf(step.site),
    says: says(trace, step.before, step.after, step.process, naming),
    values: states.differences[at]?.values ?? [],
    processes: states.differences[at]?.processes ?? [],
  }))
  const heading = (process: number) =>
    columns.find((column) => column.process === process)?.heading ?? null
  const processes = system.processes.map(
    ({ name }, process): Process => ({ name, heading: heading(process) }),
  )
  return {
    kind: trace.kind,
    at: sites.indexOfSpan(trace.trap.at),
    facts: factsText(trace, minimal),
    replay,
    init: initLines(trace).filter((line) => line !== ''),
    ending: report(trace).complete ? [] : endLines(trace).filter((line) => line !== ''),
    processes,
    places: states.places,
    start: states.start,
    steps,
    loopFrom: trace.loop.length === 0 ? null : trace.steps.length,
    rows: inOrder(columns).map(rowOf),
    locks: locksOf(trace, states, naming),
    counters: countersOf(trace, states.places),
    ...choicesOf(interpreter, engine, trace, { sites, naming }),
    // Last: all of the above may have added to them.
    sites: sites.sites,
  }
}

const rowOf = ({ process, indent, text, waits, changes, star, steps }: Line): Row => ({
  process,
  indent,
  text,
  waits,
  changes,
  star,
  steps: steps[0] === undefined ? null : [steps[0].index, steps.at(-1)?.index ?? 0],
})

/** Numbers that some step changes; the bits of a word are none. */
function countersOf(trace: Trace, places: Run['places']): number[] {
  const isNumber = (text: string) => /^-?\d+$/.test(text)
  const counted = new Set<string>()
  for (const { changes } of [...trace.steps, ...trace.loop]) {
    for (const change of changes) {
      if (change.kind !== 'value' || !isNumber(change.before) || !isNumber(change.after)) continue
      counted.add(fullPlace(change))
    }
  }
  return places.flatMap((place, index) => (counted.has(fullPlace(place)) ? [index] : []))
}
