import {
  type CheckedModel,
  type Configuration,
  type LeftOut,
  type ScenarioPart,
  scenarioParts,
} from '../../spec/index.js'
import { placeText, sourcePlace } from '../trace/place.js'

/** `thread pinner`; `folio_get, s24.gmem:80`; `other values of c than 1, m.gmem:7`. */
export function leftOutText(
  model: CheckedModel,
  configuration: Configuration,
  { part, keep }: LeftOut,
): string {
  const found = scenarioParts(model, configuration)[part]
  if (found === undefined) return `part ${part}`
  if (found.kind === 'process') return `process ${found.name}`
  const place = sourcePlace(model, found.span)
  return `${whatText(found, keep)}, ${placeText({ ...place, file: baseOf(place.file) })}`
}

const baseOf = (file: string): string => file.split('/').at(-1) ?? file

function whatText(part: Exclude<ScenarioPart, { kind: 'process' }>, keep: number | null): string {
  switch (part.kind) {
    case 'call':
      return `call of ${part.op}`
    case 'either':
      return `other branches of either than number ${(keep ?? 0) + 1}`
    case 'choose':
      return `other values of ${part.name} than ${keep}`
  }
}
