import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import * as assert from 'uvu/assert'
import { projectRoot } from './spawn.js'

/** Compares a text with the file that holds what it should be; with UPDATE=1 the file is written, and read like code. */
export function golden(path: string, text: string): void {
  const file = `${projectRoot}${path}`
  if (process.env.UPDATE) {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
    return
  }
  assert.ok(existsSync(file), `${path} is missing: run the tests once with UPDATE=1 and read it`)
  assert.is(text, readFileSync(file, 'utf8'), path)
}
