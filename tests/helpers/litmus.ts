/** A strict reader of litmus tests in the C format of herd7, as far as tools/memory-model uses it. */

export interface ReadLitmus {
  readonly name: string
  /** By location. */
  readonly initial: ReadonlyMap<string, string>
  readonly processes: readonly LitmusProcess[]
  readonly condition: readonly { readonly place: string; readonly value: string }[]
}

export interface LitmusProcess {
  /** By name, with its type: `int *`, `int **`, `atomic_t *`, `spinlock_t *`. */
  readonly parameters: ReadonlyMap<string, string>
  readonly registers: ReadonlyMap<string, string>
  readonly statements: readonly string[]
}

const NAME = '[A-Za-z]\\w*'
const VALUE = `(?:-?\\d+|${NAME})`

/** What LKMM's linux-kernel.def has of what is exported: how the place is passed, and whether a value is. */
const STORES: Readonly<Record<string, 'place' | 'address'>> = {
  WRITE_ONCE: 'place',
  rcu_assign_pointer: 'place',
  smp_store_release: 'address',
  atomic_set: 'address',
}
const LOADS: Readonly<Record<string, 'place' | 'address'>> = {
  READ_ONCE: 'place',
  rcu_dereference: 'place',
  smp_load_acquire: 'address',
  atomic_read: 'address',
}
const CALLS = new Set(['atomic_inc', 'atomic_dec', 'spin_lock', 'spin_unlock'])
const ORDERS = new Set([
  'smp_mb',
  'smp_rmb',
  'smp_wmb',
  'rcu_read_lock',
  'rcu_read_unlock',
  'synchronize_rcu',
])

export function readLitmus(text: string): ReadLitmus {
  const [head = '', ...rest] = text.split('\n')
  const name = /^C ([\w+-]+)$/.exec(head)?.[1]
  if (name === undefined) throw new Error(`no name: ${head}`)
  const code = rest.join('\n').replace(/\(\*[\s\S]*?\*\)/g, '')
  const initialText = /^\s*\{([^{}]*)\}/.exec(code)
  if (initialText === null) throw new Error('no initial state')
  const initial = new Map<string, string>()
  for (const line of split(initialText[1] ?? '', ';')) {
    const [, place, value] = new RegExp(`^(${NAME})=(${VALUE})$`).exec(line) ?? []
    if (place === undefined || value === undefined) throw new Error(`initial state: ${line}`)
    if (initial.has(place)) throw new Error(`initialised twice: ${place}`)
    initial.set(place, value)
  }
  const body = code.slice(initialText[0].length).replace(/\/\/.*$/gm, '')
  const found = [...body.matchAll(/^P(\d+)\(([^)]*)\)\n\{\n([\s\S]*?)^\}$/gm)]
  const processes = found.map(([, number, parameters = '', lines = ''], at) => {
    if (Number(number) !== at) throw new Error(`P${number} where P${at} is expected`)
    return readProcess(parameters, lines)
  })
  const left = body.replace(/^P(\d+)\(([^)]*)\)\n\{\n([\s\S]*?)^\}$/gm, '').trim()
  const exists = /^exists \((.*)\)$/.exec(left)?.[1]
  if (exists === undefined) throw new Error(`what is this: ${left}`)
  const condition = exists.split(' /\\ ').map((term) => readTerm(term, processes, initial))
  for (const [place, value] of initial) {
    if (/^-?\d+$/.test(value)) continue
    if (!isKnown(value, processes, initial))
      throw new Error(`${place} is initialised with ${value}`)
  }
  return { name, initial, processes, condition }
}

const split = (text: string, by: string): string[] =>
  text
    .split(by)
    .map((part) => part.trim())
    .filter((part) => part !== '')

const isKnown = (
  place: string,
  processes: readonly LitmusProcess[],
  initial: ReadonlyMap<string, string>,
): boolean => initial.has(place) || processes.some(({ parameters }) => parameters.has(place))

function readTerm(
  term: string,
  processes: readonly LitmusProcess[],
  initial: ReadonlyMap<string, string>,
): { readonly place: string; readonly value: string } {
  const [, process, name = '', value = ''] =
    new RegExp(`^(?:(\\d+):)?(${NAME})=(${VALUE})$`).exec(term) ?? []
  const known =
    process === undefined
      ? isKnown(name, processes, initial)
      : processes[Number(process)]?.registers.has(name) === true
  const valueKnown = /^-?\d+$/.test(value) || isKnown(value, processes, initial)
  if (!known || !valueKnown) throw new Error(`condition: ${term}`)
  return { place: process === undefined ? name : `${process}:${name}`, value }
}

function readProcess(parameterText: string, lines: string): LitmusProcess {
  const parameters = new Map<string, string>()
  for (const each of split(parameterText, ',')) {
    const [, type, name] =
      new RegExp(`^((?:int|atomic_t|spinlock_t) \\*{1,2})(${NAME})$`).exec(each) ?? []
    if (type === undefined || name === undefined) throw new Error(`parameter: ${each}`)
    if (parameters.has(name)) throw new Error(`parameter twice: ${name}`)
    parameters.set(name, type)
  }
  const registers = new Map<string, string>()
  const statements: string[] = []
  let depth = 0
  for (const line of split(lines, '\n')) {
    const [, star, name] = /^int (\*?)(r\d+);$/.exec(line) ?? []
    if (name !== undefined) {
      if (statements.length > 0) throw new Error(`declared too late: ${line}`)
      registers.set(name, `int ${star}`)
      continue
    }
    depth += checkStatement(line, parameters, registers)
    if (depth < 0) throw new Error('a brace too many')
    statements.push(line)
  }
  if (depth !== 0) throw new Error('a brace too few')
  return { parameters, registers, statements }
}

/** How much deeper it goes; throws at whatever is not well formed, or names what was not declared. */
function checkStatement(
  line: string,
  parameters: ReadonlyMap<string, string>,
  registers: ReadonlyMap<string, string>,
): number {
  const wrong = (why: string): never => {
    throw new Error(`${why}: ${line}`)
  }
  const knowAll = (expression: string): void => {
    for (const [name] of expression.matchAll(/[A-Za-z_]\w*/g)) {
      if (!parameters.has(name) && !registers.has(name)) wrong(`${name} is not declared`)
    }
    if (!/^[\w\s()+\-*/%&|^<>=!~]*$/.test(expression)) wrong('no expression')
  }
  const address = (name: string): void => {
    const type = parameters.get(name) ?? registers.get(name)
    if (type === undefined || !type.endsWith('*')) wrong(`${name} is no address`)
  }
  if (line === '}') return -1
  const test = /^if \((.*)\) \{$/.exec(line)?.[1]
  if (test !== undefined) {
    knowAll(test)
    return 1
  }
  const statement = /^(.*);$/.exec(line)?.[1] ?? wrong('no statement')
  const [, register, right] = /^(r\d+) = (.*)$/.exec(statement) ?? []
  if (register !== undefined && right !== undefined) {
    if (!registers.has(register)) wrong(`${register} is not declared`)
    const [, plain] = /^\*(\w+)$/.exec(right) ?? []
    const [, call = '', star = '', place = ''] = /^(\w+)\((\*?)(\w+)\)$/.exec(right) ?? []
    if (plain === undefined && LOADS[call] !== (star === '*' ? 'place' : 'address'))
      wrong('no load')
    address(plain ?? place)
    return 0
  }
  const [, plain, value] = /^\*(\w+) = (.*)$/.exec(statement) ?? []
  if (plain !== undefined && value !== undefined) {
    address(plain)
    knowAll(value)
    return 0
  }
  const [, call = '', star = '', place = '', , operand] =
    /^(\w+)\((\*?)(\w*)(, (.*))?\)$/.exec(statement) ?? wrong('no statement')
  if (place === '') return ORDERS.has(call) ? 0 : wrong('no such call')
  address(place)
  if (operand === undefined) return CALLS.has(call) && star === '' ? 0 : wrong('no such call')
  knowAll(operand)
  return STORES[call] === (star === '*' ? 'place' : 'address') ? 0 : wrong('no such store')
}
