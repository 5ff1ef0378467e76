/**
 * A model checker in a hundred lines: read it before `checker/search`. It imports nothing, and knows one system.
 *
 * Two vcpus fault on the same page of a file. Each looks whether the page is there, and puts one in if it is not:
 *
 *     1: seen = page         2: if (!seen) page = new        3: mapped = page
 *
 * Can a vcpu map a page that is not in the file? The checker tries every interleaving, the short ones first, so the
 * run it prints is as short as any.
 */

/** All a state is: where each vcpu stands, and what the file and the vcpus hold. Numbers name pages; 0 is none. */
interface State {
  readonly at: readonly number[]
  readonly page: number
  readonly seen: readonly number[]
  readonly mapped: readonly number[]
}

/** How a state was reached: from which one, and by whose step. */
interface Link {
  readonly from: string | null
  readonly step: string
}

const VCPUS = [0, 1]
const initial: State = { at: [1, 1], page: 0, seen: [0, 0], mapped: [0, 0] }

/** Two states are one when their content is: this text is what the visited set holds. */
const keyOf = (state: State): string => JSON.stringify(state)

const put = (list: readonly number[], index: number, value: number) => list.with(index, value)

/** The one step of a vcpu in a state, or none when it has finished. One access to the shared page is one step. */
function fire(state: State, vcpu: number): { readonly text: string; readonly next: State } | null {
  const at = state.at[vcpu] ?? 0
  const next = { ...state, at: put(state.at, vcpu, at + 1) }
  const fresh = vcpu + 1
  switch (at) {
    case 1:
      return { text: 'seen = page', next: { ...next, seen: put(state.seen, vcpu, state.page) } }
    case 2:
      if (state.seen[vcpu] !== 0) return { text: 'page is there', next }
      return {
        text: 'page = new',
        next: { ...next, page: fresh, seen: put(state.seen, vcpu, fresh) },
      }
    case 3: {
      const mapped = put(state.mapped, vcpu, state.seen[vcpu] ?? 0)
      return { text: 'map what was seen', next: { ...next, mapped } }
    }
    default:
      return null
  }
}

/** The invariant: what is mapped is what is in the file. */
const isBad = (state: State): boolean =>
  state.mapped.some((page) => page !== 0 && page !== state.page)

/** The steps that led to a state, read backwards along the links. */
function trailTo(links: ReadonlyMap<string, Link>, state: State): string[] {
  const steps: string[] = []
  for (let key: string | null = keyOf(state); key !== null; ) {
    const link: Link | undefined = links.get(key)
    if (link === undefined) throw new Error('a state nobody reached')
    if (link.from !== null) steps.unshift(link.step)
    key = link.from
  }
  return steps
}

/** Breadth first: a state is expanded before any that is deeper, so the first bad state is as shallow as any. */
export function check(): { readonly states: number; readonly trail: readonly string[] | null } {
  const links = new Map<string, Link>([[keyOf(initial), { from: null, step: '' }]])
  let frontier: readonly State[] = [initial]
  while (frontier.length > 0) {
    const discovered: State[] = []
    for (const state of frontier) {
      if (isBad(state)) return { states: links.size, trail: trailTo(links, state) }
      for (const vcpu of VCPUS) {
        const step = fire(state, vcpu)
        if (step === null || links.has(keyOf(step.next))) continue
        links.set(keyOf(step.next), { from: keyOf(state), step: `vcpu${vcpu}: ${step.text}` })
        discovered.push(step.next)
      }
    }
    frontier = discovered
  }
  return { states: links.size, trail: null }
}

/** What a person wants to read. */
export function report(): string {
  const { states, trail } = check()
  if (trail === null) return `holds: all ${states} states are good`
  return [`violated after ${trail.length} steps, ${states} states seen`, ...trail].join('\n')
}

if (import.meta.url === `file://${process.argv[1]}`) console.log(report())
