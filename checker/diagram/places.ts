import { nearest, type TransitionSystem, type ValueType } from '../../spec/index.js'
import type { StatePath } from '../trace/trace.js'

/** Why a text names nothing in a system, and what to write instead. */
export interface Unknown {
  readonly problem: string
  readonly hint: string
}

/** `NAME`, `NAME.member`, `NAME[2].member[0]`: what `placePath` understands. */
export const isPlaceText = (text: string): boolean => /^[A-Za-z_]\w*(?:\.\w+|\[\d+\])*$/.test(text)

/** Where a state has the place of this name: a shared variable, an object of a pool, or a part of one. */
export function placePath(system: TransitionSystem, text: string): StatePath | Unknown {
  const [name = '', ...parts] = text.match(/\w+/g) ?? []
  const isMember = [...text.matchAll(/[.[]/g)].map(([mark]) => mark === '.')
  const steps = parts.map((part, at) => (isMember[at] ? part : Number(part)))
  const shared = system.shared.find((each) => each.name === name)
  if (shared !== undefined) return inside(['shared', name], shared.type, name, steps)
  const pool = system.pools.find((each) => each.name === name)
  if (pool === undefined) {
    const names = [...system.shared, ...system.pools].map((each) => each.name)
    return unknownName(text, name, names)
  }
  const [index, ...rest] = steps
  if (typeof index !== 'number' || index >= pool.size) {
    return { problem: `\`${text}\` names no object of the pool \`${name}\``, hint: objects(pool) }
  }
  const path = ['pools', name, index]
  return rest.length === 0
    ? [...path, 'alive']
    : inside([...path, 'value'], pool.type, `${name}[${index}]`, rest)
}

/** `said`: as much of the text as has been understood. */
function inside(
  path: StatePath,
  type: ValueType,
  said: string,
  steps: readonly (string | number)[],
): StatePath | Unknown {
  const [step, ...rest] = steps
  if (step === undefined) return path
  if (typeof step === 'number') {
    if (type.kind !== 'array') return { problem: `\`${said}\` is no array`, hint: `\`${said}\`` }
    if (step >= type.length) {
      const hint = `\`${said}[0]\` to \`${said}[${type.length - 1}]\``
      return { problem: `\`${said}\` has no element ${step}`, hint }
    }
    return inside([...path, step], type.of, `${said}[${step}]`, rest)
  }
  const fields = type.kind === 'struct' ? type.fields : []
  const field = fields.find((each) => each.name === step)
  if (field !== undefined) return inside([...path, step], field.type, `${said}.${step}`, rest)
  const names = fields.map((each) => each.name)
  const near = nearest(step, names)
  const choice = names.length === 0 ? `\`${said}\`` : `its members: ${names.join(', ')}`
  const hint = near === undefined ? choice : `did you mean \`${said}.${near}\`?`
  return { problem: `\`${said}\` has no member \`${step}\``, hint }
}

/** A name that stands for nothing, with what is nearest among those that do. */
export function unknownName(text: string, name: string, names: readonly string[]): Unknown {
  const near = nearest(name, names)
  const hint =
    near === undefined
      ? `there are: ${names.join(', ')}`
      : `did you mean \`${text.replace(name, near)}\`?`
  return { problem: `the model has no \`${name}\``, hint }
}

const objects = ({ name, size }: { readonly name: string; readonly size: number }): string =>
  size === 1 ? `\`${name}[0]\`` : `\`${name}[0]\` to \`${name}[${size - 1}]\``
