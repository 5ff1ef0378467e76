import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { actions } from '../../checker/export/selftest/actions.js'
import { commentLines } from '../../checker/export/selftest/comment.js'
import { reachable } from '../../checker/export/selftest/reachable.js'
import { entriesOf, gateOf, rangesText, windowsOf } from '../../checker/export/selftest/turns.js'
import { evidenceOf, selftestOf, tokenOf } from '../../checker/index.js'
import { put, temporaryFolder } from '../cli/folder.js'
import { replayed } from '../debugger/desk.js'
import { golden } from '../helpers/golden.js'
import { projectRoot } from '../helpers/spawn.js'

/** A trace of `counterexamples/` with its test and its script; those are null where it is refused. */
function written(name: string) {
  const { row, trace, desk } = replayed(name)
  const { file } = desk.matter
  const token = tokenOf(row, trace.trail)
  const { columns } = evidenceOf(row, trace, { token, minimal: null, file, brief: true })
  return { name, trace, ...selftestOf(trace, columns) }
}

const all = readdirSync(`${projectRoot}counterexamples`)
  .filter((name) => name.endsWith('.trace.json'))
  .map((name) => written(name.replace('.trace.json', '')))
const race = all.find(({ name }) => name === 'truncate-vs-fault')

const selftest = suite('export selftest')

selftest('the race of fault against truncation, as it should be', () => {
  golden('tests/export/golden/truncate-vs-fault.selftest.c', race?.c ?? '')
  golden('tests/export/golden/truncate-vs-fault.selftest.bt', race?.bpftrace ?? '')
})

selftest('calls, gates and windows are those of the trace', () => {
  if (race === undefined) throw new Error('the race is gone')
  const { trace } = race
  const entries = entriesOf(trace)
  const [fault, punch] = entries
  assert.equal(
    entries.map(({ action, steps }) => [action, rangesText(steps.map(({ index }) => index))]),
    [
      ['fault', '1-7, 10-11'],
      ['punch_hole', '8-9, 12-16'],
    ],
  )
  // The hole is punched while the fault is under way; the fault is to wait for nobody.
  assert.equal(fault && gateOf(entries, fault), { ended: [], begun: [] })
  assert.equal(punch && gateOf(entries, punch), { ended: [], begun: [0] })
  assert.equal(fault && windowsOf(trace, fault).map(({ index }) => index), [7])
  assert.equal(punch && windowsOf(trace, punch).map(({ index }) => index), [9])
})

selftest(
  'every step is in a call, in no function that is reached, or of a process without a thread',
  () => {
    for (const { name, trace, c } of all) {
      if (c === null) continue
      const told = new Set<number>()
      const unwrapped = c.replace(/(steps?|,)\n\s*\*\s+/g, '$1 ')
      for (const [, ranges = ''] of unwrapped.matchAll(
        /\bsteps? ([\d, -]+)(?= are in no| and has no thread|\n| \*\/)/g,
      )) {
        for (const range of ranges.split(', ')) {
          const [from = 0, to = from] = range.split('-').map(Number)
          for (let step = from; step <= to; step++) told.add(step)
        }
      }
      assert.equal(
        [...told].sort((a, b) => a - b),
        trace.steps.map(({ index }) => index),
        name,
      )
    }
  },
)

selftest('nothing in a comment ends it, and long lines are broken', () => {
  assert.equal(commentLines(['x = a */ b; /* c']), ['x = a * / b; / * c'])
  const lines = commentLines([`${'word '.repeat(50)}end`])
  assert.ok(lines.length > 1 && lines.every((line) => line.length <= 96))
  assert.is(lines.join(' ').match(/word/g)?.length, 50)
})

selftest('a table names no function twice, and every action is in it', () => {
  const used = new Set(Object.values(reachable))
  assert.equal(
    Object.keys(actions).filter((name) => !used.has(name as never)),
    [],
  )
  for (const name of Object.keys(reachable)) assert.match(name, /^[\w/.-]+\.[ch]:\w+$/)
})

selftest('traces that user space has no part in are refused', () => {
  const refused = all.filter(({ c }) => c === null).map(({ name }) => name)
  assert.ok(refused.length > 0 && refused.length < all.length / 2, refused.join(' '))
})

const has = (tool: string): boolean => spawnSync(tool, ['--version']).status === 0

const compiled = has('cc') ? selftest : selftest.skip
if (!has('cc')) process.stdout.write('cc is not installed: the tests in C are not compiled\n')
compiled('the tests in C compile without a warning', () => {
  const folder = temporaryFolder()
  const seen = new Set<string>()
  for (const { name, trace, c } of all) {
    const kinds = String(entriesOf(trace).map(({ action, process }) => `${process} ${action}`))
    if (c === null || seen.has(kinds)) continue
    seen.add(kinds)
    const path = join(folder, `${name}.c`)
    put(path, c)
    const flags = ['-fsyntax-only', '-pthread', '-Wall', '-Wextra', '-Werror']
    const { status, stderr } = spawnSync('cc', [...flags, path], { encoding: 'utf8' })
    assert.is(status, 0, stderr)
  }
  assert.ok(seen.size > 3)
})

/** What is wrong with the brackets and quotes of a script, comments aside; empty: nothing. */
function unbalanced(text: string): string {
  const code = text
    .replace(/^#!.*|\/\/.*|\/\*[\s\S]*?\*\//gm, '')
    .replace(/"(?:\\.|[^"\\\n])*"/g, '')
  let depth = 0
  for (const sign of code.match(/[{}"]/g) ?? []) {
    if (sign === '"') return 'a string that does not end'
    depth += sign === '{' ? 1 : -1
    if (depth < 0 || depth > 1) return `a ${sign} too many`
  }
  return depth === 0 ? '' : 'a { that does not end'
}

selftest('the scripts have balanced brackets, a filter and an action for each probe', () => {
  assert.is.not(unbalanced('BEGIN { printf("x'), '')
  assert.is.not(unbalanced('BEGIN { { } }'), '')
  const isThere = has('bpftrace')
  if (!isThere) process.stdout.write('bpftrace is not installed: the scripts are not tried\n')
  const folder = temporaryFolder()
  for (const { name, bpftrace: text } of all) {
    if (text === null) continue
    assert.is(unbalanced(text), '', name)
    const probes = text.match(/^k(?:ret)?probe:\w+$/gm) ?? []
    assert.ok(probes.length > 0 && new Set(probes).size === probes.length, name)
    assert.is(
      text.match(/^k(?:ret)?probe:\w+\n\/comm == .*\/\n\{\n\tprintf\(.*\);\n\}$/gm)?.length,
      probes.length,
      name,
    )
    if (!isThere) continue
    put(join(folder, 'script.bt'), text)
    // Without the rights, or on another kernel, it finds no probe; it has read the script before that.
    const { stderr } = spawnSync('bpftrace', ['--dry-run', join(folder, 'script.bt')], {
      encoding: 'utf8',
    })
    assert.not.match(stderr, /syntax error|unexpected/i)
  }
})

selftest('the page names every function of the table with its call', () => {
  const page = readFileSync(`${projectRoot}docs/selftest.md`, 'utf8')
  for (const [name, action] of Object.entries(reachable)) {
    const line = page.split('\n').find((each) => each.startsWith(`| \`${action}\` |`))
    assert.ok(line?.includes(`\`${name}\``), `${name}: ${action}`)
  }
})

selftest.run()
