import { objectOf, type TransitionSystem } from '../../../spec/index.js'
import {
  type Access,
  type Event,
  isAtomicForm,
  isPointerTest,
  type Location,
  type Register,
  registersIn,
  type Term,
} from './event.js'
import { Words } from './words.js'

/** What a test is made of: two processes, the one that writes first. */
export interface LitmusTest {
  readonly name: string
  readonly title: string
  readonly processes: readonly string[]
  readonly bodies: readonly (readonly Event[])[]
  /** By process: the access that races; null where it is none of its own. */
  readonly racing: readonly (Access | null)[]
  readonly system: TransitionSystem
}

/** The text of a test in the C format of herd7. */
export function litmusText(test: LitmusTest): { readonly name: string; readonly text: string } {
  return new Writer(test).write()
}

/** A process as it is being written: the locations it is given, its registers, its lines. */
interface Process {
  readonly parameters: Map<string, string>
  readonly registers: Map<Register, string>
  readonly lines: string[]
}

class Writer {
  readonly #test: LitmusTest
  readonly #words = new Words()
  /** Objects whose only member is a location. */
  readonly #members = new Map<string, Location>()
  readonly #initial = new Map<string, string>()

  constructor(test: LitmusTest) {
    this.#test = test
    for (const { place } of test.bodies.flat().flatMap(placed)) {
      if (place.object !== null && place.type.kind !== 'lock')
        this.#members.set(place.object, place)
    }
  }

  write(): { readonly name: string; readonly text: string } {
    const { bodies, processes } = this.#test
    const name = this.#test.name.replace(/[^A-Za-z0-9_+-]+/g, '-')
    const written = bodies.map((body) => this.#process(body))
    const outcome = this.#outcome(written)
    const initial = [...this.#initial].map(([place, value]) => `${place}=${value};`)
    const sections = [
      `C ${name}`,
      this.#comment(processes),
      ['{', ...initial, '}'].join('\n'),
      ...written.map((process, at) => functionText(at, processes[at] ?? '', process)),
      `exists (${outcome})`,
    ]
    return { name, text: `${sections.join('\n\n')}\n` }
  }

  #comment(processes: readonly string[]): string {
    const who = processes.map((name, at) => `P${at} is ${name}`).join(', ')
    return [
      '(*',
      ` * ${this.#test.title}: ${who}.`,
      ' *',
      ' * To be run in tools/memory-model of a Linux tree:',
      ' *   herd7 -conf linux-kernel.cfg FILE',
      ' * "Flag data-race" says that the memory model, too, calls it a race. "Sometimes" says that the',
      ' * outcome below can happen, "Never" that it cannot. The code is that of one run: what else the',
      ' * processes could do, and what others do, is not in it.',
      ' *)',
    ].join('\n')
  }

  #process(body: readonly Event[]): Process {
    const process: Process = { parameters: new Map(), registers: new Map(), lines: [] }
    let depth = 1
    const say = (text: string, event: Event): void => {
      process.lines.push(`${'\t'.repeat(depth)}${text} // ${event.line}`)
    }
    for (const event of body) {
      switch (event.kind) {
        case 'access':
          say(`${this.#access(process, event)};`, event)
          break
        case 'lock':
          say(`${event.call}(${this.#parameter(process, event.place, 'spinlock_t *')});`, event)
          break
        case 'order':
          say(`${event.call}();`, event)
          break
        case 'when': {
          if (isPointerTest(event) || registersIn(event.test).length === 0) break
          const test = this.#term(process, event.test, false)
          say(event.outcome ? `if (${test}) {` : `if (!(${test})) {`, event)
          depth += 1
        }
      }
    }
    for (; depth > 1; depth -= 1) process.lines.push(`${'\t'.repeat(depth - 1)}}`)
    return process
  }

  #access(process: Process, access: Access): string {
    const { place, form, stored, register, through } = access
    const isPointer = place.type.kind === 'pointer'
    const type = isAtomicForm(form) ? 'atomic_t *' : isPointer ? 'int **' : 'int *'
    this.#begin(access)
    const address =
      through === null ? this.#parameter(process, place, type) : this.#register(process, through)
    const value = stored === null ? null : this.#term(process, stored, isPointer)
    const operands = byAddress(form) ? address : `*${address}`
    const call = value === null ? `${form}(${operands})` : `${form}(${operands}, ${value})`
    const text = form !== 'plain' ? call : value === null ? `*${address}` : `*${address} = ${value}`
    return register === null ? text : `${this.#register(process, register)} = ${text}`
  }

  /** The initial value, where it is not the 0 that everything has. */
  #begin({ place, initial }: Access): void {
    const name = this.#words.of(place.key)
    if (place.type.kind === 'pointer') this.#initial.set(name, this.#object(place, initial))
    else if (initial !== 0) this.#initial.set(name, String(initial))
  }

  #parameter(process: Process, { key }: Location, type: string): string {
    const name = this.#words.of(key)
    process.parameters.set(name, `${type}${name}`)
    return name
  }

  #register(process: Process, register: Register): string {
    const known = process.registers.get(register)
    if (known !== undefined) return known
    const name = `r${process.registers.size}`
    process.registers.set(register, name)
    return name
  }

  #term(process: Process, term: Term, isPointer: boolean): string {
    switch (term.kind) {
      case 'number':
        return isPointer ? this.#addressed(process, null) : String(term.value)
      case 'register':
        return this.#register(process, term.register)
      case 'address':
        return this.#addressed(process, term.object)
      case 'unary':
        return `${term.operator}(${this.#term(process, term.operand, false)})`
      case 'binary': {
        const [left, right] = [term.left, term.right].map((each) =>
          this.#term(process, each, false),
        )
        return `(${left} ${term.operator} ${right})`
      }
      case 'unknown':
        throw new Error(`a term that nobody knows was not refused: ${term.why}`)
    }
  }

  /** An object is where its only member is; null is a location of its own, which nobody writes. */
  #addressed(process: Process, object: string | null): string {
    const name = this.#nameOf(object)
    process.parameters.set(name, `int *${name}`)
    return name
  }

  #nameOf(object: string | null): string {
    if (object === null) {
      const name = this.#words.of('null')
      this.#initial.set(name, '0')
      return name
    }
    return this.#words.of(this.#members.get(object)?.key ?? object)
  }

  /** The object a pointer's value means. */
  #object({ type }: Location, value: number): string {
    if (type.kind !== 'pointer' || value === 0) return this.#nameOf(null)
    const { pool, index } = objectOf(this.#test.system, type.pools, value)
    return this.#nameOf(`${pool.name}[${index}]`)
  }

  /**
   * The writer's value was seen, and something that it had written before was not. Of two writers: the first one's value
   * is the last.
   */
  #outcome(written: readonly Process[]): string {
    const [write, other] = this.#test.racing
    const [first, second] = this.#test.bodies
    const reader = written[1]
    if (write == null || other == null || reader === undefined) {
      throw new Error('a race without two accesses')
    }
    const said = ({ place }: Access, value: number): string =>
      place.type.kind === 'pointer' ? this.#object(place, value) : String(value)
    if (other.register === null)
      return `${this.#words.of(write.place.key)}=${said(write, write.value)}`
    const terms = [`1:${this.#register(reader, other.register)}=${said(write, write.value)}`]
    const before = accesses(first).slice(0, accesses(first).indexOf(write))
    const later = accesses(second).slice(accesses(second).indexOf(other) + 1)
    for (const access of later) {
      const hidden = before.findLast(
        ({ writes, place }) => writes && place.key === access.place.key,
      )
      if (hidden === undefined || access.register === null || hidden.value === access.initial)
        continue
      terms.push(`1:${this.#register(reader, access.register)}=${said(access, access.initial)}`)
    }
    return terms.join(' /\\ ')
  }
}

const placed = (event: Event): readonly { readonly place: Location }[] =>
  event.kind === 'access' || event.kind === 'lock' ? [event] : []

const accesses = (events: readonly Event[] = []): readonly Access[] =>
  events.flatMap((event) => (event.kind === 'access' ? [event] : []))

/** Primitives that take the address, and not the place itself. */
const byAddress = (form: string): boolean => isAtomicForm(form) || form.startsWith('smp_')

function functionText(at: number, name: string, { parameters, registers, lines }: Process): string {
  const declared = [...registers].map(
    ([register, local]) => `\tint ${register.isPointer ? '*' : ''}${local};`,
  )
  const body = declared.length === 0 ? lines : [...declared, '', ...lines]
  return [`// ${name}`, `P${at}(${[...parameters.values()].join(', ')})`, '{', ...body, '}'].join(
    '\n',
  )
}
