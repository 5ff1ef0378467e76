import { type LockPlace, lockPlaces, type State } from '../../../spec/index.js'
import { differences } from '../../trace/changes.js'
import { heldMode } from '../../trace/holdings.js'
import type { Change, StatePath, Trace } from '../../trace/trace.js'
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
      // A bar without an end is not drawn.
      ...this.#bars(null),
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

  /** What a line is about: an object, a shared variable or lock, another process. */
  #target(line: Line): string | null {
    const name = this.#about(line)
    return name === null ? null : this.#idOf(name, line.process)
  }

  /** The lock it waits for; else what it changes first, or what was found wrong. */
  #about({ process, steps, waits, awaited, star }: Line): string | null {
    const { system, operands, trap } = this.#trace
    const wanted = star === null ? undefined : trap.involved?.find((it) => it.process === process)
    const sought = waits ? awaited : wanted?.wanted?.name
    const lock = lockPlaces(system).find(({ name }) => name === sought)
    if (lock !== undefined) return objectOf(lock.path) ?? wholeOf({ object: null, name: lock.name })
    const before = steps[0]?.before
    const after = steps.at(-1)?.after
    const [first] = before && after ? differences(system, before, after) : []
    if (first !== undefined) return first.kind === 'life' ? first.name : wholeOf(first)
    const [operand] = star === null ? [] : operands
    return operand === undefined ? null : wholeOf(operand)
  }

  #idOf(name: string, process: number): string | null {
    const { system } = this.#trace
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
  #bars(state: State | null): string[] {
    return this.#columns.flatMap(({ process }) => {
      const before = this.#held.get(process) ?? 0
      const holds = (place: LockPlace) => state !== null && heldMode(state, place, process) !== null
      const now = lockPlaces(this.#trace.system).filter(holds).length
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
const wholeOf = ({ object, name }: Pick<Change, 'object' | 'name'>): string =>
  object ?? name.replace(/[.[].*$/, '')

/** `mem_map[0]` of a path into a pool. */
const objectOf = ([area, pool, index]: StatePath): string | null =>
  area === 'pools' ? `${pool}[${index}]` : null

const processId = (process: number): string => `p${process}`
const participant = (id: string, name: string): string => `participant ${id} as ${plain(name)}`
const note = (over: string, text: string): string => `Note over ${over}: ${plain(text)}`
const alarm = (lines: readonly string[]): string[] => [`rect ${ALARM}`, ...lines, 'end']

/** Mermaid ends a statement at `;`, begins an entity with `#` and a comment with `%%`, and takes `<` for markup. */
const plain = (text: string): string =>
  text.replace(/[#;<>%]/g, (found) => `#${found.charCodeAt(0)};`).replace(/\s+/g, ' ')
