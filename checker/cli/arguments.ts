import { availableParallelism } from 'node:os'
import { type Command, InvalidArgumentError, Option } from 'commander'
import {
  defaultEngine,
  defaultSearchOptions,
  type EngineName,
  engineNames,
  type ReductionName,
  reductionNames,
  searchOptionTable,
} from '../index.js'

/** Options of every command that searches. */
export interface SearchFlags {
  readonly workers: number
  readonly memory?: number
  readonly maxStates?: number
  readonly timeout?: number
  readonly engine: EngineName
  readonly reduction: string
  readonly color: boolean
  readonly quiet?: boolean
}

/** Options that name a row of the design space. */
export interface RowFlags {
  readonly param: Readonly<Record<string, string>>
  readonly design: Readonly<Record<string, string>>
}

/** A whole number of at least one. */
export function positiveInteger(text: string): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < 1) {
    throw new InvalidArgumentError('a whole number of at least 1 is wanted.')
  }
  return value
}

/** A number of seconds more than zero. */
export function seconds(text: string): number {
  const value = Number(text)
  if (!/^\d+(?:\.\d+)?$/.test(text) || !(value > 0)) {
    throw new InvalidArgumentError('a number of seconds more than 0 is wanted.')
  }
  return value
}

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  K: 2 ** 10,
  M: 2 ** 20,
  G: 2 ** 30,
  T: 2 ** 40,
}
const MEMORY_MIN = 2 ** 20

/** `512M`, `2G`, or bytes. */
export function memorySize(text: string): number {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)([KMGT]?)(?:i?B)?$/i.exec(text) ?? []
  const value = Math.floor(Number(number) * (UNITS[unit.toUpperCase()] ?? Number.NaN))
  if (number === '' || !(value >= MEMORY_MIN) || !Number.isSafeInteger(value)) {
    throw new InvalidArgumentError('a size of at least 1M is wanted, like 512M or 2G.')
  }
  return value
}

/** Collects `NAME=VALUE`; the same name twice is a contradiction. */
export function setting(
  text: string,
  before: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const [, name = '', value = ''] = /^\s*([A-Za-z_]\w*)\s*=\s*(\S+)\s*$/.exec(text) ?? []
  if (name === '') throw new InvalidArgumentError('NAME=VALUE is wanted.')
  if (Object.hasOwn(before, name)) throw new InvalidArgumentError(`${name} is given twice.`)
  return { ...before, [name]: value }
}

/** Numbers from the first to the last, of a param. */
export interface Variation {
  readonly name: string
  readonly values: readonly string[]
}

const VARIED_MAX = 64

/** Collects `PARAM=a..b`. */
export function variation(text: string, before: readonly Variation[]): readonly Variation[] {
  const [, name = '', first, last] = /^\s*([A-Za-z_]\w*)\s*=\s*(\d+)\.\.(\d+)\s*$/.exec(text) ?? []
  if (name === '') throw new InvalidArgumentError('PARAM=a..b is wanted, with two numbers.')
  if (before.some((each) => each.name === name)) {
    throw new InvalidArgumentError(`${name} is given twice.`)
  }
  const [from, to] = [Number(first), Number(last)]
  const count = to - from + 1
  if (count < 1) throw new InvalidArgumentError(`${from}..${to} has no values.`)
  if (count > VARIED_MAX) throw new InvalidArgumentError(`at most ${VARIED_MAX} values at a time.`)
  return [...before, { name, values: Array.from({ length: count }, (_, at) => String(from + at)) }]
}

const PARSERS: Readonly<Record<string, (text: string) => number>> = {
  'max-states': positiveInteger,
  memory: memorySize,
  timeout: seconds,
}

/** Adds the options of a search, from the search's own table. */
export function addSearchOptions(command: Command): Command {
  for (const row of searchOptionTable) {
    const parser = PARSERS[row.name]
    if (parser === undefined) continue
    const about = [row.help, `default: ${row.default}`]
    if (row.limit !== null) about.push(row.limit)
    command.addOption(
      new Option(`--${row.name} <${row.argument}>`, about.join('; ')).argParser(parser),
    )
  }
  return command
    .addOption(
      new Option('--workers <N>', 'threads to use; results do not depend on it')
        .argParser(positiveInteger)
        .default(availableParallelism(), 'available parallelism'),
    )
    .addOption(
      new Option(
        '--engine <NAME>',
        'what is beyond the compiled engine, the reference engine explores',
      )
        .choices(engineNames)
        .default(defaultEngine),
    )
    .addOption(
      new Option(
        '--reduction <NAME>',
        'how a large search may see fewer states; none: see them all',
      )
        .choices(['all', 'none', ...reductionNames])
        .default('all'),
    )
}

const settingOption = (flags: string, about: string): Option =>
  new Option(flags, about).argParser(setting).default({}, "the model's own")

/** Adds the options that choose a row. */
export function addRowOptions(command: Command): Command {
  return command
    .addOption(settingOption('--param <NAME=VALUE>', 'a size of the model (repeatable)'))
    .addOption(settingOption('--design <NAME=VALUE>', 'a design choice of the model (repeatable)'))
}

/** Adds what every command that prints takes. */
export function addVoiceOptions(command: Command): Command {
  return command
    .option('--no-color', 'no colours, also not on a terminal')
    .option('--quiet', 'no progress, no warnings, the verdict in one line')
}

/** The reductions that a search may make. */
export function wantedReductions({
  reduction,
}: Pick<SearchFlags, 'reduction'>): readonly ReductionName[] {
  if (reduction === 'all') return reductionNames
  if (reduction === 'none') return []
  return reductionNames.filter((name) => name === reduction)
}

/** The limits of a search, with the defaults where nothing was asked for. */
export function searchLimits(flags: Pick<SearchFlags, 'maxStates' | 'memory' | 'timeout'>): {
  readonly maxStates: number
  readonly memoryBytes: number
  readonly timeoutSeconds: number
} {
  return {
    maxStates: flags.maxStates ?? defaultSearchOptions.maxStates,
    memoryBytes: flags.memory ?? defaultSearchOptions.memoryBytes,
    timeoutSeconds: flags.timeout ?? Number.POSITIVE_INFINITY,
  }
}
