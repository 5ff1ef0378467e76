import { readdirSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { completions, type Desk, readTraceFile, replay, trailOf } from '../../checker/index.js'
import { type State, stateKey } from '../../spec/index.js'
import { gmemcheck, projectRoot } from '../helpers/spawn.js'
import { found, replayed, told } from './desk.js'

const { row, trace, desk } = replayed('truncate-vs-fault')
const { interpreter } = row
const text = (...lines: string[]): string => told(desk, ...lines).text
const at = (...lines: string[]): number => told(desk, ...lines).desk.at

const walk = suite('walking through a trace')

walk('forward and back show the same states', () => {
  const states: string[] = [text('print')]
  let here = desk
  for (const _ of trace.steps) {
    here = told(here, 'f').desk
    states.push(told(here, 'print').text)
  }
  assert.ok(new Set(states).size > 10)
  for (let step = trace.steps.length; step >= 0; step--) {
    assert.is(told(here, 'print').text, states[step], `after step ${step}`)
    here = told(here, 'back').desk
  }
  assert.is(here.at, 0)
  assert.is(told(here, 'back').text, 'this is the start')
})

walk('an empty line moves again, and does nothing after what is no move', () => {
  assert.is(at('f 2', ''), 4)
  assert.is(at('f 2', 'p', ''), 2)
  assert.is(at('f 2', 'nonsense', ''), 2)
})

walk('jumps, switches and changes stop where the trace says', () => {
  const movers = trace.steps.map(({ process }) => process)
  const first = movers.findIndex((mover, index) => index > 0 && mover !== movers[index - 1])
  assert.is(at('switch'), first)
  assert.is(at('jump 16', 'switch back'), 11)
  const writes = trace.steps.filter(({ changes }) =>
    changes.some(({ name }) => name === '_mapcount'),
  )
  assert.is(at('until mem_map[0]._mapcount'), writes[0]?.index)
  assert.is(at('jump 16', 'since mem_map[0]._mapcount'), writes.at(-1)?.index)
  assert.match(text('jump 16', 'until mem_map[0]._mapcount'), /^no step after this changes/)
  assert.match(text('jump 17'), /there are the steps 1 to 16/)
})

walk('places, locals, bits and conditions are read', () => {
  assert.is(text('j 5', 'p mem_map[0]._refcount'), 'mem_map[0]._refcount = 2')
  assert.is(text('j 5', 'p mem_map[0].flags.PG_locked'), 'mem_map[0].flags.PG_locked = 1')
  assert.is(text('j 5', 'p vcpu0.f'), 'vcpu0.f = &mem_map[0]')
  assert.is(text('p vcpu0.f'), 'vcpu0.f = not in scope here')
  assert.is(text('j 5', 'p i_pages'), 'i_pages = { null, &mem_map[0] }')
  for (const [after, holds] of [
    [2, 'false'],
    [3, 'true'],
    [16, 'false'],
  ] as const) {
    const condition = 'mem_map[0]._refcount == 2 && i_pages[1] != null'
    assert.is(text(`j ${after}`, `p ${condition}`), `${condition} = ${holds}`)
  }
})

walk('what is wrong with a command or a place is said, with the nearest name', () => {
  const said: Readonly<Record<string, RegExp>> = {
    forwrd: /no command `forwrd`; did you mean `forward`\?/,
    un: /no command `un`; it may be `until` or `unwatch` or `undo`/,
    'p mem_mpa': /no place `mem_mpa`; did you mean `mem_map`\?/,
    'p mem_map[0].refcount': /no member `refcount`; did you mean `_refcount`\?/,
    'p mem_map[1]': /has the indexes 0\.\.0, not 1/,
    'p vcpu0.g': /vcpu0 has no local `g`/,
    'p i_pages[0] + ': /no place and no condition: it cannot be read/,
    'p nobody == 1': /no place and no condition: .*nobody/,
    'p true); thread x { ': /a place or a condition is wanted, not statements/,
    'take vcpu1': /no process `vcpu1`; did you mean `vcpu0`\?/,
    'forward many': /a number of steps is wanted/,
    'enabled now': /`enabled` takes nothing/,
    'diff 1 99': /numbers of steps from 0 to 16/,
  }
  for (const [line, what] of Object.entries(said)) {
    const reply = told(desk, line)
    assert.match(reply.text, what, line)
    assert.is(reply.desk.at, 0, line)
  }
})

walk('watches and differences tell what has changed', () => {
  assert.match(text('w mem_map[0]._refcount', 'j 3'), /^watch 1: .* = 2, was 1$/m)
  assert.not.match(text('w mem_map[0]._refcount', 'unwatch 1', 'j 3'), /watch/)
  const all = text('diff 0 10')
  for (const line of ['mem_map[0]._refcount: 1 -> 2', 'mem_map[0]._mapcount: -1 -> 0']) {
    assert.ok(all.includes(`  ${line}\n`), all)
  }
  assert.not.match(all, /invalidate_lock: free -> reader/)
})

walk('the columns go up to here, and mark the last line', () => {
  const marked = text('j 10', 'columns')
    .split('\n')
    .filter((line) => line.startsWith('=>'))
  assert.equal(marked, ['=> set_pte(0, 1, f)'])
  assert.not.match(text('j 10', 'columns'), /folio_lock/)
  assert.match(text('run', 'columns'), /^=> +filemap_remove_folio\(f\)\n.*\*\*\* _mapcount 0/m)
})

walk('names are completed', () => {
  assert.equal(completions(desk, 'unw')[0], ['unwatch '])
  assert.equal(completions(desk, 'take v')[0], ['vcpu0', 'vmm'])
  assert.equal(completions(desk, 'p mem_map[0]._m')[0], ['mem_map[0]._mapcount'])
})
walk.run()

const other = suite('another run')

other('takes a step nobody recorded, runs on to rest, and goes back to where it left', () => {
  const left = told(desk, 'j 3', 'take vmm')
  assert.match(left.text, /^ {2}4 {2}vmm/)
  assert.match(told(left.desk, 'take vmm').text, /vmm waits for .*held by vcpu0/)
  const end = told(left.desk, 'run')
  assert.match(end.text, /at rest, with nothing wrong/)
  assert.match(told(end.desk, 'save x').text, /^not saved: .*at rest/)
  assert.is(told(end.desk, 'save x').file, undefined)
  const again = told(end.desk, 'undo')
  assert.is(again.desk.at, 3)
  assert.is(again.desk.schedule, desk.recorded)
})

const CHOICES = `model choices;
int 0..3 x;
thread t[i in 0..2] { x++; }
thread u { x = 2; either { x = 0; } or { x = 1; } }
finally { assert(x == 3); }
expect violated assert otherwise;
`

other('stops where a process or its way has to be chosen', () => {
  const { desk } = found(CHOICES)
  const { text: why, desk: here } = told(desk, 'take t2', 'run')
  assert.match(why, /^stopped: t0 or t1 or u: `take` one$/m)
  assert.match(told(here, 'enabled').text, /^ {2}t2 has finished$/m)
  assert.match(told(here, 'take u').text, /^u has more than one way to go: say which\n.*take u 0/)
  assert.match(told(here, 'take u 2').text, /^u has no way 2/)
  const [zero, one] = ['0', '1'].map((pick) => told(here, `take u ${pick}`, 'take u', 'p x').text)
  assert.equal([zero, one], ['x = 0', 'x = 1'])
  assert.match(told(here, 't t0', 't t1', 't t0', 't t1', 't u 0', 't u').text, /\*\*\* assert: /)
})

/** Every state that follows from where a desk is, by trying. */
function reachable({ schedule, at }: Desk): ReadonlyMap<string, State> {
  const start = at === 0 ? schedule.run.initial : schedule.steps[at - 1]?.after
  const found = new Map<string, State>()
  const open = start === undefined ? [] : [start]
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    if (found.has(stateKey(state))) continue
    found.set(stateKey(state), state)
    for (const process of interpreter.system.processes.keys()) {
      for (const way of interpreter.fire(state, process)) {
        if (way.kind === 'next') open.push(way.state)
      }
    }
  }
  return found
}

const violates = (state: State, kind: string): boolean =>
  [...interpreter.system.processes.keys()].some((process) =>
    interpreter
      .fire(state, process)
      .some((way) => way.kind === 'violation' && way.trap.kind === kind),
  )

other('whether the violation still follows is what trying says', () => {
  const answers = new Set<boolean>()
  for (const lines of [
    [],
    ['j 9'],
    ['j 12'],
    ['take vmm'],
    ['j 9', 'b 2', 't vcpu0', 't vcpu0'],
    ['j 7', 't vcpu0', 't vcpu0', 't vcpu0', 't vcpu0'],
  ]) {
    const here = told(desk, ...lines).desk
    const follows = [...reachable(here).values()].some((state) => violates(state, trace.kind))
    answers.add(follows)
    const reply = told(here, 'reach')
    assert.match(
      reply.text,
      follows ? /^mapped-at-free follows/ : /^mapped-at-free does not follow/,
    )
    if (!follows) continue
    const saved = told(reply.desk, 'save x.trace.json').file
    const { file } = readTraceFile(saved?.text ?? '')
    assert.is(file?.violation.kind, trace.kind)
    const kept = file && replay(interpreter, trailOf(file), null).trace
    assert.is(kept?.kind, trace.kind)
    assert.equal(
      kept?.trail.steps.slice(0, here.at),
      here.schedule.steps.slice(0, here.at).map(({ process, choices }) => ({ process, choices })),
    )
  }
  assert.is(answers.size, 2)
  assert.match(
    told(desk, 'take vmm', 'reach 2').text,
    /was not found .*not all: `reach 20` looks further/,
  )
})

other('every counterexample runs to its end, and is saved as it was', () => {
  const names = readdirSync(`${projectRoot}counterexamples`).filter((name) =>
    name.endsWith('.json'),
  )
  assert.ok(names.length > 10)
  for (const name of names.map((each) => each.replace('.trace.json', ''))) {
    const { trace, desk } = replayed(name)
    const end = told(desk, 'run')
    assert.is(end.desk.at, trace.steps.length + trace.loop.length, name)
    assert.ok(
      told(end.desk, `jump ${trace.steps.length}`).text.includes(`*** ${trace.kind}: `),
      name,
    )
    const { file } = readTraceFile(told(end.desk, 'save x').file?.text ?? '')
    assert.equal(file?.trail.steps, trace.trail.steps, name)
    assert.is(file?.violation.kind, trace.kind, name)
  }
})
other.run()

const piped = suite('replay -i')

piped('answers lines from a pipe without prompts, and leaves with 0 when they end', async () => {
  const args = ['replay', '-i', 'counterexamples/truncate-vs-fault.trace.json', '--quiet']
  const stdin = 'jump 3\nprint mem_map[0]._refcount\nsave counterexamples\nquit\nforward\n'
  const { status, stdout, stderr } = await gmemcheck(args, { stdin })
  assert.is(status, 0, stderr)
  const lines = stdout.trimEnd().split('\n')
  assert.match(lines[0] ?? '', /^ {2}3 {2}vcpu0 /)
  assert.is(lines.at(-2), 'mem_map[0]._refcount = 2')
  assert.is(lines.at(-1), 'cannot write counterexamples: it is a directory')
})
piped.run()
