import { type Diagnostic, error } from '../diagnostics/diagnostic.js'
import type { Span } from '../source/span.js'
import type { Type } from './model.js'
import { typeName } from './types.js'

/** Diagnostics about constants, statements and the parts of a model: one function each. */

// ---- constants

export const notConstant = (at: Span, name: string, what: string): Diagnostic =>
  error('not-constant', at, `${what} must be constant; ${name} is not`, {
    notes: [
      'constants are numbers, consts, params, design choices, and what is computed from them',
    ],
    help: 'use a param, or a fixed number',
  })

export const constantCycle = (
  at: Span,
  chain: readonly { readonly name: string; readonly span: Span }[],
): Diagnostic =>
  error('constant-cycle', at, `the value of \`${chain[0]?.name ?? ''}\` depends on itself`, {
    labels: chain
      .slice(1, -1)
      .map((each) => ({ span: each.span, text: `through \`${each.name}\`` })),
    notes: [chain.map((each) => `\`${each.name}\``).join(' needs ')],
    help: 'give one of them a value that does not need the others',
  })

export const divisionByZero = (at: Span): Diagnostic =>
  error('division-by-zero', at, 'division by zero', {
    notes: ['the divisor is a constant 0'],
    help: 'divide by something else, or guard it with `?:`',
  })

export const constantOverflow = (at: Span): Diagnostic =>
  error('constant-overflow', at, 'this number does not fit an `int`', {
    notes: ['ints have 32 bits, -2147483648 to 2147483647; nothing wraps silently'],
    help: 'use smaller numbers: only the differences between them matter to a model',
  })

export const badShift = (at: Span): Diagnostic =>
  error('constant-overflow', at, 'the shift count is not between 0 and 31', {
    notes: ['C leaves the result undefined'],
    help: 'shift by 0 to 31',
  })

export const rangeEmpty = (at: Span, from: number, to: number, where: string): Diagnostic =>
  error('empty-range', at, `the range ${from}..${to} has no values`, {
    notes: where === '' ? [] : [where],
    help: 'write the smaller bound first',
  })

export const initialOutsideRange = (
  at: Span,
  value: number,
  from: number,
  to: number,
  declared: Span,
  where: string,
): Diagnostic =>
  error('value-outside-range', at, `${value} is not in ${from}..${to}`, {
    labels: [{ span: declared, text: 'the range is declared here' }],
    notes: where === '' ? [] : [where],
    help: 'widen the range, or begin with a value inside it',
  })

export const zeroOutsideRange = (at: Span, name: string, from: number, to: number): Diagnostic =>
  error('value-outside-range', at, `\`${name}\` begins with 0, which is not in ${from}..${to}`, {
    notes: ['shared variables and members without an initialiser are zero'],
    help: `add an initialiser: \`${name} = ${from}\``,
  })

export const tooSmall = (at: Span, what: string, size: number, where: string): Diagnostic =>
  error('bad-size', at, `${what} must be at least 1; this is ${size}`, {
    notes: where === '' ? [] : [where],
    help: 'use a size of 1 or more',
  })

export const domainTooLarge = (at: Span, name: string, rows: number): Diagnostic =>
  error('size-too-large', at, `\`${name}\` has ${rows} values`, {
    notes: ['each of them would be a row of the design space'],
    help: 'use a smaller range, or a param',
  })

// ---- statements

export const outsideLoop = (at: Span, what: 'break' | 'continue'): Diagnostic =>
  error('outside-loop', at, `\`${what}\` outside of a loop`, {
    notes: [`\`${what}\` belongs to a \`while\` or \`for\` around it`],
    help: 'use `return`, or `goto` a label',
  })

export const unknownLabel = (at: Span, name: string, near: string | undefined): Diagnostic =>
  error('unknown-label', at, `there is no label \`${name}\` in this body`, {
    notes: ['a label is found in the same op, thread or init only'],
    help: near ? `did you mean \`${near}\`?` : `add \`${name}:\` before the statement to go to`,
  })

export const duplicateLabel = (at: Span, name: string, first: Span): Diagnostic =>
  error('duplicate-name', at, `label \`${name}\` is declared twice in this body`, {
    labels: [{ span: first, text: 'first declared here' }],
    notes: ['`goto` could not know which one is meant'],
    help: 'rename one of the two',
  })

export const gotoInto = (at: Span, name: string, into: string, inside: Span): Diagnostic =>
  error('goto-into', at, `\`goto ${name}\` jumps into ${into}`, {
    labels: [{ span: inside, text: 'the label is inside of this' }],
    notes: [
      'such a body is entered at its beginning: its loop variable or its one step begins there',
    ],
    help: 'move the label out of it',
  })

export const returnMissingValue = (at: Span, result: Type, declared: Span | null): Diagnostic =>
  error('return-value', at, `this \`return\` needs a value of type \`${typeName(result)}\``, {
    labels: declared ? [{ span: declared, text: 'the op returns a value' }] : [],
    notes: ['callers use what an op returns'],
    help: 'write `return VALUE;`',
  })

export const returnUnexpected = (at: Span, what: string, declared: Span | null): Diagnostic =>
  error('return-value', at, `${what} returns nothing`, {
    labels: declared ? [{ span: declared, text: 'declared here without a result' }] : [],
    notes: ['there is nobody to take the value'],
    help: declared ? 'write `return;`, or give the op a result type' : 'write `return;`',
  })

export const missingReturn = (at: Span, name: string, result: Type): Diagnostic =>
  error(
    'missing-return',
    at,
    `\`${name}\` can reach its end without returning a \`${typeName(result)}\``,
    {
      notes: ['every path of an op with a result ends in `return`, `fail` or a `goto`'],
      help: 'add a `return` at the end',
    },
  )

export const notACall = (at: Span): Diagnostic =>
  error('not-a-call', at, 'this expression does nothing', {
    notes: ['a statement is a call, an assignment or a control statement'],
    help: 'assign its value, or call something',
  })

export const chooseTarget = (at: Span, name: string): Diagnostic =>
  error('choose-target', at, `\`choose\` puts its value into an int local; \`${name}\` is none`, {
    notes: ['the choice commits at once, so it cannot be a store that others see'],
    help: `declare \`int ${name};\` before it`,
  })

export const recursion = (
  at: Span,
  calls: readonly { readonly from: string; readonly to: string; readonly span: Span }[],
): Diagnostic =>
  error('recursion', at, `\`${calls[0]?.from ?? ''}\` calls itself`, {
    labels: calls
      .slice(0, -1)
      .map((each) => ({ span: each.span, text: `\`${each.from}\` calls \`${each.to}\`` })),
    notes: [
      [calls[0]?.from ?? '', ...calls.map((each) => each.to)]
        .map((name) => `\`${name}\``)
        .join(' calls '),
      'ops are put in place of their calls, so that everything stays finite',
    ],
    help: 'use a loop',
  })

// ---- check, expect

export const notOptional = (at: Span, kind: string, optional: readonly string[]): Diagnostic =>
  error('kind-not-optional', at, `\`${kind}\` cannot be switched off`, {
    notes: [
      'the kernel does not go on after it, so a run has no meaning there',
      `kinds that can: ${optional.map((each) => `\`${each}\``).join(', ')}`,
    ],
    help: `remove \`not ${kind}\``,
  })

export const expectNotTotal = (at: Span): Diagnostic =>
  error('expect-not-total', at, 'the `expect` rows do not cover every design', {
    caption: 'the last row has a condition',
    notes: [
      'the first row whose `when` is true counts; a design that none fits would be tested for nothing',
    ],
    help: 'end with `expect holds otherwise;` or `expect violated KIND otherwise;`',
  })

// ---- configurations

export const unknownConstant = (
  at: Span,
  what: 'param' | 'design',
  name: string,
  known: readonly string[],
  help: string | undefined,
): Diagnostic =>
  error(
    what === 'param' ? 'unknown-param' : 'unknown-design',
    at,
    `the model has no ${what === 'param' ? 'param' : 'design choice'} \`${name}\``,
    {
      notes: [
        known.length > 0
          ? `it has ${known.map((each) => `\`${each}\``).join(', ')}`
          : 'it has none',
      ],
      help,
    },
  )

export const notInDomain = (
  at: Span,
  name: string,
  given: string,
  values: string,
  near: string | undefined,
): Diagnostic =>
  error('value-not-in-domain', at, `\`${given}\` is not a value of \`${name}\``, {
    caption: 'declared here',
    notes: [`its values are ${values}`],
    help: near ? `did you mean \`${near}\`?` : 'give one of them',
  })

export const alreadySet = (at: Span, name: string): Diagnostic =>
  error('param-already-set', at, `\`${name}\` is set by the model and cannot be given`, {
    notes: ['`use … with` fixes a library param for this model'],
    help: 'change the `use` line, or the param it is computed from',
  })
