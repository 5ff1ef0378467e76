import { createHash } from 'node:crypto'
import type { Sources } from '../../spec/index.js'

/**
 * What ties a trace to its model: sha256 over the contents of all sources and the names of the used ones. Folders
 * and the name of the model's own file do not count, so a trace still replays when the model moves.
 */
export function modelHash(sources: Sources): string {
  const hash = createHash('sha256')
  let first = true
  for (const source of sources.values()) {
    const name = first ? '' : (source.path.split('/').at(-1) ?? '')
    hash.update(`${name}\0${Buffer.byteLength(source.text)}\0`).update(source.text)
    first = false
  }
  return hash.digest('hex')
}
