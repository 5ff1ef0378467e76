import { lockPlaces, type State } from '../../../spec/index.js'
import { differences } from '../../trace/changes.js'
import { heldMode } from '../../trace/holdings.js'
import type { Change, Trace } from '../../trace/trace.js'
import { initTexts } from '../columns.js'
import { headline } from '../headline.js'
import { type Column, inOrder, type Line, traceColumns } from '../lines.js'
import type { Shown } from './finding.js'

/** The colour behind the step that goes wrong. */
const ALARM = 'rgb(255, 221, 221)'

/**
 * A Mermaid sequence diagram, with the lines of the columns as messages: from the process to what the line changes, or to
 * the process itself. What changes is a note beside it; a bar on a process's life line says that it holds a lock.
 */
export function mermaid({ run }: Shown): string {
  return `${new Diagram(run.trace).lines().join('\n')}\n`
}

class Diagram {
  readonly #trace: Trace
  readonly #columns: readonly Column[]
  /** Names in the diagram, by what they stand for. */
  readonly #objects = new Map<string, string>()
  readonly #held = new Map<number, number>()

  constructor(trace: Trace) {
    this.#trace = trace
    this.#columns = traceColumns(trace)
  }

  lines(): readonly string[] {
    const { trap, steps, loop } = this.#trace
    const body: string[] = this.#bars(this.#trace.initial.state)
    let turned = loop.length === 0
    for (const line of inOrder(this.#columns)) {
      if (!turned && Math.floor(line.time) > steps.length) {
        turned = true
        body.push('loop from here on for ever')
      }
      body.push(...this.#message(line))
    }
    if (loop.length > 0 && turned) body.push('end')
    const everybody = this.#acrossAll()
    const inits = initTexts(this.#trace)
    return [
      'sequenceDiagram',
      `title ${plain(headline(this.#trace))}`,
      ...this.#columns.map((column) => participant(processId(column.process), column.heading)),
      ...[...this.#objects].map(([name, id]) => participant(id, name)),
      ...(inits.length === 0 || everybody === ''
        ? []
        : [note(everybody, `init: ${inits.join('; ')}`)]),
      ...body,
      ...(trap.site !== null || everybody === '' ? [] : alarm([note(everybody, trap.message)])),
    ]
  }

  #message(line: Line): string[] {
    const from = processId(line.process)
    const to = this.#target(line) ?? from
    const arrow = line.waits ? '--x' : '->>'
    const text = line.waits ? `${line.text} ... waits` : line.text
    const message = `${from}${arrow}${to}: ${plain(`${'. '.repeat(line.indent)}${text}`)}`
    const side = `Note right of ${to}`
    const after = line.steps.at(-1)?.after
    const said = [
      message,
      ...(line.changes.length === 0 ? [] : [`${side}: ${line.changes.map(plain).join('<br/>')}`]),
      ...(line.star === null ? [] : [`${side}: ${plain(line.star)}`]),
    ]
    return [
      ...(line.star === null ? said : alarm(said)),
      ...(after === undefined ? [] : this.#bars(after)),
    ]
  }

  /** What a line changes first: an object, a shared variable or lock, another process. */
  #target({ steps, process }: Line): string | null {
    const before = steps[0]?.before
    const after = steps.at(-1)?.after
    if (before === undefined || after === undefined) return null
    const { system } = this.#trace
    const [first] = differences(system, before, after)
    if (first === undefined) return null
    const name = wholeOf(first)
    const other = system.processes.findIndex((each) => each.name === name)
    if (other >= 0) {
      const isShown = this.#columns.some((column) => column.process === other)
      return isShown && other !== process ? processId(other) : null
    }
    const known = this.#objects.get(name) ?? `o${this.#objects.size}`
    this.#objects.set(name, known)
    return known
  }

  /** A bar begins with each lock that a process comes to hold, and ends with each that it releases. */
  #bars(state: State): string[] {
    return this.#columns.flatMap(({ process }) => {
      const before = this.#held.get(process) ?? 0
      const now = lockPlaces(this.#trace.system).filter(
        (place) => heldMode(state, place, process) !== null,
      ).length
      this.#held.set(process, now)
      const word = now > before ? 'activate' : 'deactivate'
      return Array.from({ length: Math.abs(now - before) }, () => `${word} ${processId(process)}`)
    })
  }

  /** The processes, from the first to the last, as a note that spans them. */
  #acrossAll(): string {
    const ids = this.#columns.map((column) => processId(column.process))
    return [...new Set([ids.at(0) ?? '', ids.at(-1) ?? ''])].join(',')
  }
}

/** An object as a whole, a shared variable without its members and elements. */
const wholeOf = ({ kind, object, name }: Change): string =>
  kind === 'life' ? name : (object ?? name.replace(/[.[].*$/, ''))

const processId = (process: number): string => `p${process}`
const participant = (id: string, name: string): string => `participant ${id} as ${plain(name)}`
const note = (over: string, text: string): string => `Note over ${over}: ${plain(text)}`
const alarm = (lines: readonly string[]): string[] => [`rect ${ALARM}`, ...lines, 'end']

/** Mermaid ends a statement at `;`, begins an entity with `#` and a comment with `%%`, and takes `<` for markup. */
const plain = (text: string): string =>
  text.replace(/[#;<>%]/g, (found) => `#${found.charCodeAt(0)};`).replace(/\s+/g, ' ')
