import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A folder of its own for one test file, gone when the process ends. */
export function temporaryFolder(files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'gmemcheck-test-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) put(join(folder, name), text)
  return folder
}

/** Writes a file and the folders it is in. */
export function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

export const HOLDS = `model holds;
int 0..2 x;
mutex m;
thread t[i in 0..1] { mutex_lock(&m); x++; mutex_unlock(&m); }
finally { assert(x == 2); }
expect holds otherwise;
`

export const VIOLATED = `model violated;
param n : 1..3 = 2;
design { how : { plain, locked } = plain; }
int 0..3 x;
mutex m;
thread t[i in 0..n-1] {
  if (how == locked) mutex_lock(&m);
  x++;
  if (how == locked) mutex_unlock(&m);
}
finally { assert(x == n); }
expect violated assert when how == plain;
expect holds otherwise;
`

/** A pool that is too small: the bound is at fault, not the design. */
export const BOUND = `model bound;
struct node { int 0..1 value; }
pool node nodes[1];
node *a;
node *b;
thread t { a = alloc(nodes, GFP_KERNEL | __GFP_NOFAIL); b = alloc(nodes, GFP_KERNEL | __GFP_NOFAIL); }
expect holds otherwise;
`

export const BROKEN = `model broken;
thread t { nothing_like_this(); }
expect holds otherwise;
`

/** Far more states than any test waits for. */
export const HUGE = `model huge;
int 0..9 x[8];
thread t[i in 0..7] { while (true) { if (READ_ONCE(x[i]) < 9) WRITE_ONCE(x[i], x[i] + 1); else WRITE_ONCE(x[i], 0); } }
expect violated livelock otherwise;
`
