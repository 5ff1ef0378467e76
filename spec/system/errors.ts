import { type Diagnostic, error } from '../diagnostics/diagnostic.js'
import type { Span } from '../source/span.js'

/** The diagnostics of this room: what can only be seen once the row's constants are known. */

export const endlessLoop = (at: Span): Diagnostic =>
  error('loop-without-step', at, 'this loop can go round without taking a step', {
    notes: ['computation on locals is no step, so nothing else could ever happen in between'],
    help: 'give the loop something to wait for (`await (c);`) or an access to shared state',
  })

export const awaitInAtomic = (at: Span): Diagnostic =>
  error('await-in-atomic', at, '`await` inside an atomic block, but not at its start', {
    notes: [
      'an atomic block is one step: it is enabled when its leading `await` is, and cannot wait later',
    ],
    help: 'move the `await` to the front of the block, or end the block before it',
  })

export const blockingInAtomic = (at: Span, name: string): Diagnostic =>
  error('blocking-in-atomic', at, `\`${name}\` may block inside an atomic block`, {
    notes: ['an atomic block is one step and cannot wait in its middle'],
    help: 'take the lock before the block, or use its trylock',
  })

export const writeInCheck = (at: Span, what: string): Diagnostic =>
  error('write-in-condition', at, `${what} may only read, and this writes shared state`, {
    help: 'conditions are evaluated in one instant and must leave the state as it was',
  })

export const badRange = (at: Span, from: number, to: number): Diagnostic =>
  error('empty-range', at, `the range ${from}..${to} is empty here`, {
    notes: ['with the params and design choices of this run its lower end is above its upper end'],
    help: 'swap the ends, or refuse these values of the param',
  })

export const outsideRange = (at: Span, value: number, from: number, to: number): Diagnostic =>
  error('value-outside-range', at, `the initial value ${value} is outside ${from}..${to}`, {
    help: `start inside the range, or widen it to hold ${value}`,
  })

export const badSize = (at: Span, what: string, size: number): Diagnostic =>
  error('bad-size', at, `${what} would have ${size} elements here`, {
    notes: ['the params and design choices of this run give it that size'],
    help: 'sizes go from 1 to 4096',
  })

export const constantTrouble = (at: Span, message: string): Diagnostic =>
  error('bad-constant', at, message, {
    help: 'constant expressions are evaluated with the params and design choices of the run',
  })

export const badHead = (at: Span): Diagnostic =>
  error('bad-head', at, '`call_rcu` needs the `rcu_head` of an object', {
    notes: ['the callback is given the object the head is a member of'],
    help: 'put the head into a struct that has a pool, and pass `&p->head`',
  })

export const wrongCallback = (at: Span, name: string): Diagnostic =>
  error('not-a-callback', at, `\`${name}\` takes a pointer to something else than the head is in`, {
    notes: ['the callback is given the object the head is a member of'],
    help: `queue the head of the object that \`${name}\` releases`,
  })

export const reclaimInAtomic = (at: Span): Diagnostic =>
  error('blocking-in-atomic', at, 'this `alloc` may run a shrinker inside an atomic block', {
    notes: ['an atomic block is one step, and the shrinkers of this model take steps of their own'],
    help: 'give it flags that do not reclaim (`GFP_ATOMIC`), or move it out of the block',
  })

export const tooLarge = (at: Span, count: number): Diagnostic =>
  error('too-large', at, `the model unfolds to more than ${count} instructions`, {
    notes: ['every call of an op is unfolded where it stands'],
    help: 'split the model, or call the large op from fewer places',
  })
