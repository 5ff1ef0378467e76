import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { slotName } from '../../spec/system/dump.js'
import type { Code } from '../../spec/system/system.js'
import { isVisible, successors } from '../../spec/system/visible.js'
import { systemOf } from '../helpers/pipeline.js'

/** What a state keeps of a process: its locals in scope, values on their way; and where a daemon is idle. */
const kept = suite('kept slots and idle places')

const codeOf = (text: string): Code => {
  const [code] = systemOf(text).codes
  if (!code) throw new Error('no code')
  return code
}

/** At each step, the names of what is kept: `v` for a local, `%` for a value on its way. */
function keeps(text: string): readonly string[] {
  const code = codeOf(text)
  return code.instructions.flatMap((instruction, at) => {
    if (!isVisible(instruction)) return []
    const names = (code.kept[at] ?? []).map(({ name, temporary }) => (temporary ? '%' : name))
    return [names.join(' ')]
  })
}

kept('2: a value is kept from its load to its last use', () => {
  assert.equal(keeps('int 0..3 x; int 0..3 y; thread t { x = x + y; }'), ['', '%', '% %'])
  // The index; the element; the other operand; the target's index; with all but the first the store.
  const text = 'int 0..3 x; int 0..3 a[4]; thread t { a[x] = a[x] + x; }'
  assert.equal(keeps(text), ['', '%', '%', '% %', '% % %'])
})

kept('2: a local is kept from its declaration to the end of its scope, used or not', () => {
  const text = 'int 0..3 x; thread t { x = 0; int v = x; x = 1; { int w = v; x = 2; } x = 3; }'
  assert.equal(keeps(text), ['', '', 'v', 'v w', 'v'])
})

kept('2: a parameter is kept to the end of its op, a result to its use', () => {
  const text = `int 0..3 x; op int f(int p) { p = p + 1; x = p; return p; } thread t { x = f(x) + x; x = 0; }`
  // Load the argument; store in f; load x with the result kept; store; store.
  assert.equal(keeps(text), ['', 'p', '%', '% %', ''])
})

kept('2: nothing is kept at the end', () => {
  const code = codeOf('int 0..3 x; thread t { int v = x; x = v; }')
  const end = code.instructions.findIndex(({ kind }) => kind === 'end')
  assert.equal(code.kept[end], [])
})

kept('2: locals that never meet share a cell, and those that meet do not', () => {
  const code = codeOf(
    `int 0..3 x; thread t { { int a = x; x = a; } { int b = x; int c = x; x = b + c; } }`,
  )
  const cell = (wanted: string): number =>
    code.slots.find(({ name }) => name === wanted)?.index ?? -1
  assert.is(cell('a'), cell('b'))
  assert.is.not(cell('b'), cell('c'))
})

kept('2: at every place the kept slots have cells of their own', () => {
  const texts = [
    'int 0..3 x; op int f(int a, int b) { int c = a + x; { int d = c; x = d; } return b + c; } thread t { int v = x; x = f(x, v) + f(v, x); }',
    'int 0..3 x; int 0..3 a[2]; thread t { for (i in 0..x) { for (j in i..x) a[j] += x; int v = a[i]; if (v > x) break; x = v; } }',
    'struct p { int 0..3 f; int 0..3 g; } p s; p q; thread t { p l = s; p m = l; q = m; int a[3]; a[0] = q.f; q.g = a[0]; }',
  ]
  for (const text of texts) {
    const code = codeOf(text)
    for (const slots of code.kept) {
      assert.is(
        new Set(slots.map(({ index }) => index)).size,
        slots.length,
        slots.map(slotName).join(),
      )
      for (const { index } of slots) assert.ok(index < code.cells)
    }
  }
})

/** Of the one daemon: how many idle places, and what the entry leads to. */
function idle(text: string): { places: number; entryIsIdle: boolean } {
  const code = codeOf(text)
  const seen = new Set([code.entry])
  const work = [code.entry]
  for (let at = work.pop(); at !== undefined; at = work.pop()) {
    const instruction = code.instructions[at]
    if (!instruction || isVisible(instruction)) continue
    for (const to of successors(instruction)) {
      if (seen.has(to)) continue
      seen.add(to)
      work.push(to)
    }
  }
  const first = [...seen].filter((at) => {
    const instruction = code.instructions[at]
    return instruction !== undefined && isVisible(instruction)
  })
  return { places: code.idle.size, entryIsIdle: first.every((at) => code.idle.has(at)) }
}

kept('8: the idle places are the first steps of a body, one for each way into it', () => {
  const cases: readonly (readonly [body: string, places: number])[] = [
    ['await (x == 1); x = 0;', 1],
    ['either { await (x == 1); } or { x = 1; x = 2; }', 2],
    ['int c = 0; choose c in 0..2; if (c == 0) x = 1; else x = c;', 2],
    ['while (true) { await (x == 1); x = 0; }', 1],
    ['if (x == 1) x = 0; else await (x == 1);', 1],
  ]
  for (const [body, places] of cases) {
    assert.equal(idle(`int 0..3 x; daemon d { ${body} }`), { places, entryIsIdle: true }, body)
  }
})

kept('8: an idle place is never entered from inside the body', () => {
  const bodies = [
    'while (true) { await (x == 1); x = 0; }',
    'again: await (x == 1); x = x + 1; if (x == 2) goto again; x = 0;',
    'int i = 0; top: either { x = i; goto top; } or { await (x == 3); x = 0; }',
  ]
  for (const body of bodies) {
    const code = codeOf(`int 0..3 x; daemon d { ${body} }`)
    const ends = code.instructions.flatMap(({ kind }, at) => (kind === 'end' ? [at] : []))
    // What can be reached without passing an end.
    const inside = new Set<number>()
    const work = [...code.idle].flatMap((at) => {
      const instruction = code.instructions[at]
      return instruction ? [...successors(instruction)] : []
    })
    for (let at = work.pop(); at !== undefined; at = work.pop()) {
      if (inside.has(at) || ends.includes(at)) continue
      inside.add(at)
      const instruction = code.instructions[at]
      if (instruction) work.push(...successors(instruction))
    }
    assert.ok(![...code.idle].some((at) => inside.has(at)), body)
  }
})

kept('8: a thread has no idle place', () => {
  assert.is(codeOf('int 0..3 x; thread t { await (x == 1); }').idle.size, 0)
})

kept.run()
