import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { put, temporaryFolder } from '../cli/folder.js'
import { projectRoot, runNode } from '../helpers/spawn.js'

interface Packing {
  pack(folder: string, entry: string): string
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
`

/** Packs modules with the entry `main.js` and runs the result. */
async function packAndRun(modules: Readonly<Record<string, string>>): Promise<string> {
  const folder = temporaryFolder({ 'package.json': '{"type":"module"}', ...modules })
  const text = pack(folder, 'main.js')
  for (const path of Object.keys(modules)) put(join(folder, path), 'throw new Error("not packed")')
  put(join(folder, 'packed.js'), text)
  put(join(folder, 'run.js'), RUN)
  const { stdout, stderr, status } = await runNode([join(folder, 'run.js')])
  assert.is(status, 0, stderr)
  return stdout
}

const packing = suite('pack')

packing('every way of importing that the compiler writes, and names that meet', async () => {
  const printed = await packAndRun({
    'main.js': [
      "import * as all from './sub/all.js';",
      "import { one as uno, twice } from './sub/all.js';",
      "import main from './main-value.js';",
      "import { sep } from 'node:path';",
      'const one = 10;',
      'console.log(one, uno, all.two, twice(main), sep, await Promise.resolve(all.where), "→");',
      '//# sourceMappingURL=main.js.map',
    ].join('\n'),
    'main-value.js': 'const value = 4;\nexport default value;',
    'sub/all.js': [
      "import { dirname } from 'node:path';",
      "import { fileURLToPath } from 'node:url';",
      "export { one, } from './one.js';",
      "export * from '../two.js';",
      'export function twice(x) { return 2 * x; }',
      "export const where = dirname(fileURLToPath(import.meta.url)).endsWith('sub');",
    ].join('\n'),
    'sub/one.js': 'const two = "hidden";\nexport const one = 1;\nexport {};',
    'two.js': 'export class Two {}\nexport const two = 2;',
  })
  assert.is(printed, '10 1 2 8 / true →\n')
})

packing('what it does not know is refused', () => {
  for (const line of [
    "import './effect.js';",
    'export let changing = 1;',
    'export default function () {}',
    "export * as all from './all.js';",
  ]) {
    const folder = temporaryFolder({ 'main.js': `${line}\n`, 'effect.js': '', 'all.js': '' })
    assert.throws(() => pack(folder, 'main.js'), /main\.js: cannot be packed/, line)
  }
})

packing.run()
