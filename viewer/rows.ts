import type { Row } from '../checker/page/document.ts'
import type { RunModel } from './run-model.ts'

/** How much of a run is shown: each step, each statement as in the columns, or what changes something. */
export const DETAILS = ['steps', 'statements', 'changes'] as const
export type Detail = (typeof DETAILS)[number]

/** One line of the picture. The steps it stands for are those behind `before`, up to `after`. */
export interface Shown {
  readonly kind: 'start' | 'statement' | 'step' | 'quiet' | 'turn'
  readonly process: number | null
  readonly before: number
  readonly after: number
  readonly indent: number
  readonly text: string
  readonly waits: boolean
  readonly changes: readonly string[]
  readonly star: string | null
}

const PLAIN = { process: null, indent: 0, waits: false, changes: [], star: null } as const

/** The lines for a run. */
export function shownRows(model: RunModel, detail: Detail): Shown[] {
  const { run } = model
  const init = run.init.join(' ')
  const shown: Shown[] = [
    { ...PLAIN, kind: 'start', text: init || 'initial state', before: -1, after: 0 },
  ]
  let at = 0
  let hasTurned = run.loopFrom === null
  for (const row of run.rows) {
    const next = row.steps?.[1] ?? at
    if (!hasTurned && next > (run.loopFrom ?? 0)) {
      hasTurned = true
      shown.push({ ...PLAIN, kind: 'turn', text: 'from here on for ever', before: at, after: at })
    }
    shown.push(...linesOf(model, row, at, detail))
    at = next
  }
  return detail === 'changes' ? withoutQuiet(model, shown) : shown
}

function linesOf(model: RunModel, row: Row, before: number, detail: Detail): Shown[] {
  const after = row.steps?.[1] ?? before
  const { process, indent, text, waits, changes, star } = row
  const whole = { kind: 'statement', process, indent, text, waits, changes, star } as const
  if (detail !== 'steps' || after - before <= 1) return [{ ...whole, before, after }]
  const head: Shown = { ...whole, waits: false, changes: [], star: null, before, after: before }
  const steps = Array.from({ length: after - before }, (_, index): Shown => {
    const position = before + 1 + index
    const step = model.step(position)
    const isLast = position === after
    return {
      kind: 'step',
      process,
      before: position - 1,
      after: position,
      indent: indent + 1,
      text: model.site(step?.site ?? 0).text,
      waits: waits && isLast,
      changes: step?.says ?? [],
      star: isLast ? star : null,
    }
  })
  return [head, ...steps]
}

/** Stretches of statements of one process that change nothing others see, as one line each. */
function withoutQuiet(model: RunModel, rows: readonly Shown[]): Shown[] {
  const found: Shown[] = []
  let run: Shown[] = []
  const flush = () => {
    const [first] = run
    const last = run.at(-1)
    if (first === undefined || last === undefined) return
    if (run.length === 1) found.push(first)
    else {
      const text = `${first.text} … and ${run.length - 1} more: nothing changes`
      found.push({ ...first, kind: 'quiet', text, after: last.after })
    }
    run = []
  }
  for (const row of rows) {
    const isPlain =
      row.kind === 'statement' && row.after > row.before && row.star === null && !row.waits
    const isQuiet = isPlain && !model.changesState(row.before, row.after)
    if (!isQuiet || row.process !== run[0]?.process) flush()
    if (isQuiet) run.push(row)
    else found.push(row)
  }
  flush()
  return found
}
