import { evidenceOf, tokenOf } from '../design/row.js'
import { writeTraceFile } from '../trace/format.js'
import { orderKind } from '../trace/order-end.js'
import { replay } from '../trace/replay.js'
import { type Desk, stateHere } from './desk.js'
import * as move from './move.js'
import { REACH_STATES, reach } from './reach.js'
import { runOn } from './run.js'
import { columnsText, diffText, hereText, runText, stateText } from './show.js'
import { type Subject, subjectOf } from './subject.js'

/** What a command comes to. */
export interface Reply {
  readonly desk: Desk
  /** Without a line break at its end; empty: nothing is said. */
  readonly text: string
  /** To be written before the text is said. */
  readonly file?: { readonly path: string; readonly text: string }
  readonly quits?: true
}

export interface Command {
  readonly name: string
  /** Short for it, also where other commands begin like this. */
  readonly short?: string
  /** As `help` shows them; empty: it takes none. */
  readonly takes: string
  readonly about: string
  /** An empty line does it again. */
  readonly repeats?: true
  readonly perform: (desk: Desk, given: string) => Reply
}

const say = (desk: Desk, text: string): Reply => ({ desk, text })

/** Where a move has led, shown; or why there was none. */
const shown = (from: Desk, { desk, problem }: move.Moved): Reply =>
  desk === null ? say(from, problem) : say(desk, hereText(desk))

const numberIn = (text: string): number | null => (/^\d{1,9}$/.test(text) ? Number(text) : null)

/** A move by a number, 1 unless it is given. */
const byNumber =
  (by: (desk: Desk, count: number) => move.Moved) =>
  (desk: Desk, given: string): Reply => {
    const count = given === '' ? 1 : numberIn(given)
    return count === null || count === 0
      ? say(desk, `a number of steps is wanted, not \`${given}\``)
      : shown(desk, by(desk, count))
  }

/** Something about a place or a condition. */
const about =
  (does: (desk: Desk, subject: Subject) => Reply) =>
  (desk: Desk, given: string): Reply => {
    if (given === '')
      return say(desk, 'a place or a condition is wanted, like mem_map[0]._refcount')
    const { subject, problem } = subjectOf(desk.matter, given)
    return subject === null ? say(desk, problem) : does(desk, subject)
  }

/** The commands in the order of `help`. */
export const commands: readonly Command[] = [
  {
    name: 'forward',
    short: 'f',
    takes: '[N]',
    about: 'a step along the run, or N',
    repeats: true,
    perform: byNumber(move.forward),
  },
  {
    name: 'back',
    short: 'b',
    takes: '[N]',
    about: 'a step back, or N',
    repeats: true,
    perform: byNumber(move.back),
  },
  {
    name: 'jump',
    short: 'j',
    takes: 'N',
    about: 'to after step N; 0 is the start',
    perform: (desk, given) => {
      const to = numberIn(given)
      if (to === null) return say(desk, 'the number of a step is wanted: jump N')
      return shown(desk, move.jump(desk, to))
    },
  },
  {
    name: 'switch',
    short: 's',
    takes: '[back]',
    about: 'to where another process takes over next; back: where one did before',
    repeats: true,
    perform: (desk, given) => {
      if (given !== '' && given !== 'back') return say(desk, 'it is `switch` or `switch back`')
      return shown(desk, move.toSwitch(desk, given === '' ? 1 : -1))
    },
  },
  {
    name: 'until',
    short: 'u',
    takes: 'WHAT',
    about: 'to the next step that changes a place or a condition',
    repeats: true,
    perform: about((desk, subject) => shown(desk, move.toChange(desk, subject, 1))),
  },
  {
    name: 'since',
    takes: 'WHAT',
    about: 'back to the step that changed it',
    repeats: true,
    perform: about((desk, subject) => shown(desk, move.toChange(desk, subject, -1))),
  },
  {
    name: 'print',
    short: 'p',
    takes: '[WHAT]',
    about: 'the whole state; or a place, a process, a local (vmm.f), a condition',
    perform: (desk, given) =>
      given === ''
        ? say(desk, stateText(desk.matter.row, stateHere(desk)))
        : about((_, { text, read }) => {
            const value = read(stateHere(desk))
            return say(desk, value.includes('\n') ? value : `${text} = ${value}`)
          })(desk, given),
  },
  {
    name: 'diff',
    short: 'd',
    takes: '[N [M]]',
    about: 'what the last step changed; between step N and here, or N and M',
    perform: diff,
  },
  {
    name: 'watch',
    short: 'w',
    takes: '[WHAT]',
    about: 'show a place or a condition after each move; alone: list them',
    perform: (desk, given) =>
      given === ''
        ? say(desk, watchList(desk))
        : about((from, subject) => {
            const on = { ...from, watches: [...from.watches, subject] }
            return say(
              on,
              `watch ${on.watches.length}: ${subject.text} = ${subject.read(stateHere(on))}`,
            )
          })(desk, given),
  },
  {
    name: 'unwatch',
    takes: '[N]',
    about: 'no longer watch number N, or any',
    perform: (desk, given) => {
      if (given === '') return say({ ...desk, watches: [] }, 'nothing is watched')
      const index = (numberIn(given) ?? 0) - 1
      if (desk.watches[index] === undefined) return say(desk, `there is no watch ${given}`)
      const on = { ...desk, watches: desk.watches.filter((_, each) => each !== index) }
      return say(on, watchList(on))
    },
  },
  {
    name: 'enabled',
    short: 'e',
    takes: '',
    about: 'who can move here and how (* as scheduled), and what the others wait for',
    perform: (desk) => say(desk, move.enabledText(desk)),
  },
  {
    name: 'take',
    short: 't',
    takes: 'PROCESS [PICKS]',
    about: 'one step of this process: the run leaves the recorded one',
    repeats: true,
    perform: (desk, given) => {
      const [name = '', ...picks] = given.split(/[\s,]+/)
      if (name === '') return say(desk, `a process is wanted:\n${move.enabledText(desk)}`)
      const chosen = picks.length === 0 ? undefined : picks.join(',')
      return shown(desk, move.take(desk, name, chosen))
    },
  },
  {
    name: 'run',
    short: 'r',
    takes: '',
    about:
      'to the end of the run; off the recorded one: until there is a choice, rest or a violation',
    perform: (desk) => {
      const { moved, why } = runOn(desk)
      const reply = shown(desk, moved)
      return why === null ? reply : say(reply.desk, `${reply.text}\nstopped: ${why}`)
    },
  },
  {
    name: 'reach',
    takes: '[STATES]',
    about: `whether the violation still follows from here, looking at ${REACH_STATES} states or so many`,
    perform: (desk, given) => {
      const states = given === '' ? REACH_STATES : numberIn(given)
      if (states === null || states === 0) return say(desk, 'a number of states is wanted')
      return reach(desk, states)
    },
  },
  {
    name: 'undo',
    takes: '',
    about: 'back onto the recorded run, where this one left it',
    perform: (desk) => shown(desk, move.undo(desk)),
  },
  {
    name: 'save',
    takes: 'FILE',
    about: 'write the run as a trace file; it must end in a violation',
    perform: save,
  },
  {
    name: 'columns',
    short: 'c',
    takes: '',
    about: 'the columns up to here, the line of the last step marked',
    perform: (desk) => say(desk, columnsText(desk)),
  },
  {
    name: 'where',
    takes: '',
    about: 'the last step again, and which run this is',
    perform: (desk) => say(desk, `${runText(desk)}\n${hereText(desk)}`),
  },
  {
    name: 'help',
    short: 'h',
    takes: '',
    about: 'this list',
    perform: (desk) => say(desk, helpText()),
  },
  {
    name: 'quit',
    short: 'q',
    takes: '',
    about: 'leave, as Ctrl-D does',
    perform: (desk) => ({ desk, text: '', quits: true }),
  },
]

const watchList = ({ watches }: Desk): string =>
  watches.length === 0
    ? 'nothing is watched'
    : watches.map(({ text }, index) => `watch ${index + 1}: ${text}`).join('\n')

function diff(desk: Desk, given: string): Reply {
  const { at, schedule } = desk
  const numbers = given === '' ? [Math.max(0, at - 1)] : given.split(/\s+/).map(numberIn)
  const [from, to = at, ...more] = numbers
  const isStep = (number: number | null | undefined): number is number =>
    typeof number === 'number' && number <= schedule.steps.length
  if (!isStep(from) || !isStep(to) || more.length > 0) {
    return say(desk, `up to two numbers of steps from 0 to ${schedule.steps.length} are wanted`)
  }
  return say(desk, diffText(desk, from, to))
}

function save(desk: Desk, path: string): Reply {
  if (path === '') return say(desk, 'the name of a file is wanted: save FILE')
  const { matter, schedule, recorded } = desk
  const { row, file } = matter
  const minimal = schedule === recorded ? matter.minimal : null
  const { trail } = schedule.run
  const steps = trail.steps.slice(0, schedule.count)
  const loop = schedule.steps.slice(schedule.count)
  const isOrder = schedule.trap?.kind === orderKind
  const ended = { initial: trail.initial, steps }
  const { trace, refusal } = replay(row.interpreter, ended, null, loop, isOrder)
  if (trace === null) return say(desk, `not saved: ${refusal}`)
  const token = tokenOf(row, ended, loop, isOrder)
  const { trace: written } = evidenceOf(row, trace, { token, minimal, file, brief: true })
  const text = `written: ${path}, ${trace.kind} in ${trace.steps.length} steps`
  return { desk, text, file: { path, text: writeTraceFile(written) } }
}

function helpText(): string {
  const rows = commands.map(({ name, short, takes, about }) => {
    const words = `${name}${short === undefined ? '' : `, ${short}`} ${takes}`.trimEnd()
    return [words, about] as const
  })
  const width = Math.max(...rows.map(([words]) => words.length))
  return [
    ...rows.map(([words, about]) => `${words.padEnd(width)}  ${about}`),
    'Any beginning of a name that is the only one will do; an empty line moves again.',
  ].join('\n')
}
