import { type Diagnostic, warning } from '../diagnostics/diagnostic.js'
import type { Span } from '../source/span.js'

/** What is legal and still suspicious: one function each. */

export const neverMatched = (at: Span, earlier: boolean): Diagnostic =>
  warning('expect-never', at, 'no design gets to this `expect` row', {
    notes: [
      earlier
        ? 'earlier rows fit every design that this one fits, and the first one counts'
        : 'its condition is false for every combination of the design choices',
    ],
    help: 'remove the row, or mend its condition',
  })

export const neverUsed = (at: Span, what: string, name: string): Diagnostic =>
  warning('unused', at, `${what} \`${name}\` is never used`, {
    notes: ['nothing in the model or its libraries mentions it'],
    help: 'remove it',
  })

export const noStep = (at: Span, what: string, name: string): Diagnostic =>
  warning('no-step', at, `${what} \`${name}\` can never take a step`, {
    notes: ['its body is empty'],
    help: 'remove it, or give it something to do',
  })

export const unreachable = (at: Span): Diagnostic =>
  warning('unreachable', at, 'no path leads to this statement', {
    notes: ['the one before it always returns, fails or goes elsewhere'],
    help: 'remove it, or put a label before it',
  })

export const neverTaken = (at: Span, always: boolean): Diagnostic =>
  warning('never-taken', at, `this condition is ${always ? 'true' : 'false'} in every design`, {
    notes: [
      always
        ? 'the `else` branch is never taken, whatever the design choices are'
        : 'the branch is never taken, whatever the design choices are',
    ],
    help: 'remove the branch, or mend the condition',
  })

export const unlockNotLocked = (at: Span, name: string, lock: string): Diagnostic =>
  warning('unlock-not-locked', at, `\`${name}\` on a path that never locked \`${lock}\``, {
    notes: ['a run that gets here reports `unlock-not-held`'],
    help: 'take the lock before, or remove the unlock',
  })
