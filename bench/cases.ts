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

interface Sizes {
  readonly statesMin: number
  readonly statesMax: number
  /** The sizes at which other tools are compared: large enough to run warm. */
  readonly rivals: readonly string[]
}

const SIZES: Readonly<Record<EngineName, Readonly<Record<Extent, Sizes>>>> = {
  reference: {
    quick: { statesMin: 0, statesMax: 10_000, rivals: ['users 2'] },
    usual: { statesMin: 0, statesMax: 20_000, rivals: ['users 2', 'vcpus-pages 2,2,1'] },
    large: { statesMin: 0, statesMax: 100_000, rivals: ['users 3', 'vcpus-pages 3,1,1'] },
  },
  compiled: {
    quick: {
      statesMin: 10_000,
      statesMax: 400_000,
      rivals: ['vcpus-pages 3,1,3', 'users 4'],
    },
    usual: {
      statesMin: 100_000,
      statesMax: 4_000_000,
      rivals: ['vcpus-pages 3,2,1', 'users 4', 'vcpus-pages 3,1,5'],
    },
    large: {
      statesMin: 1_000_000,
      statesMax: Number.POSITIVE_INFINITY,
      rivals: ['users 5', 'vcpus-pages 5,1,1', 'vcpus-pages 3,1,6'],
    },
  },
}

/** What an engine is measured with by itself. */
export function casesFor(engine: EngineName, extent: Extent): readonly Case[] {
  const { statesMin, statesMax } = SIZES[engine][extent]
  return cases.filter(({ states }) => states >= statesMin && states <= statesMax)
}

/** What an engine is compared with other tools with. */
export function rivalCases(engine: EngineName, extent: Extent): readonly Case[] {
  return SIZES[engine][extent].rivals.map(caseOf)
}
