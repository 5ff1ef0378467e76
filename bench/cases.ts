import type { EngineName } from './engine-name.js'

/** One model at one size, with what every exhaustive search of it must count. */
export interface Case {
  readonly name: string
  readonly file: string
  readonly params: Readonly<Record<string, number>>
  readonly states: number
  /** Transitions and initial states: what is generated, and what SPIN calls transitions. */
  readonly generated: number
}

function vcpusPages(
  [vcpus, pages, pinners]: readonly [number, number, number],
  states: number,
  generated: number,
): Case {
  return {
    name: `vcpus-pages ${vcpus},${pages},${pinners}`,
    file: 'models/scale/vcpus-pages.gmem',
    params: { vcpus, pages, pinners },
    states,
    generated,
  }
}

const users = (users: number, states: number, generated: number): Case => ({
  name: `users ${users}`,
  file: 'models/scale/users.gmem',
  params: { users },
  states,
  generated,
})

const folios = (
  [users, pages]: readonly [number, number],
  states: number,
  generated: number,
): Case => ({
  name: `folios ${users},${pages}`,
  file: 'models/scale/folios.gmem',
  params: { users, pages },
  states,
  generated,
})

/** Up to four vCPUs with one page fit in 63 bits beside a pinner, and three beside six. */
export const cases: readonly Case[] = [
  vcpusPages([2, 1, 1], 3_041, 9_218),
  users(2, 8_087, 24_637),
  vcpusPages([2, 2, 1], 15_435, 50_328),
  vcpusPages([3, 1, 1], 42_272, 163_764),
  vcpusPages([3, 2, 0], 68_180, 224_524),
  users(3, 69_637, 261_763),
  vcpusPages([3, 2, 1], 335_024, 1_366_506),
  vcpusPages([3, 1, 3], 375_732, 1_957_242),
  folios([2, 2], 491_301, 1_629_260),
  vcpusPages([4, 1, 1], 540_567, 2_542_748),
  users(4, 595_407, 2_658_383),
  vcpusPages([3, 2, 2], 1_639_656, 7_980_134),
  vcpusPages([3, 1, 5], 3_358_804, 21_986_658),
  vcpusPages([4, 2, 1], 4_744_172, 23_157_883),
  users(5, 5_046_081, 26_080_055),
  vcpusPages([5, 1, 1], 6_590_024, 36_399_718),
  vcpusPages([3, 1, 6], 10_055_676, 72_544_748),
  vcpusPages([4, 1, 6], 129_971_197, 1_045_191_736),
]

/** The case of this name. */
export function caseOf(name: string): Case {
  const found = cases.find((each) => each.name === name)
  if (found === undefined) throw new Error(`there is no case ${name}`)
  return found
}

/** How much of everything: a first look, what is written down, and what takes its time. */
export type Extent = 'quick' | 'usual' | 'large'

/** Search time: cases grow until one takes as long. An engine that gets faster gets larger cases. */
export const SEARCH_SECONDS: Readonly<Record<Extent, number>> = { quick: 1, usual: 8, large: 60 }

/** Smaller cases are over before the engine has run warm. */
const STATES_MIN: Readonly<Record<EngineName, number>> = { reference: 0, compiled: 10_000 }

/** What an engine is measured with by itself, the smallest first. */
export const casesFor = (engine: EngineName): readonly Case[] =>
  cases.filter(({ states }) => states >= STATES_MIN[engine])

const RIVAL_CASES: Readonly<Record<EngineName, Readonly<Record<Extent, readonly string[]>>>> = {
  reference: {
    quick: ['users 2'],
    usual: ['users 2', 'vcpus-pages 2,2,1'],
    large: ['users 3', 'vcpus-pages 3,1,1'],
  },
  compiled: {
    quick: ['vcpus-pages 3,1,3', 'users 4'],
    usual: ['vcpus-pages 3,2,1', 'users 4', 'vcpus-pages 3,1,5'],
    large: ['users 5', 'vcpus-pages 5,1,1', 'vcpus-pages 3,1,6'],
  },
}

/** What an engine is compared with other tools with. */
export const rivalCases = (engine: EngineName, extent: Extent): readonly Case[] =>
  RIVAL_CASES[engine][extent].map(caseOf)
