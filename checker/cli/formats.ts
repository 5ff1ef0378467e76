import { type Command, InvalidArgumentError, Option } from 'commander'
import { nearest } from '../../spec/index.js'
import {
  type Finding,
  type FormatName,
  formatNames,
  formatsAbout,
  verdictFormats,
  writeFormat,
} from '../index.js'
import { UsageError } from './exit.js'
import type { OutputFile } from './files.js'
import { graphviz } from './graphviz.js'

/** One `--format`: a file beside the counterexample, or, with `=-`, standard output. */
export interface WantedFormat {
  readonly name: FormatName
  readonly toStdout: boolean
}

/** The formats that were asked for, ready to be written. */
export interface Formats {
  readonly wanted: readonly WantedFormat[]
  readonly draw: (dot: string) => string
}

/** What the formats make of one finding. */
export interface Formatted {
  readonly files: readonly OutputFile[]
  /** All that standard output is to have; null where no format was sent there. */
  readonly spoken: string | null
  /** Formats that tell of a run, where there is none. */
  readonly untold: readonly FormatName[]
}

/** What a run can be written as that is only replayed: there is no verdict to tell. */
export const replayFormats: readonly FormatName[] = formatNames.filter(
  (name) => !verdictFormats.includes(name),
)

export const addFormatOption = (command: Command, names: readonly FormatName[]): Command =>
  command
    .addOption(
      new Option(
        '--format <NAME>',
        `also write it as ${names.join(', ')} (repeatable); NAME=- for standard output`,
      )
        .argParser(wantedFormat)
        .default([], 'none'),
    )
    .addHelpText('after', () => {
      const width = Math.max(...names.map((name) => name.length))
      const lines = formatsAbout
        .filter(([name]) => names.includes(name))
        .map(([name, about]) => `  ${name.padEnd(width)}  ${about}`)
      return `\nFormats:\n${lines.join('\n')}`
    })

function wantedFormat(text: string, before: readonly WantedFormat[]): readonly WantedFormat[] {
  const [, given = text, where] = /^([^=]*)(=.*)?$/s.exec(text) ?? []
  const name = formatNames.find((each) => each === given)
  if (name === undefined) {
    const near = nearest(given, formatNames)
    const meant = near === undefined ? '' : `did you mean ${near}? `
    throw new InvalidArgumentError(`${meant}There are ${formatNames.join(', ')}.`)
  }
  if (where !== undefined && where !== '=-') {
    throw new InvalidArgumentError('only NAME=- says where: standard output; --out names a folder.')
  }
  if (before.some((each) => each.name === name)) {
    throw new InvalidArgumentError(`${name} is given twice.`)
  }
  return [...before, { name, toStdout: where !== undefined }]
}

/** Makes sure, before anything is searched, that all can be written. */
export async function prepareFormats(
  wanted: readonly WantedFormat[],
  speaks: { readonly json: boolean; readonly several: boolean },
): Promise<Formats> {
  const spoken = wanted.filter(({ toStdout }) => toStdout).map(({ name }) => `--format ${name}=-`)
  if (spoken.length > 0 && speaks.json) {
    throw new UsageError(`${spoken[0]} and --json both want standard output`)
  }
  if (spoken.length > 1) throw new UsageError(`${spoken.join(' and ')} both want standard output`)
  if (spoken.length > 0 && speaks.several) {
    throw new UsageError(`${spoken[0]} takes one model: one text on standard output`)
  }
  const draws = wanted.some(({ name }) => name === 'svg')
  return { wanted, draw: draws ? await graphviz() : (dot) => dot }
}

/** Refuses for a replay what tells of a search. */
export function refuseVerdicts(wanted: readonly WantedFormat[]): void {
  const refused = wanted.find(({ name }) => !replayFormats.includes(name))
  if (refused === undefined) return
  throw new UsageError(
    `--format ${refused.name} tells of a search, and a replay makes none`,
    `check has it; replay has ${replayFormats.join(', ')}`,
  )
}

/** Writes what was found in every format that is wanted; the files have the name of the row. */
export function formatted(formats: Formats, finding: () => Finding, stem: string): Formatted {
  const { wanted, draw } = formats
  if (wanted.length === 0) return { files: [], spoken: null, untold: [] }
  const found = finding()
  const files: OutputFile[] = []
  const untold: FormatName[] = []
  let spoken: string | null = null
  for (const { name, toStdout } of wanted) {
    const { extension, text } = writeFormat(name, found)
    if (text === null) untold.push(name)
    const told = text !== null && name === 'svg' ? draw(text) : text
    if (toStdout) spoken = told ?? ''
    else if (told !== null) files.push({ path: `${stem}.${extension}`, text: told })
  }
  return { files, spoken, untold }
}
