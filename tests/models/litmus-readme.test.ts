import { readdirSync, readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { temporaryFolder } from '../cli/folder.js'
import { projectRoot, runNode } from '../helpers/spawn.js'

const folder = `${projectRoot}models/litmus/`
const page = suite('the list of litmus models')

page('is written anew byte for byte', async () => {
  const out = `${temporaryFolder()}/README.md`
  const { status, stderr } = await runNode([`${projectRoot}scripts/litmus-readme.js`, out])
  assert.is(status, 0, stderr)
  assert.is(readFileSync(out, 'utf8'), readFileSync(`${folder}README.md`, 'utf8'))
})

page('has every model once', () => {
  const text = readFileSync(`${folder}README.md`, 'utf8')
  const listed = [...text.matchAll(/\]\(([\w-]+\.gmem)\)/g)].map(([, name]) => name)
  const present = readdirSync(folder).filter((name) => name.endsWith('.gmem'))
  assert.equal(listed.sort(), present.sort())
})

page.run()
