import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type Finished, projectRoot, runNode } from '../helpers/spawn.js'

/** What the runner must say about one folder of `fixtures`. */
interface Case {
  readonly folder: string
  readonly lastLine: string
  readonly says?: RegExp
  readonly args?: readonly string[]
}

const runTests = (folder: string, args: readonly string[] = []): Promise<Finished> =>
  runNode(['scripts/run-tests.js', '--root', `tests/run/fixtures/${folder}`, ...args], {
    cwd: projectRoot,
  })

const lastLine = (text: string) => text.trimEnd().split('\n').at(-1)

/** Every way in which uvu alone would end with exit code 0, or not at all, and some more. */
const BAD: readonly Case[] = [
  { folder: 'fails', lastLine: '1 passed, 1 failed, 0 skipped', says: /one and one/ },
  { folder: 'no-files', lastLine: '0 passed, 1 failed, 0 skipped', says: /no test file/ },
  { folder: 'never-run', lastLine: '0 passed, 1 failed, 0 skipped', says: /no suite was run/ },
  { folder: 'empty-suite', lastLine: '0 passed, 1 failed, 0 skipped', says: /has no tests/ },
  { folder: 'before-throws', lastLine: '0 passed, 2 failed, 0 skipped', says: /tests were lost/ },
  { folder: 'after-throws', lastLine: '0 passed, 1 failed, 0 skipped', says: /no tear-down/ },
  { folder: 'after-each-throws', lastLine: '0 passed, 2 failed, 0 skipped', says: /were lost/ },
  { folder: 'throws-string', lastLine: '0 passed, 1 failed, 0 skipped', says: /not an Error/ },
  { folder: 'only-left-in', lastLine: '1 passed, 1 failed, 1 skipped', says: /was left in/ },
  { folder: 'never-settles', lastLine: '0 passed, 1 failed, 0 skipped', says: /never settles/ },
  { folder: 'open-handle', lastLine: '1 passed, 1 failed, 0 skipped', says: /open: .*Timeout/ },
  { folder: 'exits-early', lastLine: '0 passed, 1 failed, 0 skipped', says: /early exit/ },
  { folder: 'rejects-later', lastLine: '1 passed, 1 failed, 0 skipped', says: /nobody waited/ },
  { folder: 'import-throws', lastLine: '0 passed, 1 failed, 0 skipped', says: /suite was queued/ },
  { folder: 'exit-code', lastLine: '1 passed, 1 failed, 0 skipped', says: /exit code 3/ },
  { folder: 'runs-late', lastLine: '1 passed, 1 failed, 0 skipped', says: /exit code 1/ },
  { folder: 'one-bad-of-two', lastLine: '1 passed, 1 failed, 0 skipped', says: /SIGKILL/ },
  {
    folder: 'spins',
    args: ['--timeout', '2'],
    lastLine: '0 passed, 1 failed, 0 skipped',
    says: /took too long/,
  },
]

const bad = suite('the runner fails when a test file')
for (const { folder, lastLine: expected, says, args } of BAD) {
  bad(folder.replaceAll('-', ' '), async () => {
    const { status, stdout } = await runTests(folder, args)
    assert.is(lastLine(stdout), expected)
    assert.is(status, 1)
    if (says) assert.match(stdout, says)
  })
}
bad.run()

const good = suite('the runner')
good('ends with 0 and the counts when all is well', async () => {
  const { status, stdout, stderr } = await runTests('passes')
  assert.is(lastLine(stdout), '2 passed, 0 failed, 1 skipped')
  assert.is(stderr, '')
  assert.is(status, 0)
})

good('runs only the files that match a pattern', async () => {
  const { status, stdout } = await runTests('one-bad-of-two', ['^a-'])
  assert.is(lastLine(stdout), '1 passed, 0 failed, 0 skipped')
  assert.is(status, 0)
})

good('fails when nothing matches the pattern', async () => {
  const { status, stdout } = await runTests('passes', ['no-such-name'])
  assert.is(lastLine(stdout), '0 passed, 1 failed, 0 skipped')
  assert.is(status, 1)
})

good('counts the same one file at a time and several at once', async () => {
  for (const jobs of ['1', '4']) {
    const { stdout } = await runTests('one-bad-of-two', ['--jobs', jobs])
    assert.is(lastLine(stdout), '1 passed, 1 failed, 0 skipped')
  }
})

good('refuses options it does not understand', async () => {
  for (const args of [['--jobs', '0'], ['--timeout', 'soon'], ['('], ['a', 'b'], ['--fast']]) {
    const { status, stdout } = await runTests('passes', args)
    assert.is(status, 2, args.join(' '))
    assert.is(stdout, '')
  }
})
good.run()
