import type { Local, Op, Type } from './model.js'
import { typeName } from './types.js'

/** The declaration of an op as people write it, without its body. */
export function signature(op: Op): string {
  const result = op.result.kind === 'void' ? '' : spaced(op.result)
  return `op ${result}${op.name}(${op.parameters.map(parameterText).join(', ')})`
}

const spaced = (type: Type): string => {
  const text = typeName(type)
  return text.endsWith('*') ? text : `${text} `
}

const parameterText = (parameter: Local): string =>
  `${parameter.role === 'macro' ? 'macro ' : ''}${spaced(parameter.type)}${parameter.name}`
