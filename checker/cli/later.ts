import { Option } from 'commander'
import { UsageError } from './exit.js'

/** Options that are part of the language of this tool, but not of this version: said, never ignored. */

/** By command: flags as commander takes them. */
const LATER_OPTIONS: Readonly<Record<string, readonly string[]>> = {
  check: ['--checkpoint <FILE>'],
}

/** The options a command is to have later, hidden from its help. */
export const laterOptions = (command: string): Option[] =>
  (LATER_OPTIONS[command] ?? []).map((flags) => new Option(flags).hideHelp())

export const notYet = (what: string): UsageError =>
  new UsageError(`this version does not have ${what}`)

/** Refuses the options that this version does not have. */
export function refuseLater(command: string, options: Readonly<Record<string, unknown>>): void {
  for (const option of laterOptions(command)) {
    if (options[option.attributeName()] !== undefined) {
      throw notYet(`\`${command} ${option.long ?? option.flags}\``)
    }
  }
}
