import type { State, TransitionSystem } from '../../spec/index.js'
import { lookUp } from '../trace/changes.js'
import type { StatePath } from '../trace/trace.js'
import { isPlaceText, placePath, type Unknown, unknownName } from './places.js'

/** One thing that is looked at in a state. */
export type Observed =
  /** The value of a place. */
  | { readonly kind: 'place'; readonly text: string; readonly path: StatePath }
  /** Whether a `cover` of the system holds. */
  | { readonly kind: 'condition'; readonly text: string; readonly cover: number }

/** The things that a list names. Commas in brackets are those of a call; null where the brackets do not match. */
export function observedTexts(list: string): readonly string[] | null {
  const texts = ['']
  let depth = 0
  for (const sign of list) {
    if (/[([]/.test(sign)) depth++
    else if (/[)\]]/.test(sign)) depth--
    if (depth < 0) return null
    if (sign === ',' && depth === 0) texts.push('')
    else texts.push(`${texts.pop()}${sign}`)
  }
  return depth === 0 ? texts.map((text) => text.trim()) : null
}

/** Neither the name of a place nor that of a `cover`: an expression, which is asked whether it holds. */
const isConditionText = (text: string): boolean =>
  !isPlaceText(text) && !/^[A-Za-z]\w*(?:-\w+)+$/.test(text)

/** The conditions among the texts as declarations, to be read behind those of the model. */
export const conditionCovers = (texts: readonly string[]): string =>
  texts
    .filter(isConditionText)
    .map((text) => `cover (${text});\n`)
    .join('')

/**
 * What texts name in a system: its covers and places. The last covers of the system are those of `conditionCovers` of
 * these texts.
 */
export function projectionOf(
  system: TransitionSystem,
  texts: readonly string[],
): readonly Observed[] | Unknown {
  const { covers, shared, pools } = system
  const own = covers.length - texts.filter(isConditionText).length
  let next = own
  const found: Observed[] = []
  for (const text of texts) {
    if (isConditionText(text)) {
      found.push({ kind: 'condition', text, cover: next++ })
      continue
    }
    const cover = covers.findIndex(({ name }, at) => at < own && name === text)
    if (cover >= 0) {
      found.push({ kind: 'condition', text, cover })
      continue
    }
    // A hyphen is in the names of covers only.
    const names = [...covers.slice(0, own), ...shared, ...pools].map(({ name }) => name)
    if (text.includes('-')) return unknownName(text, text, names)
    const [name = ''] = /^\w*/.exec(text) ?? []
    if (!names.includes(name)) return unknownName(text, name, names)
    const path = placePath(system, text)
    if ('problem' in path) return path
    found.push({ kind: 'place', text, path })
  }
  return found
}

/** All covers of a system. */
export const allCovers = ({ covers }: TransitionSystem): readonly Observed[] =>
  covers.map(({ name }, cover) => ({ kind: 'condition', text: name, cover }))

/**
 * What is seen of a state, one text for each thing that is looked at: `place = value`, the condition where it holds, and
 * nothing where it does not. `covered`: indexes of the covers that hold.
 */
export function seen(
  system: TransitionSystem,
  projection: readonly Observed[],
  covered: readonly number[],
  state: State,
): readonly string[] {
  return projection.map((observed) => {
    const { kind, text } = observed
    if (kind === 'condition') return covered.includes(observed.cover) ? text : ''
    return `${text} = ${valueAt(system, state, observed.path)}`
  })
}

function valueAt(system: TransitionSystem, state: State, path: StatePath): string {
  const [area, name, index] = path
  const pool = area === 'pools' ? system.pools.find((each) => each.name === name) : undefined
  // What the memory of a dead object holds says nothing to anybody.
  const isDead = pool !== undefined && state.pools[pool.name]?.[Number(index)]?.alive === 0
  if (isDead && pool.safety === 'ordinary') return 'free'
  return lookUp(system, state, path)?.value ?? 'uninitialised'
}
