import { evidenceOf, rowFileName, selftestOf, tokenOf } from '../../index.js'
import type { RowFlags } from '../arguments.js'
import { deliver } from '../deliver.js'
import { EXIT, type ExitCode, UsageError } from '../exit.js'
import { reproduce } from '../reproduce.js'
import type { Terminal } from '../terminal.js'

interface SelftestFlags extends RowFlags {
  readonly out?: string
}

/** `export selftest`: a counterexample as a test in C, and as a bpftrace script. */
export function exportSelftest(
  terminal: Terminal,
  what: string,
  model: string | undefined,
  flags: SelftestFlags,
): ExitCode {
  if (Object.keys(flags.param).length + Object.keys(flags.design).length > 0) {
    throw new UsageError('a trace knows its settings: leave out --param and --design')
  }
  const found = reproduce(terminal, what, model)
  if (found === null) return EXIT.wrong
  const { row, trace, order, file } = found
  const token = tokenOf(row, order.trail, order.loop, order.order)
  const { columns } = evidenceOf(row, trace, { token, minimal: order.minimal, file })
  const { c, bpftrace, refusal } = selftestOf(trace, columns)
  if (c === null) {
    terminal.err(`refused: ${refusal}\n`)
    return EXIT.wrong
  }
  const stem = rowFileName(row.model, row.configuration)
  const files = [
    { name: `${stem}.c`, text: c },
    { name: `${stem}.bt`, text: bpftrace },
  ]
  deliver(terminal, files, flags)
  return EXIT.ok
}
