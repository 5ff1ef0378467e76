/**
 * Writes models/README.md: every row of every model, by question. The same models give the same bytes, on any machine.
 * The litmus models have a page of their own.
 */
import { spawnSync } from 'node:child_process'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const folders = readdirSync(join(root, 'models'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !['lib', 'litmus'].includes(entry.name))
  .map((entry) => `models/${entry.name}`)

const args = ['bin/gmemcheck.js', 'test', '--table', '--larger', '--quiet', ...folders]
const { status, stdout, stderr } = spawnSync(process.execPath, args, {
  cwd: root,
  encoding: 'utf8',
  maxBuffer: 2 ** 28,
})
if (status !== 0) {
  process.stderr.write(stderr)
  process.exit(status ?? 1)
}

const intro = `# Models

Every row of every model but the [litmus models](litmus/README.md), by question, as \`gmemcheck test --verbose\` names
them; \`default\` is what \`gmemcheck check\` checks. The head of a model says what it leaves out, its \`expect\` rows why
each verdict is what it is. [scenarios.md](../docs/scenarios.md) has them by scenario, [bugs.md](../docs/bugs.md) by bug.
[Larger sizes](#larger-sizes) has them with more threads and pages. \`npm run table\` writes this page.

`
writeFileSync(join(root, 'models/README.md'), intro + stdout)
