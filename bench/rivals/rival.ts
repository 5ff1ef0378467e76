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

/** Another way to search: a model checker or a program, with twins of our models written by hand. */
export interface Rival {
  readonly name: string
  /** All of them have to be installed. */
  readonly commands: readonly string[]
  /** What gcc is told, as the rival's users would. */
  readonly optimisation: readonly string[]
  /** Its number of transitions has the initial state in it, as ours has. */
  readonly countsInitialState: boolean
  /** Cases with more states take it minutes and are left out. */
  readonly statesMax: number
  /** What its files end in. */
  readonly suffix: string
  build(each: Case, folder: string, optimisation: readonly string[]): Promise<BuiltVerifier>
}

/** Where the twin of a case's model is, or would be. */
export const twinOf = (suffix: string, { file }: Case): string =>
  `${projectRoot}bench/rivals/${basename(file, '.gmem')}${suffix}`

/** The sizes of a case for a C preprocessor. */
export const settings = ({ params }: Case): readonly string[] =>
  Object.entries(params).map(([name, value]) => `-D${name.toUpperCase()}=${value}`)

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

/** A twin that counts anything else is another model, and its speed says nothing. */
export function agreeing(rival: Rival, each: Case, verified: Verified): Verified {
  const generated = each.generated - (rival.countsInitialState ? 0 : 1)
  if (verified.states !== each.states || verified.transitions !== generated) {
    const found = `${verified.states} states, ${verified.transitions} transitions`
    throw new Error(`${rival.name}, ${each.name}: ${found}; ours ${each.states} and ${generated}`)
  }
  return verified
}

/** The number a pattern's only group finds. */
export function numberIn(text: string, pattern: RegExp): number {
  const found = pattern.exec(text)?.[1]
  if (found === undefined) throw new Error(`no ${pattern} in\n${text}`)
  return Number(found)
}
