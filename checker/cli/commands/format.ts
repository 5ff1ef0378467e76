import type { Command } from 'commander'
import { parse, print, SourceText } from '../../../spec/index.js'
import { EXIT, type ExitCode, UsageError, worst } from '../exit.js'
import { fileReader, modelFiles, STDIN, writeWhole } from '../files.js'
import { createTerminal, type Terminal, wantsColor } from '../terminal.js'
import { showDiagnostics } from '../voice.js'

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
  const found = fileReader(file)(file, null)
  if (found.kind !== 'text') {
    const why = found.kind === 'missing' ? 'no such file or directory' : found.reason
    throw new UsageError(`cannot read ${file}: ${why}`)
  }
  const source = new SourceText(found.path, found.text)
  const { result, diagnostics } = parse(source)
  const sources = new Map([[found.path, source]])
  if (showDiagnostics(terminal, diagnostics, sources, true) || result === null) return EXIT.wrong
  const text = print(result, source)
  if (flags.check) {
    if (text === found.text) return EXIT.ok
    terminal.out(`not formatted: ${file}\n`)
    return EXIT.violated
  }
  if (!flags.write) terminal.out(text)
  else if (text !== found.text) writeWhole(file, text)
  return EXIT.ok
}
