import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { gmemcheck, projectRoot } from '../helpers/spawn.js'
import { BOUND, BROKEN, HOLDS, HUGE, put, temporaryFolder, VIOLATED } from './folder.js'

const cwd = temporaryFolder({
  'holds.gmem': HOLDS,
  'violated.gmem': VIOLATED,
  'bound.gmem': BOUND,
  'broken.gmem': BROKEN,
  'huge.gmem': HUGE,
})
const run = (...args: string[]) => gmemcheck(args, { cwd })
const schema = JSON.parse(readFileSync(`${projectRoot}spec/schema/verdict.schema.json`, 'utf8'))
const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true, strict: false }).compile(
  schema,
)

/** What scripts look for. */
const FIGURES =
  /^search: states \d+, transitions \d+, depth \d+, seconds \d+\.\d, states\/s \d+, memory \d+\.\d MiB, workers \d+, \w+ engine, exact$/m

const check = suite('check')

check('0: holds, with its bounds and the memory model', async () => {
  const { status, stdout, stderr } = await run('check', 'holds.gmem')
  assert.is(status, 0, stderr)
  assert.match(stdout, /^verdict: holds/m)
  assert.match(stdout, /^bounds: .*x 0\.\.2.*sequential consistency$/m)
  assert.match(stdout, FIGURES)
})

check('1: violated, with columns, and both files written', async () => {
  const { status, stdout, stderr } = await run('check', 'violated.gmem')
  assert.is(status, 1, stderr)
  assert.match(stdout, /^BUG: assertion failed/)
  assert.match(stdout, /^verdict: violated assert at violated\.gmem:11:\d+/m)
  assert.match(stdout, /shortest possible/)
  const text = readFileSync(join(cwd, 'counterexamples/violated.txt'), 'utf8')
  assert.ok(stdout.startsWith(text))
  assert.ok(existsSync(join(cwd, 'counterexamples/violated.trace.json')))
})

check(
  '--html writes a page, of a row that holds as well, and --json says nothing of it',
  async () => {
    const wrong = await run('check', 'violated.gmem', '--html', 'pages/wrong.html')
    assert.is(wrong.status, 1, wrong.stderr)
    assert.match(wrong.stdout, /^written: pages\/wrong\.html$/m)
    const page = readFileSync(join(cwd, 'pages/wrong.html'), 'utf8')
    assert.match(page, /<title>BUG: assertion failed - violated<\/title>/)
    const clean = await run('check', 'holds.gmem', '--json', '--html', 'pages/clean.html')
    assert.is(clean.status, 0, clean.stderr)
    assert.is(JSON.parse(clean.stdout).verdict, 'holds')
    assert.match(readFileSync(join(cwd, 'pages/clean.html'), 'utf8'), /<title>holds, every/)
  },
)

const PAGELESS: readonly (readonly [args: string, says: RegExp])[] = [
  ['violated.gmem --html .', /cannot write \.: it is a directory\n.*--html/],
  ['violated.gmem holds.gmem --html x.html', /--html takes one model/],
  ['violated.gmem --audit --html x.html', /--html takes one model/],
]
for (const [args, says] of PAGELESS) {
  check(`2: check ${args} is refused before anything is searched`, async () => {
    const { status, stdout, stderr } = await run('check', ...args.split(' '))
    assert.is(status, 2)
    assert.is(stdout, '')
    assert.match(stderr, says)
    assert.not.ok(existsSync(join(cwd, 'x.html')))
  })
}

check('2: a wrong model gives a diagnostic on stderr and nothing else', async () => {
  const { status, stdout, stderr } = await run('check', 'broken.gmem')
  assert.is(status, 2)
  assert.is(stdout, '')
  assert.match(stderr, /error\[[a-z-]+\]/)
  assert.match(stderr, /broken\.gmem:2:12/)
  assert.not.match(stderr, /\n\s+at /)
})

check('3: a bound or a limit makes it incomplete, never success', async () => {
  const bound = await run('check', 'bound.gmem')
  assert.is(bound.status, 3, bound.stdout + bound.stderr)
  assert.match(bound.stdout, /^verdict: incomplete, limit bound: .*nodes/m)
  const states = await run('check', 'holds.gmem', '--max-states', '5')
  assert.is(states.status, 3)
  assert.match(states.stdout, /^verdict: incomplete, limit states/m)
})

check('--timeout and --memory end it as incomplete', async () => {
  const time = await run('check', 'huge.gmem', '--timeout', '0.2')
  assert.is(time.status, 3, time.stdout + time.stderr)
  assert.match(time.stdout, /limit time/)
  const memory = await run('check', 'huge.gmem', '--memory', '1M')
  assert.is(memory.status, 3, memory.stdout + memory.stderr)
  assert.match(memory.stdout, /limit memory/)
})

check(
  'is the default command when the first argument is a file, an option or standard input',
  async () => {
    assert.is((await run('holds.gmem')).status, 0)
    assert.is((await run('--quiet', 'holds.gmem')).status, 0)
    const piped = await gmemcheck(['-'], { cwd, stdin: HOLDS })
    assert.is(piped.status, 0, piped.stderr)
    const empty = await gmemcheck(['check', '-'], { cwd })
    assert.is(empty.status, 2)
  },
)

check('several models: 2 before 1 before 3 before 0', async () => {
  const code = async (...files: string[]) => (await run('check', ...files)).status
  assert.is(await code('holds.gmem', 'bound.gmem'), 3)
  assert.is(await code('bound.gmem', 'violated.gmem', 'holds.gmem'), 1)
  assert.is(await code('violated.gmem', 'broken.gmem', 'bound.gmem'), 2)
})

check('--param and --design name the row, and the files are named after it', async () => {
  const locked = await run('check', 'violated.gmem', '--design', 'how=locked')
  assert.is(locked.status, 0, locked.stderr)
  const out = join(cwd, 'rows')
  const three = await run('check', 'violated.gmem', '--param', 'n=3', '--out', out)
  assert.is(three.status, 1, three.stderr)
  assert.equal(readdirSync(out).sort(), ['violated-n=3.trace.json', 'violated-n=3.txt'])
  for (const wrong of [
    ['--param', 'n=9'],
    ['--param', 'm=1'],
    ['--design', 'how=plian'],
    ['--param', 'n'],
  ]) {
    const { status, stdout, stderr } = await run('check', 'violated.gmem', ...wrong)
    assert.is(status, 2, wrong.join(' '))
    assert.is(stdout, '')
    assert.ok(stderr.length > 0)
  }
})

for (const [file, args, verdict] of [
  ['holds.gmem', [], 'holds'],
  ['violated.gmem', [], 'violated'],
  ['bound.gmem', [], 'incomplete'],
  ['holds.gmem', ['--max-states', '4'], 'incomplete'],
] as const) {
  check(`--json: one document that fits the schema: ${file} ${args.join(' ')}`, async () => {
    const { stdout, stderr } = await run('check', '--json', file, ...args)
    const document = JSON.parse(stdout)
    const fits: boolean = validate(document)
    assert.ok(fits, JSON.stringify(validate.errors))
    assert.is(document.verdict, verdict, stderr)
    assert.is(document.file, file)
    assert.is(document.limit === undefined, verdict !== 'incomplete')
  })
}

check('--json is silent on stdout with exit code 2, and takes one model', async () => {
  for (const args of [
    ['broken.gmem'],
    ['missing.gmem'],
    ['holds.gmem', 'violated.gmem'],
    ['holds.gmem', '--param', 'x=1'],
  ]) {
    const { status, stdout } = await run('check', '--json', ...args)
    assert.is(status, 2, args.join(' '))
    assert.is(stdout, '')
  }
})

check('a missing file, a directory, an unreadable and a binary file are diagnostics', async () => {
  mkdirSync(join(cwd, 'folder.gmem'), { recursive: true })
  put(join(cwd, 'secret.gmem'), HOLDS)
  chmodSync(join(cwd, 'secret.gmem'), 0)
  put(join(cwd, 'binary.gmem'), '\u0000\u0001\u0002')
  put(join(cwd, 'uses.gmem'), 'model u;\nuse "lib/none.gmem";\nthread t { skip; }\n')
  const readable = process.getuid?.() === 0
  for (const file of ['missing.gmem', 'folder.gmem', 'secret.gmem', 'binary.gmem', 'uses.gmem']) {
    if (readable && file === 'secret.gmem') continue
    const { status, stdout, stderr } = await run('check', file)
    assert.is(status, 2, file)
    assert.is(stdout, '', file)
    assert.match(stderr, /error\[[a-z-]+\]/, file)
    assert.not.match(stderr, /\n\s+at |internal error/, file)
  }
})

check('a place that cannot be written to is told, and nothing is left half-written', async () => {
  put(join(cwd, 'in-the-way'), 'a file')
  const { status, stdout, stderr } = await run(
    'check',
    '--json',
    'violated.gmem',
    '--out',
    'in-the-way/x',
  )
  assert.is(status, 2)
  assert.is(stdout, '')
  assert.match(stderr, /cannot write in-the-way/)
  assert.is(readFileSync(join(cwd, 'in-the-way'), 'utf8'), 'a file')
  assert.equal(
    readdirSync(cwd).filter((name) => name.includes('.tmp')),
    [],
  )
})

check('Ctrl-C ends it as incomplete, with what it has', async () => {
  const { status, stdout } = await gmemcheck(['check', '--reduction', 'none', 'huge.gmem'], {
    cwd,
    interrupt: {
      when: /^progress: level \d+, \d+ states, \d+\/s, (?:[^,]+, )?frontier \d+, table \d+% full, \d+ MiB/m,
    },
  })
  assert.is(status, 3)
  assert.match(stdout, /^verdict: incomplete, limit interrupted/m)
  assert.match(stdout, /^search: states \d{4,}, /m)
})

check('--json tells its progress on stderr only, --quiet tells none', async () => {
  const json = await gmemcheck(['check', '--json', '--reduction', 'none', 'huge.gmem'], {
    cwd,
    interrupt: { when: /progress: level / },
  })
  assert.is(JSON.parse(json.stdout).limit, 'interrupted')
  // Longer than the pause between two lines.
  const quiet = await run(
    'check',
    '--quiet',
    '--reduction',
    'none',
    'huge.gmem',
    '--timeout',
    '4.5',
  )
  assert.is(quiet.status, 3)
  assert.is(quiet.stderr, '')
})

check('--quiet is one line, --no-color has no colour even where colour is forced', async () => {
  const quiet = await run('check', 'violated.gmem', '--quiet')
  assert.is(quiet.stdout.trimEnd().split('\n').length, 1)
  assert.is(quiet.stderr, '')
  const env = { FORCE_COLOR: '1' }
  const coloured = await gmemcheck(['check', 'violated.gmem'], { cwd, env })
  assert.ok(coloured.stdout.includes('\u001b['))
  for (const [args, added] of [
    [['--no-color'], {}],
    [[], { NO_COLOR: '1' }],
  ] as const) {
    const plain = await gmemcheck(['check', 'violated.gmem', ...args], {
      cwd,
      env: { ...env, ...added },
    })
    assert.not.ok(plain.stdout.includes('\u001b['))
  }
})

check('the same model gives the same files', async () => {
  const files = async (out: string) => {
    await run('check', 'violated.gmem', '--quiet', '--out', out)
    return ['violated.txt', 'violated.trace.json'].map((name) =>
      readFileSync(join(cwd, out, name), 'utf8'),
    )
  }
  assert.equal(await files('one'), await files('two'))
})

check.run()
