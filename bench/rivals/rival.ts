import { basename } from 'node:path'
import type { Case } from '../cases.js'
import { measure, type Run } from '../measure.js'
import { projectRoot } from '../project.js'

/** One run of a generated verifier. */
export interface Verified {
  readonly run: Run
  readonly states: number
  readonly transitions: number
}

/** A verifier for one case, and how long it took to generate and to compile it. */
export interface BuiltVerifier {
  readonly seconds: number
  run(): Promise<Verified>
}

/** Another model checker, with twins of our models written by hand. */
export interface Rival {
  readonly name: string
  /** All of them have to be installed. */
  readonly commands: readonly string[]
  /** Its number of transitions has the initial state in it, as ours has. */
  readonly countsInitialState: boolean
  /** What its files end in. */
  readonly suffix: string
  build(each: Case, folder: string): Promise<BuiltVerifier>
}

/** Where the twin of a case's model is, or would be. */
export const twinOf = (suffix: string, { file }: Case): string =>
  `${projectRoot}bench/rivals/${basename(file, '.gmem')}${suffix}`

/** Runs one command of a build; its failure is an error with what it said. */
export async function step(
  folder: string,
  command: string,
  args: readonly string[],
): Promise<number> {
  const { status, stdout, stderr, seconds } = await measure(command, args, folder)
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}\n${stdout}${stderr}`)
  return seconds
}

/** The number a pattern's only group finds. */
export function numberIn(text: string, pattern: RegExp): number {
  const found = pattern.exec(text)?.[1]
  if (found === undefined) throw new Error(`no ${pattern} in\n${text}`)
  return Number(found)
}
