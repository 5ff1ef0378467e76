import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { put, temporaryFolder } from '../cli/folder.js'
import { projectRoot, runNode } from '../helpers/spawn.js'

interface Packing {
  pack(folder: string, entry: string): Promise<string>
}

const { pack } = (await import(`${projectRoot}scripts/pack.js`)) as Packing

/** As `bin/gmemcheck.js` runs what is packed: a script whose value is a function. */
const RUN = `
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Script } from 'node:vm'
const packed = new URL('packed.js', import.meta.url)
const script = new Script(readFileSync(packed, 'latin1'))
await script.runInThisContext()(createRequire(packed), packed.href)
console.log('ended')
`

/** Packs modules with the entry `main.js` and runs the result. */
async function packAndRun(modules: Readonly<Record<string, string>>): Promise<string> {
  const folder = temporaryFolder({ 'package.json': '{"type":"module"}', ...modules })
  const text = await pack(folder, 'main.js')
  for (const path of Object.keys(modules)) put(join(folder, path), 'throw new Error("not packed")')
  assert.not.match(text, /[^\0-\x7f]/)
  put(join(folder, 'packed.js'), text)
  put(join(folder, 'run.js'), RUN)
  const { stdout, stderr, status } = await runNode([join(folder, 'run.js')])
  assert.is(status, 0, stderr)
  return stdout
}

const packing = suite('pack')

packing('each module knows where it would be, and the end is waited for', async () => {
  const printed = await packAndRun({
    'main.js': [
      "import { sep } from 'node:path';",
      "import { where } from './sub/place.js';",
      "const before = 'none';",
      'export const ended = new Promise((resolve) => setTimeout(resolve)).then(() => {',
      '  console.log(before, sep, where, "→");',
      '});',
    ].join('\n'),
    'sub/place.js': [
      "import { basename, dirname } from 'node:path';",
      "import { fileURLToPath } from 'node:url';",
      "const before = 'hidden';",
      "export const where = basename(dirname(fileURLToPath(new URL('./x', import.meta.url)))) + before;",
    ].join('\n'),
  })
  assert.is(printed, 'none / subhidden →\nended\n')
})

packing.run()
