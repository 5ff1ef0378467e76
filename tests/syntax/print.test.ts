import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { formatted } from './texts.js'

const printing = suite('print: the canonical text')

const lines = (...text: string[]): string => `${text.join('\n')}\n`

printing('blanks, semicolons and parentheses become canonical', () => {
  const text = lines(
    'model  m ;;',
    'const   N=(1+2)*3 ;',
    'param n:1..4=1;param c:{a,b,}=a;',
    'struct s{int 0 .. n - 1 a,b=1;folio*next;} ;',
    'op   int f(int a,macro bool c)@"mm/a.c:f"{ ++n; return(a) ; ; }',
    'expect holds;',
  )
  assert.is(
    formatted(text),
    lines(
      'model m;',
      'const N = (1 + 2) * 3;',
      'param n : 1..4 = 1;',
      'param c : { a, b } = a;',
      'struct s { int 0..n-1 a, b = 1; folio *next; }',
      'op int f(int a, macro bool c) @ "mm/a.c:f" { n++; return a; }',
      'expect holds otherwise;',
    ),
  )
})

printing('a body on one line stays there, one on several lines is indented by two', () => {
  const text = lines(
    'op f() { if (a) { b(); } else c(); }',
    'op g() {',
    '      if (a) { b(); }',
    ' else c();',
    'if (a) {',
    'b(); }',
    'else if (b)',
    'c();',
    'else { d(); e();',
    '}',
    '   out: skip;',
    'either { a(); } or { b(); }',
    'either {',
    'a(); } or {',
    'b(); }',
    'for (p in 0..1) for (i in 0..1) {',
    ' f(p, i); }',
    'while (a)',
    '  b();',
    '{ }',
    '}',
  )
  assert.is(
    formatted(text),
    lines(
      'op f() { if (a) { b(); } else c(); }',
      'op g() {',
      '  if (a) { b(); }',
      '  else c();',
      '  if (a) {',
      '    b();',
      '  } else if (b)',
      '    c();',
      '  else {',
      '    d();',
      '    e();',
      '  }',
      'out:',
      '  skip;',
      '  either { a(); } or { b(); }',
      '  either {',
      '    a();',
      '  } or {',
      '    b();',
      '  }',
      '  for (p in 0..1) for (i in 0..1) {',
      '    f(p, i);',
      '  }',
      '  while (a)',
      '    b();',
      '  { }',
      '}',
    ),
  )
})

printing('comments stay where they are: on their line, or behind what they follow', () => {
  const text = lines(
    '',
    '// question  What is lost?',
    'model m;   // the name',
    '',
    '',
    '/* about',
    '   the struct */',
    'struct s { // members',
    '   int 0..1 a;   // first',
    '      // last',
    '}  // s',
    'op f() {   // locked',
    '// before',
    'a();   // after a',
    '',
    'if (x) // why',
    '  b();',
    '} // f',
    '// the end',
  )
  assert.is(
    formatted(text),
    lines(
      '// question  What is lost?',
      'model m;   // the name',
      '',
      '/* about',
      '   the struct */',
      'struct s {  // members',
      '  int 0..1 a;    // first',
      '  // last',
      '}  // s',
      'op f() {   // locked',
      '  // before',
      '  a();  // after a',
      '',
      '  if (x)  // why',
      '    b();',
      '}  // f',
      '// the end',
    ),
  )
})

printing('a comment inside of a statement goes before it', () => {
  assert.is(
    formatted('op f() { x = a /* one */ + b; // two\n}'),
    lines('op f() {', '  /* one */', '  x = a + b;                  // two', '}'),
  )
})

printing('a line of more than 100 columns is broken where few brackets are open', () => {
  const one = 'a_condition == another_value_of_it'
  assert.is(
    formatted(`expect violated leak when ${one} && (${one} || ${one}) || short;`),
    lines(`expect violated leak when ${one} &&`, `    (${one} || ${one}) || short;`),
  )
  const call = 'some_operation_of_the_kernel(first_argument_of_it, second_argument_of_it,'
  assert.is(
    formatted(`op f() { ${call} the_third_argument_of_it); }`),
    lines('op f() {', `  ${call}`, '      the_third_argument_of_it);', '}'),
  )
})

printing('carriage returns go', () => {
  assert.is(
    formatted('model m;\r\n// a\r\n/* b\r\n c */\r\nbool x;\r\n'),
    'model m;\n// a\n/* b\n c */\nbool x;\n',
  )
})

printing.run()
