import { basename } from 'node:path'
import type { Command } from 'commander'
import { nearest } from '../../../spec/index.js'
import { scaffoldOf, templateTitle } from '../../index.js'
import { EXIT, type ExitCode, UsageError } from '../exit.js'
import { packagePage, packagePages, writeNew } from '../files.js'
import { createTerminal } from '../terminal.js'

const FOLDER = 'models/templates'
const SUFFIX = '.gmem'

interface NewFlags {
  readonly design?: string
  readonly list?: boolean
}

/** `new`: a model to begin with, from a design that somebody has posted. */
export function newCommand(command: Command, finish: (code: ExitCode) => void): Command {
  return command
    .description('write a model of a known design, to change one thing in it; it runs at once')
    .argument('[model.gmem]', 'the file to write; one that is there is never overwritten')
    .option('--design <NAME>', 'the design to begin with')
    .option('--list', 'the designs there are')
    .action((file: string | undefined, flags: NewFlags) => {
      if (flags.list) {
        if (file !== undefined) throw new UsageError('--list writes nothing: it takes no file')
        createTerminal(false).out(listText())
      } else {
        write(file, flags)
      }
      finish(EXIT.ok)
    })
}

const designs = (): readonly string[] => packagePages(FOLDER, SUFFIX)
const templateOf = (design: string): string | null => packagePage(FOLDER, design, SUFFIX)

function listText(): string {
  const width = Math.max(...designs().map((name) => name.length))
  const line = (name: string) => `${name.padEnd(width)}  ${templateTitle(templateOf(name) ?? '')}\n`
  return designs().map(line).join('')
}

function write(file: string | undefined, { design }: NewFlags): void {
  if (file === undefined)
    throw new UsageError('a file to write is wanted', 'new --design NAME FILE')
  if (design === undefined) {
    throw new UsageError('a design to begin with is wanted', `--design ${designs().join(' | ')}`)
  }
  const template = templateOf(design.toLowerCase())
  if (template === null) throw unknown(design)
  const name = basename(file, SUFFIX)
  if (!file.endsWith(SUFFIX)) {
    throw new UsageError(`${file} does not end in ${SUFFIX}`, `did you mean ${file}${SUFFIX}?`)
  }
  const text = scaffoldOf(template, name)
  if (text === null) {
    const form = 'a letter, then letters, digits and _, with single hyphens between'
    throw new UsageError(`a model cannot be called \`${name}\``, `a name is ${form}`)
  }
  writeNew(file, text)
  createTerminal(false).out(`written: ${file}\nnext: gmemcheck check ${file}\n`)
}

function unknown(design: string): UsageError {
  const near = nearest(design.toLowerCase(), designs())
  const hint =
    near === undefined ? `there are ${designs().join(', ')}` : `did you mean \`${near}\`?`
  return new UsageError(`there is no design \`${design}\``, hint)
}
