import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { scaffoldOf, templateTitle } from '../../checker/design/scaffold.js'
import { gmemcheck, projectRoot } from '../helpers/spawn.js'
import { HOLDS, temporaryFolder } from './folder.js'

/** What a template says when it is checked is among the models: they have their expectations in them. */
const scaffold = suite('scaffolds')

const folder = `${projectRoot}models/templates`
const designs = readdirSync(folder).map((name) => name.replace('.gmem', ''))
const templateOf = (design: string) => readFileSync(join(folder, `${design}.gmem`), 'utf8')

scaffold('there is one for each design, and it says what it is', () => {
  assert.equal(designs, ['callback', 'inplace', 'main', 'safecnt', 'v1a', 'v1b', 'v2'])
  for (const design of designs) {
    assert.ok(templateTitle(templateOf(design)).length > 20, design)
    assert.match(templateOf(design), new RegExp(`^model template-${design};$`, 'm'))
  }
})

scaffold('nothing but the name is changed', () => {
  for (const design of designs) {
    const template = templateOf(design)
    const text = scaffoldOf(template, 'my-race2')
    assert.is(text?.replace('model my-race2;', `model template-${design};`), template)
  }
})

scaffold('a name that no model can have makes none', () => {
  for (const name of ['', '2x', 'a b', 'a--b', '-a', 'a.b', 'if', 'a; int x', 'a$&'])
    assert.is(scaffoldOf(templateOf('v2'), name), null, name)
})

scaffold.run()

const command = suite('new')
const cwd = temporaryFolder({ 'mine.gmem': HOLDS })
const run = (...args: string[]) => gmemcheck(args, { cwd })

command('writes a model that can be checked at once', async () => {
  const written = await run('new', '--design', 'V2', 'deep/my-race.gmem')
  assert.is(written.status, 0, written.stderr)
  assert.match(written.stdout, /^written: deep\/my-race\.gmem\nnext: gmemcheck check /)
  const checked = await run('check', 'deep/my-race.gmem', '--quiet')
  assert.is(checked.status, 0, checked.stderr)
})

command('what is there stays as it is', async () => {
  const { status, stderr } = await run('new', '--design', 'v2', 'mine.gmem')
  assert.is(status, 2)
  assert.match(stderr, /mine\.gmem is there already/)
  assert.is(readFileSync(join(cwd, 'mine.gmem'), 'utf8'), HOLDS)
})

command('--list names every design', async () => {
  const { stdout } = await run('new', '--list')
  assert.equal(
    stdout.split('\n').map((line) => line.split(' ')[0]),
    [...designs, ''],
  )
})

command.run()
