import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { check, renderSummary } from '../../checker/index.js'
import { golden } from '../helpers/golden.js'

/** Models whose columns each show one thing. The goldens are read like code. */
const MODELS: Readonly<Record<string, string>> = {
  'lost-update': `model lost-update;
int 0..2 x;
thread t[i in 0..1] { x++; }
finally { assert(x == 2); }
expect violated assert otherwise;
`,
  abba: `model abba;
mutex a;
mutex b;
op first() { mutex_lock(&a); mutex_lock(&b); mutex_unlock(&b); mutex_unlock(&a); }
op second() { mutex_lock(&b); mutex_lock(&a); mutex_unlock(&a); mutex_unlock(&b); }
thread one { first(); }
thread two { second(); }
expect violated deadlock otherwise;
`,
  'calls-are-folded': `model calls-are-folded;
struct folio { refcount_t 0..3 _refcount = 1; bits { PG_locked } flags; bool mapping; }
pool folio mem_map[1] typesafe;
folio *i_pages[2];
op folio *get(int index) {
  folio *f = READ_ONCE(i_pages[index]);
  if (f == null) return null;
  if (!refcount_inc_not_zero(&f->_refcount)) return null;
  return f;
}
op put(folio *f) { if (refcount_dec_and_test(&f->_refcount)) free(f); }
op use(int index) {
  folio *f = get(index);
  if (f != null) { f->mapping = true; put(f); }
}
op drop(int index) {
  folio *f = READ_ONCE(i_pages[index]);
  WRITE_ONCE(i_pages[index], null);
  put(f);
  f->mapping = false;
}
init { folio *f = alloc(mem_map, GFP_KERNEL | __GFP_NOFAIL); i_pages[1] = f; }
thread user { use(1); }
thread dropper { drop(1); }
expect violated use-after-free otherwise;
`,
  'waits-behind-a-lock': `model waits-behind-a-lock;
bits { locked, done } word;
int 0..2 x;
op lock() { wait_on_bit_lock(&word, locked); }
op unlock() { clear_and_wake_up_bit(locked, &word); }
thread a { lock(); x = 1; unlock(); }
thread b { lock(); assert(x == 0); unlock(); }
expect violated assert otherwise;
`,
  livelock: `model livelock;
bool ready;
bool seen;
thread spinner { WRITE_ONCE(seen, true); while (!READ_ONCE(ready)) skip; }
thread other { await (ready); }
expect violated livelock otherwise;
`,
  'three-processes': `model three-processes;
int 0..9 x;
op add(int amount) { int now = READ_ONCE(x); WRITE_ONCE(x, now + amount); }
thread t[i in 0..2] { add(i + 1); }
finally { assert(x != 3); }
expect violated assert otherwise;
`,
  'many-processes': `model many-processes;
int 0..9 x;
thread t[i in 0..5] { atomic { x = x + 1; } }
invariant small (x < 6);
expect violated invariant otherwise;
`,
  'the-environment-chooses': `model the-environment-chooses;
int 0..2 x;
op prepare(int value) { x = value; }
init { either { prepare(0); } or { prepare(1); } }
thread t { int 0..1 c; choose c in 0..1; assert(x != 1 || c == 0); }
expect violated assert otherwise;
`,
}

const columns = suite('columns')

for (const [name, text] of Object.entries(MODELS)) {
  columns(name, () => {
    const { report, diagnostics } = check(text, { path: `${name}.gmem` })
    assert.ok(report?.evidence, diagnostics.map((each) => each.message).join('\n'))
    for (const line of report.evidence.columns.split('\n')) {
      assert.ok(line.length <= 72 || /gm1-/.test(line), line)
    }
    golden(`tests/render/golden/${name}.txt`, report.evidence.columns)
    golden(`tests/render/golden/${name}.fine.txt`, report.evidence.fine)
  })
}

columns('the summary of what holds has its bounds', () => {
  const text = `model holds;
int 0..2 x;
struct folio { refcount_t 0..3 _refcount = 1; }
pool folio mem_map[2] typesafe;
param n : 1..4 = 2;
thread t { if (n > 2) x = 2; else x = 1; }
cover never (x == 2);
expect holds otherwise;
`
  const { report } = check(text)
  assert.ok(report)
  const summary = renderSummary({
    ...report.document,
    search: { ...report.document.search, seconds: 0 },
  })
  golden('tests/render/golden/holds.summary.txt', summary)
})

columns.run()
