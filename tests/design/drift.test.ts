import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { annotationsOf } from '../../checker/design/annotations.js'
import { drifted, driftText, type KernelTree } from '../../checker/design/drift.js'
import { kernelNames } from '../../checker/design/kernel-names.js'
import { SourceText } from '../../spec/index.js'
import { temporaryFolder } from '../cli/folder.js'
import { gmemcheck } from '../helpers/spawn.js'

const GUP = `/* was: static void old_name(void) { } */
// int gone_too(void) {
static inline struct folio *try_get_folio(struct page *page, int refs)
{
	if (folio_test_large(page_folio(page))) {
		return NULL;
	}
	return other(page);
}

static int
on_a_line_of_its_own(struct mm_struct *mm,
		     unsigned long address)
	__must_hold(&mm->mmap_lock)
{
	pr_info("void in_a_string(void) {");
	return 0;
}
int declared_only(struct page *page);
int (*a_pointer)(int) = NULL;

#ifdef CONFIG_X
long both_branches(void) { return 1; }
#else
long both_branches(int unused) { return 2; }
#endif

SYSCALL_DEFINE3(mbind_x, unsigned long, start,
		unsigned long, len, int, mode)
{
	return 0;
}
#define folio_macro(folio) (1)
#  define CONSTANT 4
EXPORT_SYMBOL_GPL(made_elsewhere);

#define SETFLAG(uname, lname)						\\
static __always_inline void folio_set_##lname(struct folio *folio)	\\
{ set_bit(PG_##lname, &folio->flags); }
SETFLAG(Locked, locked)
`

const names = suite('what a C file defines')
const gup = kernelNames(GUP)

for (const name of [
  'try_get_folio',
  'on_a_line_of_its_own',
  'both_branches',
  'mbind_x',
  'sys_mbind_x',
  'folio_macro',
  'CONSTANT',
  'made_elsewhere',
  'folio_set_locked',
]) {
  names(`${name} is there`, () => assert.ok(gup.defines(name)))
}
for (const name of [
  'old_name',
  'gone_too',
  'in_a_string',
  'declared_only',
  'a_pointer',
  'other',
  'folio_test_large',
  'if',
  'folio_set_dirty',
  'folio_set_',
]) {
  names(`${name} is not`, () => assert.not(gup.defines(name)))
}
names.run()

const MODEL = `model m;
// @ "mm/comment.c:is_no_annotation"
op get() @ "mm/gup.c:try_get_folio" { skip; }
op put() @ "mm/gup.c:try_got_folio" { skip; }
op moved() @ "mm/swap.c:moved_here" { skip @ "mm/gup.c:moved_here"; }
op file() @ "mm/gub.c:try_put_folio" { skip; }
op whole() @ "mm/swap.c" { skip; }
thread t { get(); put(); moved(); file(); whole(); }
expect holds otherwise;
`
const TREE: Readonly<Record<string, string>> = {
  'mm/gup.c': GUP,
  'mm/swap.c': 'void moved_here(void)\n{\n}\n',
}
const tree: KernelTree = {
  read: (path) => TREE[path] ?? null,
  list: (folder) => Object.keys(TREE).filter((path) => path.startsWith(`${folder}/`)),
}

const drift = suite('annotations against a tree')

drift('each with its place; what is in a comment is none', () => {
  const source = new SourceText('m.gmem', MODEL)
  const { annotations } = annotationsOf(source)
  const shown = annotations.map(
    ({ file, name, at }) => `${source.position(at.from).line} ${file} ${name}`,
  )
  assert.equal(shown, [
    '3 mm/gup.c try_get_folio',
    '4 mm/gup.c try_got_folio',
    '5 mm/swap.c moved_here',
    '5 mm/gup.c moved_here',
    '6 mm/gub.c try_put_folio',
    '7 mm/swap.c null',
  ])
})

drift('what is renamed, moved or gone, with where it may be', () => {
  const found = drifted(annotationsOf(new SourceText('m.gmem', MODEL)).annotations, tree)
  assert.equal(found.map(driftText), [
    'mm/gup.c does not define `try_got_folio`: did you mean `try_get_folio`?',
    'mm/gup.c does not define `moved_here`: did you mean `mm/swap.c:moved_here`?',
    'there is no file mm/gub.c: did you mean `mm/gup.c`?',
  ])
})

drift('the command: 0, 1 with every place, 2 for another folder', async () => {
  const good = MODEL.split('\n')
    .filter((line) => !/try_got|gub|moved/.test(line) || line.startsWith('thread'))
    .join('\n')
    .replace(/thread.*/, 'thread t { get(); whole(); }')
  const files = Object.entries(TREE).map(([path, text]) => [`linux/${path}`, text] as const)
  const cwd = temporaryFolder({
    ...Object.fromEntries(files),
    'models/m.gmem': MODEL,
    'good.gmem': good,
    'elsewhere/x': '',
  })
  const run = (...args: string[]) => gmemcheck(['drift', ...args], { cwd })
  assert.is((await run('--tree', 'linux', 'good.gmem')).status, 0)
  const bad = await run('--tree', 'linux', '--json')
  assert.is(bad.status, 1, bad.stderr)
  const document = JSON.parse(bad.stdout)
  assert.is(document.annotations, 6)
  assert.equal(document.drifted[0], {
    place: { file: 'models/m.gmem', line: 4, column: 10 },
    wanted: { file: 'mm/gup.c', name: 'try_got_folio' },
    problem: 'function',
    near: 'try_get_folio',
  })
  const other = await run('--tree', 'elsewhere')
  assert.is(other.status, 2)
  assert.match(other.stderr, /no file that the models name is in elsewhere/)
})

drift.run()
