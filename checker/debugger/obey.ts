import { type Command, commands, type Reply } from './commands.js'
import type { Desk } from './desk.js'
import { didYouMean, placeNames } from './places.js'

/** Does what a line says, an empty one what the last move did. */
export function obey(desk: Desk, line: string): Reply {
  const words = line.trim() === '' ? desk.last : line.trim()
  if (words === '') return { desk, text: '' }
  const [, name = '', given = ''] = /^(\S+)\s*(.*)$/.exec(words) ?? []
  const { command, problem } = commandOf(name)
  if (command === null) return { desk: { ...desk, last: '' }, text: problem }
  if (command.takes === '' && given !== '') {
    return { desk: { ...desk, last: '' }, text: `\`${command.name}\` takes nothing` }
  }
  const reply = command.perform(desk, given)
  return { ...reply, desk: { ...reply.desk, last: command.repeats ? words : '' } }
}

type FoundCommand =
  | { readonly command: Command; readonly problem: null }
  | { readonly command: null; readonly problem: string }

/** The command with this name, short name, or beginning. */
function commandOf(name: string): FoundCommand {
  const exact = commands.find((each) => each.name === name || each.short === name)
  if (exact !== undefined) return { command: exact, problem: null }
  const likely = commands.filter((each) => each.name.startsWith(name))
  const [only] = likely
  if (only !== undefined && likely.length === 1) return { command: only, problem: null }
  const names = commands.map((each) => each.name)
  const hint =
    likely.length > 1
      ? `; it may be ${likely.map((each) => `\`${each.name}\``).join(' or ')}`
      : didYouMean(name, names) || '; `help` lists them'
  return { command: null, problem: `there is no command \`${name}\`${hint}` }
}

/** What the last word of a line can become, and that word: as `node:readline` wants it. */
export function completions(desk: Desk, line: string): [string[], string] {
  const { system } = desk.matter.row.interpreter
  const [, first = '', rest] = /^\s*(\S*)(\s.*)?$/.exec(line) ?? []
  if (rest === undefined) {
    return [commands.map(({ name }) => `${name} `).filter((name) => name.startsWith(first)), first]
  }
  const word = /\S*$/.exec(rest)?.[0] ?? ''
  const takes = commandOf(first).command?.takes ?? ''
  const known = takes.startsWith('PROCESS')
    ? system.processes.map(({ name }) => name)
    : takes.includes('WHAT')
      ? placeNames(system)
      : []
  return [known.filter((name) => name.startsWith(word)), word]
}
