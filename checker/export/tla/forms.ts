import type { Fault, Variable } from '../program.js'
import { conjunction, disjunction, hung, type Lines, listed } from './words.js'
import { type Scope, valueText, type Working, worthOf } from './working.js'

/** What `fault` is as long as there is none. */
export const NONE = '-1'

/** What a body becomes: how it ends, and how several ways are put together. */
export interface Form {
  done(working: Working): Lines
  /** In one line. */
  fault(fault: Fault): string
  either(ways: readonly Lines[]): Lines
  /** For some value of a set. */
  pick(name: string, values: string, rest: Lines): Lines
}

/** A formula over two states, or over the first when `prime` is empty: what the variables are next. */
export function formula(written: readonly Variable[], scope: Scope, prime: "'" | ''): Form {
  const isNext = prime === "'"
  const names = written.map(scope.variableName)
  const equal = (variable: Variable, value: string) =>
    `${scope.variableName(variable)}${prime} = ${value}`
  return {
    done: (working) => {
      const changed: string[] = []
      const kept: string[] = []
      for (const variable of written) {
        const name = scope.variableName(variable)
        const value = valueText(worthOf(variable, working, scope))
        if (isNext && value === name) kept.push(name)
        else changed.push(equal(variable, value))
      }
      const rest = isNext ? listed('UNCHANGED <<', [...kept, 'fault'], '>>') : [`fault = ${NONE}`]
      return conjunction([...changed.map((line) => [line]), rest])
    },
    fault: ({ number }) => {
      if (!isNext) throw new Error('what may fault is a set of outcomes')
      const kept = names.length === 0 ? '' : ` /\\ UNCHANGED <<${names.join(', ')}>>`
      return `fault' = ${number}${kept}`
    },
    either: (ways) => disjunction(ways),
    pick: (name, values, rest) => [`\\E ${name} \\in ${values} :`, ...rest],
  }
}

/** Several ways of a body that is a set. */
const union: Pick<Form, 'either' | 'pick'> = {
  either: (ways) =>
    ways.flatMap((way, at) => {
      const lines = hung(at === 0 ? 'UNION { ' : '        ', way)
      return closed(lines, at === ways.length - 1 ? ' }' : ',')
    }),
  pick: (name, values, rest) => [...hung('UNION { ', rest), `        : ${name} \\in ${values} }`],
}

/**
 * The set of outcomes, each a record of what is written and the fault. Bodies with cycles have this form, because a
 * recursive operator may not speak of the next state. `start`: the record that there is before.
 */
export const outcomes = (
  written: readonly Variable[],
  record: string,
  start: string,
  scope: Scope,
): Form => ({
  ...union,
  done: (working) => hung('{', closed(recordText(written, record, working, scope), '}')),
  fault: ({ number }) => `{[${start} EXCEPT !.fault = ${number}]}`,
})

/** The record with what has changed. */
export function recordText(
  written: readonly Variable[],
  record: string,
  working: Working,
  scope: Scope,
): Lines {
  const changed = written.flatMap((each) => {
    const value = valueText(worthOf(each, working, scope))
    return value === scope.base(each) ? [] : [`!.${scope.variableName(each)} = ${value}`]
  })
  return changed.length === 0 ? [record] : listed(`[${record} EXCEPT `, changed, ']')
}

const closed = (lines: Lines, tail: string): Lines => [...lines.slice(0, -1), lines.at(-1) + tail]

/** The set of the faults that a check finds. */
export const verdicts: Form = {
  ...union,
  done: () => ['{}'],
  fault: ({ number }) => `{${number}}`,
}
