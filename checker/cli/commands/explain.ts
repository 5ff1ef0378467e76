import type { Command } from 'commander'
import { kinds, nearest } from '../../../spec/index.js'
import { EXIT, type ExitCode, UsageError } from '../exit.js'
import { packagePage, packagePages } from '../files.js'
import { laterOptions, refuseLater } from '../later.js'
import { createTerminal } from '../terminal.js'

const FOLDERS = ['spec/kinds', 'spec/errors'] as const

/** `explain`: the page of a violation kind or of a diagnostic code. */
export function explainCommand(command: Command, finish: (code: ExitCode) => void): Command {
  command
    .description('what a violation kind or a diagnostic code means, with an example')
    .argument('<kind|code>', 'as a report names it: use-after-free, unknown-name')
    .option('--no-color', 'no colours, also not on a terminal')
  for (const option of laterOptions('explain')) command.addOption(option)
  return command.action((name: string, flags: Readonly<Record<string, unknown>>) => {
    refuseLater('explain', flags)
    const page = FOLDERS.map((folder) => packagePage(folder, name)).find((found) => found !== null)
    if (page === undefined) throw unknown(name)
    createTerminal(false).out(page)
    finish(EXIT.ok)
  })
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
