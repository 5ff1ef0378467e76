import { existsSync, readdirSync } from 'node:fs'

/** Every file under a folder, as sorted paths relative to it, with `/` on every platform. */
export function filesUnder(folder) {
  if (!existsSync(folder)) return []
  const found = []
  const collect = (prefix) => {
    for (const entry of readdirSync(`${folder}/${prefix}`, { withFileTypes: true })) {
      const path = prefix === '' ? entry.name : `${prefix}/${entry.name}`
      if (entry.isDirectory()) collect(path)
      else found.push(path)
    }
  }
  collect('')
  return found.sort()
}
