import type { Trace } from '../trace/trace.js'
import { headline, isLostRest } from './headline.js'
import { badPageReport } from './reports/bad-page.js'
import { blockedReport } from './reports/blocked.js'
import { callbackReport } from './reports/callback.js'
import { dataRaceReport } from './reports/data-race.js'
import { lockOrderReport } from './reports/lock-order.js'
import { lockReport } from './reports/locks.js'
import { leakReport, memoryReport } from './reports/memory.js'
import { rcuUnbalancedReport, rcuWaitReport } from './reports/rcu.js'
import { sleepReport } from './reports/sleep.js'
import { spinReport } from './reports/spin.js'
import { WIDTH, wrap } from './wrap.js'

/** What stands above a counterexample. */
export interface Report {
  readonly lines: readonly string[]
  /** It says itself what is wrong with the state the run ends in. */
  readonly complete: boolean
}

/** The violation in the kernel's own words: a whole report for the kinds the kernel has one for, else a headline. */
export function report(trace: Trace): Report {
  const head = headReport(trace)
  if (head !== null) return { lines: head, complete: false }
  const whole = kernelReport(trace)
  if (whole !== null && whole.length > 0) return { lines: whole, complete: true }
  return { lines: wrap(headline(trace), WIDTH), complete: false }
}

/** A report that says who did it, and leaves it to the end of the columns to say with which values. */
function headReport(trace: Trace): readonly string[] | null {
  switch (trace.kind) {
    case 'use-after-free':
    case 'double-free':
    case 'null-dereference':
    case 'refcount-underflow':
    case 'refcount-inc-from-zero':
      return memoryReport(trace)
    case 'leak':
      return leakReport(trace)
    case 'mapped-at-free':
    case 'pinned-at-free':
      return badPageReport(trace)
    default:
      return null
  }
}

function kernelReport(trace: Trace): readonly string[] | null {
  switch (trace.kind) {
    case 'data-race':
      return dataRaceReport(trace)
    case 'sleep-in-atomic':
      return sleepReport(trace)
    case 'lock-inversion':
      return lockOrderReport(trace)
    case 'rcu-wait-in-reader':
      return rcuWaitReport(trace)
    case 'rcu-unbalanced':
      return rcuUnbalancedReport(trace)
    case 'callback-pending':
      return callbackReport(trace)
    default:
      return isLostRest(trace) ? lostRestReport(trace) : lockReport(trace)
  }
}

/** A run that ends where rest is out of reach: who spins, who hangs. */
function lostRestReport(trace: Trace): readonly string[] {
  const blocked = blockedReport(trace)
  const spinning = spinReport(trace)
  if (trace.kind === 'deadlock') return [...blocked, ...spinning]
  // Those that spin are what a livelock is about; beside a lost wakeup only daemons do.
  const told = trace.kind === 'livelock' ? [...spinning, ...blocked] : [...blocked, ...spinning]
  return [...wrap(headline(trace), WIDTH), '', ...told]
}
