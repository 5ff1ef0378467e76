import type { TransitionSystem, Wait } from '../../spec/index.js'
import { processName } from '../trace/changes.js'
import { sourcePlace } from '../trace/place.js'
import type { Trace } from '../trace/trace.js'

/** `BUG: nonzero mapcount in filemap_remove_folio`: the kernel's words, and where it happened. */
export function headline(trace: Trace): string {
  const { site, process } = trace.trap
  const where =
    site?.call.op ?? (site !== null && process !== null ? processName(trace.system, process) : null)
  return `BUG: ${trace.headline}${where === null ? '' : ` in ${where}`}`
}

/** The end of the run is no step and no false property: processes that should go on cannot. */
export function isLostRest({ trap, kind, loop, waits }: Trace): boolean {
  if (trap.site !== null || trap.operands.length > 0) return false
  return loop.length > 0 || kind === 'deadlock' || waits.some((wait) => wait.names === kind)
}

/** `vcpu0 waits for mutex a, held by vmm (x.gmem:12)`. */
export function waitText(system: TransitionSystem, wait: Wait): string {
  const { file, line } = sourcePlace(system, wait.site.span)
  const holders = wait.holders.map((holder) => processName(system, holder)).join(' and ')
  const held = holders === '' ? '' : `, held by ${holders}`
  const place = `${file.split('/').at(-1)}:${line}`
  const condition = /^await\s*(\(.*\))\s*(?:else\b.*)?;?$/.exec(wait.place)?.[1]
  const what = `${wait.what} ${condition ?? wait.place}`.trim()
  return `${processName(system, wait.process)} waits for ${what}${held} (${place})`
}

/** A lost rest in words: who spins where, who waits for whom; the cycle of owners where there is one. */
export function lostRestTexts(trace: Trace): string[] {
  const { system } = trace
  if (!isLostRest(trace)) return []
  const texts: string[] = []
  const spinners = new Set(trace.loop.map((step) => step.process))
  for (const process of spinners) {
    const steps = trace.loop.filter((step) => step.process === process)
    const ops = [...new Set(steps.map((step) => step.site.call.op).filter((op) => op !== null))]
    const where = ops.length > 0 ? ` through ${ops.join(', ')}` : ''
    texts.push(`${processName(system, process)} goes round for ever${where}`)
  }
  for (const wait of trace.waits) {
    if (!spinners.has(wait.process)) texts.push(waitText(system, wait))
  }
  const cycle = ownerCycle(trace.waits)
  if (cycle.length > 0) {
    const names = [...cycle, cycle[0] ?? 0].map((process) => processName(system, process))
    texts.push(`wait-for cycle: ${names.join(' -> ')}`)
  }
  return texts
}

/** Processes each of which waits for the next, the last for the first; empty when there are none. */
export function ownerCycle(waits: readonly Wait[]): number[] {
  const holders = new Map(waits.map((wait) => [wait.process, wait.holders]))
  const search = (process: number, path: readonly number[]): number[] => {
    const seen = path.indexOf(process)
    if (seen >= 0) return path.slice(seen)
    for (const holder of holders.get(process) ?? []) {
      const found = search(holder, [...path, process])
      if (found.length > 0) return found
    }
    return []
  }
  for (const wait of waits) {
    const found = search(wait.process, [])
    if (found.length > 0) return found
  }
  return []
}
