import { Command, CommanderError, InvalidArgumentError } from 'commander'
import { nearest } from '../../spec/index.js'
import { checkCommand } from './commands/check.js'
import { crossCheckCommand } from './commands/cross-check.js'
import { diffCommand } from './commands/diff.js'
import { driftCommand } from './commands/drift.js'
import { dumpCommand } from './commands/dump.js'
import { explainCommand } from './commands/explain.js'
import { exportCommand } from './commands/export.js'
import { formatCommand } from './commands/format.js'
import { matrixCommand } from './commands/matrix.js'
import { mutateCommand } from './commands/mutate.js'
import { newCommand } from './commands/new.js'
import { replayCommand } from './commands/replay.js'
import { simulateCommand } from './commands/simulate.js'
import { testCommand } from './commands/test.js'
import { EXIT, type ExitCode, UsageError } from './exit.js'
import { exists, packageVersion, STDIN } from './files.js'
import { createTerminal, type Terminal } from './terminal.js'
import { internalError } from './voice.js'

const COMMANDS = {
  check: checkCommand,
  new: newCommand,
  test: testCommand,
  matrix: matrixCommand,
  mutate: mutateCommand,
  diff: diffCommand,
  drift: driftCommand,
  replay: replayCommand,
  export: exportCommand,
  'cross-check': crossCheckCommand,
  simulate: simulateCommand,
  format: formatCommand,
  explain: explainCommand,
  dump: dumpCommand,
} as const

/** From the command line to an exit code; all that is printed is printed from here on down. */
async function main(args: readonly string[]): Promise<ExitCode> {
  const terminal = createTerminal(false)
  let code: ExitCode = EXIT.ok
  const finish = (given: ExitCode): void => {
    code = given
  }
  const [first] = args
  try {
    if (first === undefined) {
      program(terminal, finish).outputHelp({ error: true })
      return EXIT.wrong
    }
    await program(terminal, finish).parseAsync(withCommand(args), { from: 'user' })
    return code
  } catch (problem) {
    return failure(terminal, problem)
  }
}

function program(terminal: Terminal, finish: (code: ExitCode) => void): Command {
  const root = new Command('gmemcheck')
    .description('model checker for guest_memfd locking designs')
    .version(packageVersion())
    .usage('[command] [options] <model.gmem …>')
  configureVoice(root, terminal)
  for (const [name, build] of Object.entries(COMMANDS)) {
    const command = new Command(name)
    configureVoice(command, terminal)
    root.addCommand(build(command, finish))
  }
  return root
}

function configureVoice(command: Command, terminal: Terminal): void {
  command
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({
      writeOut: terminal.out,
      writeErr: terminal.err,
      outputError: (text, write) => write(text.replace(/^error: /, 'gmemcheck: ')),
    })
}

/** `check` is what is meant when the first argument is a file, or an option of `check`. */
function withCommand(args: readonly string[]): string[] {
  const [first = ''] = args
  const known = [...Object.keys(COMMANDS), 'help', '--help', '-h', '--version', '-V']
  if (known.includes(first)) return [...args]
  const isFile =
    first === STDIN || first.startsWith('-') || first.endsWith('.gmem') || exists(first)
  if (isFile || /[/.]/.test(first)) return ['check', ...args]
  const near = nearest(first, Object.keys(COMMANDS))
  throw new UsageError(
    `there is no command \`${first}\``,
    near === undefined ? 'see `gmemcheck --help`' : `did you mean \`${near}\`?`,
  )
}

/** Which commands have an option that another one was given. */
function ownersText(message: string): string {
  const [name = ''] = /--[\w-]+/.exec(message) ?? []
  const { commands } = program(createTerminal(false), () => undefined)
  const owners = commands.filter(({ options }) => options.some(({ long }) => long === name))
  if (owners.length === 0) return ''
  return `  it is an option of ${owners.map((each) => `\`gmemcheck ${each.name()}\``).join(' and ')}\n`
}

/** What went wrong, said; and the exit code for it. */
function failure(terminal: Terminal, problem: unknown): ExitCode {
  if (problem instanceof UsageError) {
    const hint = problem.hint === null ? '' : `\n  ${problem.hint}`
    terminal.err(`gmemcheck: ${problem.message}${hint}\n`)
    return EXIT.wrong
  }
  if (problem instanceof InvalidArgumentError) {
    terminal.err(`gmemcheck: ${problem.message}\n`)
    return EXIT.wrong
  }
  if (problem instanceof CommanderError) {
    if (problem.code === 'commander.unknownOption') terminal.err(ownersText(problem.message))
    return problem.exitCode === 0 ? EXIT.ok : EXIT.wrong
  }
  terminal.err(internalError(problem))
  return EXIT.internal
}

for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (problem) => {
    process.exitCode = failure(createTerminal(false), problem)
    process.exit()
  })
}

/** Settles when the command has. Output may still be on its way: only the exit code is set here. */
export const ended: Promise<void> = main(process.argv.slice(2)).then((code) => {
  process.exitCode = code
})
