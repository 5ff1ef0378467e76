import type { Command } from 'commander'
import { configure, kinds, lower, nearest } from '../../../spec/index.js'
import { lockMap, readModel, renderLockMap } from '../../index.js'
import { addRowOptions, type RowFlags } from '../arguments.js'
import { EXIT, type ExitCode, UsageError } from '../exit.js'
import { fileReader, packagePage, packagePages } from '../files.js'
import { createTerminal, wantsColor } from '../terminal.js'
import { showDiagnostics } from '../voice.js'

const FOLDERS = ['spec/kinds', 'spec/errors'] as const

interface ExplainFlags extends RowFlags {
  readonly color: boolean
  readonly locks?: string
}

/** `explain`: the page of a violation kind or of a diagnostic code, or which lock protects what in a model. */
export function explainCommand(command: Command, finish: (code: ExitCode) => void): Command {
  command
    .description('what a violation kind or a diagnostic code means, or which lock protects what')
    .argument('[kind|code]', 'as a report names it: use-after-free, unknown-name')
    .option('--locks <MODEL>', 'for each place of the model, the lock held where it is accessed')
    .option('--no-color', 'no colours, also not on a terminal')
  return addRowOptions(command).action((name: string | undefined, flags: ExplainFlags) => {
    if ((name === undefined) === (flags.locks === undefined)) {
      throw new UsageError('one thing to explain is wanted', 'a kind, a code, or --locks MODEL')
    }
    finish(name === undefined ? explainLocks(flags.locks ?? '', flags) : explain(name))
  })
}

function explain(name: string): ExitCode {
  const page = FOLDERS.map((folder) => packagePage(folder, name)).find((found) => found !== null)
  if (page === undefined) throw unknown(name)
  createTerminal(false).out(page)
  return EXIT.ok
}

function explainLocks(file: string, flags: ExplainFlags): ExitCode {
  const terminal = createTerminal(wantsColor(flags.color))
  const { model, diagnostics, sources } = readModel(file, fileReader(file))
  if (showDiagnostics(terminal, diagnostics, sources, true) || model === null) return EXIT.wrong
  const configured = configure(model, { params: flags.param, design: flags.design })
  const isWrong = showDiagnostics(terminal, configured.diagnostics, sources, true)
  if (isWrong || configured.result === null) return EXIT.wrong
  const { result: system, diagnostics: lowered } = lower(model, configured.result)
  if (showDiagnostics(terminal, lowered, sources, true) || system === null) return EXIT.wrong
  terminal.out(renderLockMap(lockMap(system), sources))
  return EXIT.ok
}

function unknown(name: string): UsageError {
  const known = FOLDERS.flatMap((folder) => packagePages(folder))
  const near = nearest(name, known)
  if (near !== undefined) {
    return new UsageError(`there is nothing called \`${name}\``, `did you mean \`${near}\`?`)
  }
  const list = Object.keys(kinds).sort().join(' ')
  return new UsageError(`there is nothing called \`${name}\``, `violation kinds: ${list}`)
}
