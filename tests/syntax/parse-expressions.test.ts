import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { binaryOperators, precedence } from '../../spec/syntax/precedence.js'
import { expression } from './texts.js'

const expressions = suite('parse: expressions')

const examples: readonly (readonly [string, string])[] = [
  ['12', '12'],
  ['0', '0'],
  ['0xff', '255'],
  ['0x1F', '31'],
  ['true', 'true'],
  ['false', 'false'],
  ['null', 'null'],
  ['f', 'f'],
  ['f()', '(call f)'],
  ['f(a, g(b))', '(call f a (call g b))'],
  ['f(a)->b', '(-> (call f a) b)'],
  ['sp.lock', '(. sp lock)'],
  ['&f->flags', '(& (-> f flags))'],
  ['&mem_map[i + 1]', '(& ([] mem_map (+ i 1)))'],
  ['&(f + i)->flags', '(& (-> (+ f i) flags))'],
  ['!*p', '(! (* p))'],
  ['-x', '(- x)'],
  ['- -x', '(- (- x))'],
  ['word & ~3', '(& word (~ 3))'],
  ['a - b - c', '(- (- a b) c)'],
  ['a - (b - c)', '(- a (- b c))'],
  ['a - -b', '(- a (- b))'],
  ['a + b * c', '(+ a (* b c))'],
  ['(a + b) * c', '(* (+ a b) c)'],
  ['a % b == 0', '(== (% a b) 0)'],
  ['a & b == c', '(& a (== b c))'],
  ['a < b != c > d', '(!= (< a b) (> c d))'],
  ['a == 1 || b && c', '(|| (== a 1) (&& b c))'],
  [
    'a || b && c | d ^ e & f == g < h << i + j * k',
    '(|| a (&& b (| c (^ d (& e (== f (< g (<< h (+ i (* j k))))))))))',
  ],
  [
    'a * b + c << d < e == f & g ^ h | i && j || k',
    '(|| (&& (| (^ (& (== (< (<< (+ (* a b) c) d) e) f) g) h) i) j) k)',
  ],
  ['a ? b : c', '(? a b c)'],
  ['a ? b : c ? d : e', '(? a b (? c d e))'],
  ['a ? b ? c : d : e', '(? a (? b c d) e)'],
  ['a == b ? c + 1 : d - 1', '(? (== a b) (+ c 1) (- d 1))'],
  ['(a ? b : c) + 1', '(+ (? a b c) 1)'],
]

for (const [text, tree] of examples) expressions(text, () => assert.is(expression(text), tree))

expressions('two operators group by precedence, and to the left where it is equal', () => {
  for (const first of binaryOperators) {
    for (const second of binaryOperators) {
      const leftFirst = precedence(first) >= precedence(second)
      const tree = leftFirst ? `(${second} (${first} a b) c)` : `(${first} a (${second} b c))`
      assert.is(expression(`a ${first} b ${second} c`), tree)
    }
  }
})

expressions('the precedence is that of C', () => {
  const rows = ['||', '&&', '|', '^', '&', '== !=', '< <= > >=', '<< >>', '+ -', '* / %']
  for (const [level, row] of rows.entries()) {
    for (const operator of binaryOperators.filter((each) => row.split(' ').includes(each))) {
      assert.is(precedence(operator), level + 1)
    }
  }
  assert.is(binaryOperators.length, rows.join(' ').split(' ').length)
})

expressions.run()
