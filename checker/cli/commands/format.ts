import type { Command } from 'commander'
import { print } from '../../../spec/index.js'
import { EXIT, type ExitCode, UsageError, worst } from '../exit.js'
import { modelFiles, STDIN, writeWhole } from '../files.js'
import { createTerminal, type Terminal, wantsColor } from '../terminal.js'
import { treeOf } from '../tree-of.js'

interface FormatFlags {
  readonly check?: boolean
  readonly write?: boolean
  readonly color: boolean
}

/** `format`: the one way to lay out a model. */
export function formatCommand(command: Command, finish: (code: ExitCode) => void): Command {
  return command
    .description('format models: one file to stdout, with --write files in place')
    .argument('<path...>', 'models and folders; - is standard input')
    .option('--check', 'write nothing; exit code 1 when a file is not formatted')
    .option('--write', 'replace the files')
    .option('--no-color', 'no colours, also not on a terminal')
    .action((paths: string[], flags: FormatFlags) => {
      if (flags.check && flags.write)
        throw new UsageError('--check writes nothing: not with --write')
      const files = modelFiles(paths)
      if (files.includes(STDIN) && flags.write)
        throw new UsageError('standard input cannot be replaced')
      if (!flags.check && !flags.write && files.length !== 1) {
        throw new UsageError('several files need --write or --check')
      }
      const terminal = createTerminal(wantsColor(flags.color))
      finish(worst(files.map((file) => formatFile(terminal, file, flags))))
    })
}

function formatFile(terminal: Terminal, file: string, flags: FormatFlags): ExitCode {
  const read = treeOf(terminal, file)
  if (read === null) return EXIT.wrong
  const text = print(read.tree, read.source)
  if (flags.check) {
    if (text === read.source.text) return EXIT.ok
    terminal.out(`not formatted: ${file}\n`)
    return EXIT.violated
  }
  if (!flags.write) terminal.out(text)
  else if (text !== read.source.text) writeWhole(file, text)
  return EXIT.ok
}
