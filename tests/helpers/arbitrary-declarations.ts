import { type Struct, structs } from './arbitrary-values.js'

/** What the declarations of a random model vary in. */
export interface Shape {
  /** Of the three pools. */
  readonly sizes: readonly number[]
  /** The safety of a second pool of nodes; empty where there is none. */
  readonly moreNodes: string
  /** The least value of the signed ints. */
  readonly from: number
  /** Whether `init` allocates an object of each struct. */
  readonly populated: boolean
}

const safeties: Readonly<Record<Struct, string>> = {
  node: '',
  page: ' typesafe',
  entry: ' typesafe_by_rcu',
}

const wide = Array.from({ length: 32 }, (_, at) => `Z${at}`).join(', ')

/** Members of the structs, each with its name; those nobody names are left out. */
const members = (struct: Struct): readonly (readonly [string, string])[] => [
  ['v', 'int 0..3 v;'],
  ['next', `${struct} *next;`],
  ['ac', 'atomic_t -1..2 ac;'],
  ['cnt', 'refcount_t 0..2 cnt = 1;'],
  ['mx', 'mutex mx;'],
  ['fl', 'bits { NA, NB } fl;'],
  ['sl', 'spinlock_t sl;'],
  ['rs', 'rwsem rs;'],
  ['head', 'rcu_head head;'],
  ['arr', 'int 0..3 arr[2];'],
  ['duo', 'pair duo[2];'],
]

/** Everything a model may name, in an order in which it can be declared. */
function everything(
  operations: ReadonlyMap<string, string>,
  shape: Shape,
): readonly (readonly [name: string, text: string])[] {
  const pools = structs.flatMap((struct, at) => {
    const more = struct === 'node' && shape.moreNodes !== ''
    const second = more ? `pool node more_nodes[1]${shape.moreNodes.trimEnd()};` : ''
    const size = shape.sizes[at] ?? 1
    return [
      [`${struct}_pool`, `pool ${struct} ${struct}_pool[${size}]${safeties[struct]}; ${second}`],
      [`${struct}_one`, `${struct} *${struct}_one;`],
      [`${struct}_two`, `${struct} *${struct}_two[2];`],
      [`${struct}_gone`, `op ${struct}_gone(${struct} *o) { free(o); }`],
      [`${struct}_kept`, `op ${struct}_kept(${struct} *o) { o->v = 1; }`],
    ] as const
  })
  return [
    ['bad', 'violation bad "something bad";'],
    ['RED|GREEN|BLUE', 'enum colour { RED, GREEN, BLUE }'],
    ['s|t|sa|pair|duo', 'struct pair { int 0..3 f; bool g; }'],
    ['mine', 'struct task { int 0..3 mine; }'],
    ['x', 'int 0..3 x;'],
    ['y', `int ${shape.from}..3 y = 1;`],
    ['big', 'int -2147483647..2147483647 big;'],
    ['b', 'bool b;'],
    ['c', 'colour c;'],
    ['w', 'bits { A, B, C } w;'],
    ['ww', `bits { ${wide} } ww;`],
    ['a', 'int 0..3 a[3];'],
    ['grid', 'int 0..3 grid[2][2];'],
    ['s', 'pair s;'],
    ['t', 'pair t;'],
    ['sa', 'pair sa[2];'],
    ['ac', 'atomic_t -1..2 ac;'],
    ['rc', 'refcount_t 0..3 rc = 1;'],
    ['m', 'mutex m;'],
    ['ma', 'mutex ma[2];'],
    ['l', 'spinlock_t l;'],
    ['la', 'spinlock_t la[2];'],
    ['rw', 'rwlock_t rw;'],
    ['sem', 'rwsem sem;'],
    ['bl', 'bitlock bl;'],
    ['d', 'srcu d;'],
    ['da', 'srcu da[2];'],
    ['map', 'lockdep_map map;'],
    ...pools,
    ['peek', 'op int peek(int i) { if (i > 1) return x; return a[i]; }'],
    ['take', 'atomic op int take(int v) { int old = y; y = v; return old; }'],
    ['bump', 'op int bump(int *v) { *v = (*v + 1) % 3; return *v; }'],
    ['find', 'op int find(int v) { for (at in 0..1) { if (a[at] == v) return at; } return 2; }'],
    ['add', 'op add(int *to, int by) { *to = *to + by; }'],
    ['flip', 'op flip() { if (b) goto clear; b = true; return; clear: b = false; }'],
    ['quiet', 'op bool quiet() { return x == 0 && !b; }'],
    ['wait_until', 'op wait_until(macro bool condition) { await (condition); }'],
    ...operations,
  ]
}

/** The declarations that a text needs, and those that these need. */
export function needed(
  main: string,
  operations: ReadonlyMap<string, string>,
  shape: Shape,
  initial: readonly string[],
): string {
  const all = everything(operations, shape)
  const taken = new Set<string>()
  const names = (text: string, name: string): boolean => new RegExp(`\\b(${name})\\b`).test(text)
  let whole = main
  for (let before = -1; before < taken.size; ) {
    before = taken.size
    for (const [name, text] of all) {
      if (taken.has(name) || !names(whole, name)) continue
      taken.add(name)
      whole += text
    }
    for (const struct of structs) {
      if (names(whole, struct) && !taken.has(`${struct}_pool`)) whole += `${struct}_pool `
      if (names(whole, `${struct}_two`) && !taken.has(`${struct}_one`)) whole += `${struct}_one `
    }
  }
  const has = structs.filter((struct) => names(whole, `${struct}_pool`))
  const allocated = shape.populated
    ? has.filter((struct) => names(whole, `${struct}_one|${struct}_two`))
    : []
  const steps = [
    ...allocated.map((struct) => `${struct}_one = alloc(&${struct}_pool[0]);`),
    ...allocated.flatMap((struct) => {
      const two = `${struct}_two`
      return names(whole, two) ? [`${two}[0] = ${struct}_one; ${two}[1] = ${struct}_one;`] : []
    }),
    ...initial.filter(
      (step) => /\w+/g.test(step) && stepNames(step).every((one) => taken.has(one)),
    ),
  ]
  const declared = all.filter(([name]) => taken.has(name)).map(([, text]) => `${text}\n`)
  const types = has.map((struct) => `${structText(struct, whole)}\n`)
  const init = steps.length === 0 ? '' : `init { ${steps.join(' ')} }\n`
  return `${types.join('')}${declared.join('')}${init}`
}

const stepNames = (step: string): readonly string[] =>
  ['x', 'y', 'big'].filter((name) => new RegExp(`\\b${name}\\b`).test(step))

function structText(struct: Struct, whole: string): string {
  const named = members(struct).filter(([name]) => new RegExp(`\\b${name}\\b`).test(whole))
  const [first] = members(struct)
  const texts = (named.length > 0 ? named : first ? [first] : []).map(([, text]) => text)
  return `struct ${struct} { ${texts.join(' ')} }`
}
