import type { Body, Check, Fault } from '../program.js'
import type { Prepared } from './body.js'
import { comment, type Globals, type Lines } from './words.js'

/** A check, the name of the set of faults that it finds, and its body. */
export interface Judge {
  readonly name: string
  readonly check: Check
  readonly prepared: Prepared
}

/** A definition that is true as long as certain faults have not been met; `fault` is one of them. */
export interface Invariant {
  readonly name: string
  readonly text: Lines
  readonly fault: Fault
}

/** A kind of fault that steps end in is one invariant; what a check finds is one each. Bounds come last. */
export function invariantsOf(
  inSteps: readonly Fault[],
  checks: readonly Judge[],
  finals: readonly Judge[],
  globals: Globals,
): readonly Invariant[] {
  const found: Invariant[] = []
  const define = (wanted: string, faults: readonly Fault[], test: string): void => {
    const [fault] = faults
    if (fault === undefined) return
    const name = globals.fresh(wanted)
    const text = [...faults.map((each) => comment(faultText(each))), `${name} == ${test}`]
    found.push({ name, text, fault })
  }
  const byKind = new Map<string | null, Fault[]>()
  for (const fault of new Set(inSteps)) {
    byKind.set(fault.kind, [...(byKind.get(fault.kind) ?? []), fault])
  }
  for (const [kind, faults] of byKind) {
    const numbers = faults.map(({ number }) => number)
    define(`No_${kind ?? 'bound'}`, faults, `fault \\notin {${numbers.join(', ')}}`)
  }
  const judge = ({ name, prepared }: Judge, test: (inSet: string) => string): void => {
    for (const fault of new Set(faultsIn(prepared.body))) {
      define(
        `No_${fault.kind ?? 'bound'}_${name}`,
        [fault],
        test(`${fault.number} \\notin ${name}`),
      )
    }
  }
  for (const each of checks) judge(each, (inSet) => inSet)
  for (const each of finals) judge(each, (inSet) => `AtRest => (${inSet})`)
  // A bound says least: it is told where nothing else is wrong.
  return [
    ...found.filter(({ fault }) => fault.kind !== null),
    ...found.filter(({ fault }) => fault.kind === null),
  ]
}

/** What TLC is told to judge; behind each line, what it means when that fails. */
export const configText = (invariants: readonly Invariant[], stuck: Fault): string =>
  [
    comment('The number is that of the fault.'),
    'SPECIFICATION Spec',
    'VIEW View',
    'CONSTRAINT Unharmed',
    ...invariants.map(({ name, fault }) => `INVARIANT ${name} ${comment(faultText(fault))}`),
    `CHECK_DEADLOCK TRUE ${comment(faultText(stuck))}`,
    '',
  ].join('\n')

/** The number comes first: it says which fault it was, whatever the words. */
function faultText({ number, kind, message, place }: Fault): string {
  const where = place === null ? '' : ` (${place.file}:${place.line})`
  return `${number} ${kind ?? 'bound'}: ${message}${where}`
}

export function faultsIn({ blocks }: Body): readonly Fault[] {
  return blocks.flatMap(({ statements }) =>
    statements.flatMap((each) => {
      const isFault = each.kind === 'fault'
      return isFault && !(each.when.kind === 'constant' && !each.when.value) ? [each.fault] : []
    }),
  )
}
