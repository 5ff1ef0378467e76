import { headline } from '../headline.js'
import { lockOrderGraph } from './dot-lock-order.js'
import { stateGraph } from './dot-states.js'
import { cluster, indented, quoted } from './dot-text.js'
import { waitGraph } from './dot-waits.js'
import type { Shown } from './finding.js'

/**
 * A graph in the language of Graphviz: the states of the run from top to bottom, with the other steps that leave them;
 * beside it who waits for whom, and which lock is taken under which, where that is what is wrong.
 */
export function dot(finding: Shown): string {
  const { interpreter, run } = finding
  const { trace } = run
  const waits = waitGraph(trace)
  const orders = lockOrderGraph(interpreter, trace)
  const parts = [
    ...(waits.length === 0 ? [] : cluster('waits', 'who waits for whom', waits)),
    ...(orders.length === 0 ? [] : cluster('orders', 'lock held -> lock taken', orders)),
    ...cluster(
      'states',
      'the run, and the other steps that leave its states',
      stateGraph(interpreter, trace),
    ),
  ]
  const title = `${headline(trace)}\n${trace.system.name}, ${finding.row}`
  // Of a font with one width Graphviz knows the widths everywhere.
  const font = 'fontname="Courier", fontsize=10'
  const lines = [
    `label=${quoted(title)};`,
    'labelloc="t";',
    'labeljust="l";',
    'fontname="Courier";',
    'fontsize=12;',
    'rankdir="TB";',
    `node [${font}];`,
    `edge [${font}];`,
    ...parts,
  ]
  return `digraph ${quoted(trace.system.name)} {\n${lines.map(indented).join('\n')}\n}\n`
}
