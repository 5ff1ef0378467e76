import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { writeFormat } from '../../../checker/index.js'
import { traceColumns } from '../../../checker/render/lines.js'
import { violations } from '../../helpers/findings.js'
import { readMermaid } from './mermaid-grammar.js'

export const mermaid = suite('sequence diagrams')

for (const { finding } of violations) {
  const { trace } = finding.run
  mermaid(`${trace.system.name}: every line of the columns is a message of its process`, () => {
    const text = writeFormat('mermaid', finding).text ?? ''
    const diagram = readMermaid(text)
    const columns = traceColumns(trace)
    const named = [...diagram.participants].filter(([id]) => id.startsWith('p'))
    assert.equal(
      named,
      columns.map(({ process, heading }) => [`p${process}`, heading]),
    )
    for (const { process, lines } of columns) {
      const sent = diagram.messages.filter(({ from }) => from === `p${process}`)
      assert.is(sent.length, lines.length)
    }
    assert.ok(diagram.title.includes(trace.headline))
    assert.ok(
      diagram.blocks.some((block) => block.startsWith('rect')),
      'what is wrong is marked',
    )
    assert.is(
      diagram.blocks.some((block) => block.startsWith('loop')),
      trace.loop.length > 0,
    )
    const changes = columns.flatMap(({ lines }) => lines.flatMap((line) => line.changes))
    const notes = diagram.notes.join('\n')
    for (const change of changes) assert.ok(notes.includes(change), change)
  })
}

mermaid('what is held at the end has a bar for each lock', () => {
  const deadlock = violations.find(({ finding }) => finding.run.trace.system.name === 'deadlock')
  assert.ok(deadlock)
  const { bars } = readMermaid(writeFormat('mermaid', deadlock.finding).text ?? '')
  // `second` holds a semaphore and a mutex; `third` only waits.
  assert.equal(
    [...bars],
    [
      ['p0', 1],
      ['p1', 2],
    ],
  )
})

const BROKEN: readonly (readonly [string, string])[] = [
  ['graph TD', 'this is no sequence diagram'],
  ['sequenceDiagram\nparticipant p0 as a; b', 'not escaped'],
  ['sequenceDiagram\nparticipant p0 as a\np0->>p1: x', 'undeclared'],
  ['sequenceDiagram\nparticipant p0 as a\nactivate p0', 'a bar of p0 is not closed'],
  ['sequenceDiagram\nparticipant p0 as a\ndeactivate p0', 'not active'],
  ['sequenceDiagram\nrect rgb(1, 2, 3)', 'a block is not closed'],
  ['sequenceDiagram\np0 sends x', 'no statement'],
]
for (const [text, why] of BROKEN) {
  mermaid(`the grammar refuses: ${why}`, () => {
    assert.throws(
      () => readMermaid(text),
      (error: Error) => error.message.startsWith(why),
    )
  })
}
