/**
 * Writes the packed program, and beside it what V8 compiles of it in a run, so that later runs of the same Node need not
 * compile it again: that takes a third of the time to most counterexamples. A Node of another version compiles as ever.
 */
import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Between them they use most of the program. */
const EXAMPLES = ['models/litmus/64-lost-wakeup.gmem', 'models/invalidation/release-vs-fault.gmem']

/** The exit code of a check that has found something. */
const VIOLATED = 1

/** Brings build/gmemcheck.js and what is compiled of it up to date with the text of the program. Returns an exit code. */
export function storeProgram(root, text) {
  const program = `${root}build/gmemcheck.js`
  const compiled = `${root}build/gmemcheck.compiled`
  const isNew = !fs.existsSync(program) || fs.readFileSync(program, 'latin1') !== text
  if (!isNew && fs.existsSync(compiled)) return 0
  // V8 knows a text by its length only: what belongs to the old text goes first.
  fs.rmSync(compiled, { force: true })
  // A run that begins now must find the old file or the new one, never a part of it.
  fs.writeFileSync(`${program}.new`, text, 'latin1')
  fs.renameSync(`${program}.new`, program)
  const out = fs.mkdtempSync(join(tmpdir(), 'gmemcheck-'))
  try {
    const bin = fileURLToPath(new URL('../bin/gmemcheck.js', import.meta.url))
    const args = ['check', '--quiet', '--out', out, ...EXAMPLES.map((file) => `${root}${file}`)]
    const { status, stderr } = spawnSync(process.execPath, [bin, ...args], {
      env: { ...process.env, GMEMCHECK_COMPILED: `${compiled}.new` },
      encoding: 'utf8',
    })
    if (status !== VIOLATED) {
      process.stderr.write(`the packed program does not run:\n${stderr}`)
      return 1
    }
    fs.renameSync(`${compiled}.new`, compiled)
    return 0
  } finally {
    fs.rmSync(out, { recursive: true, force: true })
  }
}
