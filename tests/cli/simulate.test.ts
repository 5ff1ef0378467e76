import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { gmemcheck, projectRoot } from '../helpers/spawn.js'
import { HOLDS, temporaryFolder, VIOLATED } from './folder.js'

const cwd = temporaryFolder({ 'holds.gmem': HOLDS, 'violated.gmem': VIOLATED })
const run = (...args: string[]) => gmemcheck(args, { cwd })

const schema = JSON.parse(readFileSync(`${projectRoot}spec/schema/verdict.schema.json`, 'utf8'))

const simulate = suite('simulate')

simulate('1: a counterexample is written and replays', async () => {
  const { status, stdout, stderr } = await run('simulate', 'violated.gmem', '--seed', '3', '--json')
  assert.is(status, 1, stderr)
  const document = JSON.parse(stdout)
  const ajv = new Ajv2020({ strict: false })
  const isValid: boolean = ajv.validate(schema, document)
  assert.ok(isValid, ajv.errorsText())
  assert.is(document.simulation.seed, 3)
  assert.is(document.trace.minimal, false)
  const replayed = await run('replay', document.trace.file)
  assert.is(replayed.status, 0, replayed.stderr)
})

simulate('3: nothing found proves nothing, and the seed is printed', async () => {
  const { status, stdout, stderr } = await run('simulate', 'holds.gmem', '--walks', '5')
  assert.is(status, 3, stderr)
  assert.match(stdout, /^verdict: incomplete, limit walks: 5 walks found nothing, which proves/m)
  assert.match(stdout, /^simulation: seed \d+, walks 5, steps 40, at rest 5, at a bound 0$/m)
})

simulate.run()
