import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { largerSizesOf } from '../../checker/design/larger.js'
import { readerOfTexts, readModel } from '../../checker/design/model.js'

const MODEL = `model counter;
param adders : 1..4 = 1;
param twice : bool = false;
design {
  how : { plain, atomically } = plain;
  who : { anybody, nobody } = anybody;
}
int 0..15 x;
thread adder[a in 1..adders] { if (how == atomically) atomic { x++; } else x++; }
expect violated assert when how == plain && adders > 1;
expect holds otherwise;
`
const first = MODEL.split('\n').length

function largerOf(...lines: string[]) {
  const read = readModel(
    'm.gmem',
    readerOfTexts({ 'm.gmem': `${MODEL}${lines.map((text) => `// larger: ${text}\n`).join('')}` }),
  )
  if (read.model === null) throw new Error(read.diagnostics[0]?.message)
  return largerSizesOf(read.model)
}

const larger = suite('lines of larger sizes')

larger('each is a set of sizes, with every row of the model', () => {
  const { sizes, problems } = largerOf('adders=2', 'twice = true,  adders=3')
  assert.equal(problems, [])
  assert.equal(
    sizes.map(({ line, text }) => [line, text]),
    [
      [first, 'adders=2'],
      [first + 1, 'twice=true, adders=3'],
    ],
  )
  const params = { twice: 'true', adders: '3' }
  assert.equal(sizes[1]?.rows, [
    { params, design: { how: 'plain', who: 'anybody' } },
    { params, design: { how: 'plain', who: 'nobody' } },
    { params, design: { how: 'atomically', who: 'anybody' } },
    { params, design: { how: 'atomically', who: 'nobody' } },
  ])
})

larger('a line that means nothing has its place, what is wrong, and a way out', () => {
  const { sizes, problems } = largerOf(
    'addrs=2',
    'adders=5',
    'adders=many',
    'how=atomically',
    'adders 2',
    '',
    'adders=2, adders=3',
    'adders=1',
    'adders=4',
    'twice=false, adders=4',
  )
  assert.equal(
    problems.map(({ file, line, message, help }) => [`${file}:${line - first}`, message, help]),
    [
      [
        'm.gmem:0',
        'the model has no param `addrs`; it has `adders`, `twice`',
        'did you mean `adders`?',
      ],
      ['m.gmem:1', '`5` is not a value of `adders`; its values are 1..4', 'give one of them'],
      ['m.gmem:2', '`many` is not a value of `adders`; its values are 1..4', 'give one of them'],
      ['m.gmem:3', '`how` is a design choice', 'leave it out: each of its values has rows anyway'],
      ['m.gmem:4', '`adders 2` is no PARAM=VALUE', WRITTEN],
      ['m.gmem:5', 'it names no size', WRITTEN],
      ['m.gmem:6', '`adders` is given twice', WRITTEN],
      ['m.gmem:7', 'these are the sizes the model has anyway', 'make one larger'],
      ['m.gmem:9', `line ${first + 8} has the same sizes`, 'leave out one of the two'],
    ],
  )
  assert.equal(
    sizes.map(({ text }) => text),
    ['adders=4'],
  )
})

const WRITTEN = '`// larger: PARAM=VALUE, …`, params of the model and of the library it uses'

larger.run()
