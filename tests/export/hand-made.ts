import type {
  Action,
  Block,
  Body,
  End,
  Fault,
  Num,
  Program,
  Statement,
  Temporary,
  Test,
  Variable,
} from '../../checker/export/program.js'

/** Programs written by hand: what a printer is tried on without an elaborator. */

export const num = (value: number): Num => ({ kind: 'number', value })
export const self: Num = { kind: 'self' }

export const variable = (name: string, from: number, to: number, initial = from): Variable => ({
  name,
  dimensions: [],
  from,
  to,
  initial,
  empty: null,
  note: '',
})

export const perProcess = (name: string, count: number, to: number): Variable => ({
  ...variable(name, 0, to),
  dimensions: [{ from: 0, to: count - 1, over: 'process' }],
})

export const temporary = (name: string, from: number, to: number): Temporary => ({ name, from, to })

export const read = (of: Variable | Temporary, ...indexes: Num[]): Num =>
  'dimensions' in of
    ? { kind: 'read', variable: of, indexes }
    : { kind: 'temporary', temporary: of }

export const arithmetic = (
  left: Num,
  operator: Extract<Num, { kind: 'arithmetic' }>['operator'],
  right: Num,
): Num => ({ kind: 'arithmetic', operator, left, right })

export const compare = (
  left: Num,
  operator: Extract<Test, { kind: 'compare' }>['operator'],
  right: Num,
): Test => ({ kind: 'compare', operator, left, right })

export const set = (of: Variable, value: Num, ...indexes: Num[]): Statement => ({
  kind: 'set',
  variable: of,
  indexes,
  value,
})

export const assign = (of: Temporary, value: Num): Statement => ({
  kind: 'let',
  temporary: of,
  value,
})

export const fault = (
  number: number,
  kind: string | null,
  message = 'as planned',
  line = number,
): Fault => ({
  number,
  kind,
  message,
  place: { file: 'hand.gmem', line, text: '' },
})

export const done: End = { kind: 'done' }
export const goto = (block: number): End => ({ kind: 'goto', block })
export const block = (statements: readonly Statement[], end: End = done): Block => ({
  statements,
  end,
})

export const body = (blocks: readonly Block[], temporaries: readonly Temporary[] = []): Body => ({
  blocks,
  temporaries,
})
export const plain = (...statements: Statement[]): Body => body([block(statements)])

export const action = (
  code: number,
  name: string,
  location: number,
  enabled: Test,
  does: Body,
): Action => ({
  code,
  location,
  name: `${name} ${location}`,
  place: { file: 'hand.gmem', line: location, text: `step ${location}` },
  enabled,
  body: does,
})

export const always: Test = { kind: 'constant', value: true }
export const never: Test = { kind: 'constant', value: false }

/** A program of one thread `main`, unless told otherwise. */
export function program(parts: Partial<Program>): Program {
  const stuck = { number: 99, kind: 'deadlock', message: 'nobody can move', place: null }
  return {
    // Nothing but its name is read.
    system: { name: 'hand' } as Program['system'],
    processes: [{ name: 'main', code: 0, daemon: false }],
    codes: [{ name: 'main', first: 0, last: 0, symmetric: false }],
    variables: [],
    procedures: [],
    faults: [],
    init: plain(),
    actions: [],
    checks: [],
    rest: { condition: always, checks: [], stuck },
    ...parts,
  }
}
