import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { gmemcheck } from '../helpers/spawn.js'
import { temporaryFolder } from './folder.js'

const LIBRARY = `param debug : 0..1 = 0;
mutex lock;
int 0..3 value;
violation wrong "a wrong value";
op lock_value() { if (debug == 1) value = 0; mutex_lock(&lock); }
op unlock_value() { mutex_unlock(&lock); smp_mb(); }
op int read_value() {
  int v = READ_ONCE(value);
  if (v == 3) fail wrong;
  if (v == 2) return -1;
  return v;
}
op forgotten() { value = 3; value = 2; }
`

const WRITES = `model writes;
use "lib.gmem";
design { how : { plain, locked } = plain; twice : bool = false; }
op add(int by) {
  if (how == locked) lock_value();
  value = by;
  while (READ_ONCE(value) == 0) skip;
  if (how == locked) { unlock_value(); return; }
  if (twice && value == 0) value = 1;
}
thread writer { add(1); }
expect holds when how == plain;
expect violated wrong when how == plain && twice;
expect holds otherwise;
`

const READS = `model reads;
use "lib.gmem";
bool ready;
thread reader {
  int v = read_value();
  if (v == 0) ready = true;
  else if (v == 1) { ready = false; value = 1; }
  if (debug == 1 || ready) skip;
}
expect holds otherwise;
`

const cwd = temporaryFolder({
  'lib.gmem': LIBRARY,
  'writes.gmem': WRITES,
  'reads.gmem': READS,
})
const run = (...args: string[]) => gmemcheck(['test', '--coverage', ...args], { cwd })

const coverage = suite('test --coverage')

const LIST = `coverage: lib.gmem: 6 of 10 statements
  lib.gmem:5: value = 0: never executed
  lib.gmem:10: if (v == 2): never true
  lib.gmem:13: op forgotten: never executed
coverage: reads.gmem: 4 of 7 statements
  reads.gmem:6: if (v == 0): never false
  reads.gmem:8: if (debug == 1 || ready): never false
coverage: writes.gmem: 6 of 7 statements
  writes.gmem:7: while (READ_ONCE(value) == 0): never true
  writes.gmem:9: if (twice && value == 0): never true
  writes.gmem:13: expect violated wrong when how == plain && twice: no row of the design space comes to it
`

coverage('lists what no row of any model exercised, once and outermost', async () => {
  const { status, stdout, stderr } = await run('.')
  assert.is(status, 0, stderr)
  assert.is(stdout.slice(stdout.indexOf('coverage:')), LIST)
})

coverage('a library is exercised by the models of the run, and by no others', async () => {
  const { stdout } = await run('reads.gmem')
  assert.match(stdout, /lib\.gmem:5: op lock_value: never executed/)
  assert.not.match(stdout, /writes\.gmem/)
  const both = await run('.')
  assert.not.match(both.stdout, /op lock_value/)
})

coverage(
  'what all models exercise is said so, and nothing is listed unless it is asked for',
  async () => {
    const whole = temporaryFolder({
      'm.gmem': 'model m;\nbool b;\nthread t { b = true; }\nexpect holds otherwise;\n',
    })
    const { stdout } = await gmemcheck(['test', '--coverage', 'm.gmem'], { cwd: whole })
    assert.match(stdout, /\ncoverage: m\.gmem: 1 of 1 statements, all exercised\n$/)
    const without = await gmemcheck(['test', 'm.gmem'], { cwd: whole })
    assert.not.match(without.stdout, /coverage/)
  },
)

coverage('in KTAP it is made of diagnostic lines', async () => {
  const { stdout } = await run('--ktap', 'reads.gmem')
  const list = stdout.slice(stdout.indexOf('# coverage'))
  for (const line of list.trimEnd().split('\n')) assert.match(line, /^# /)
})

coverage.run()
