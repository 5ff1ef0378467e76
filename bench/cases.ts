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

/** With one page a state of up to four vCPUs fits in 63 bits, with two it does not. */
export const cases: readonly Case[] = [
  vcpusPages([2, 1, 1], 3_041, 9_218),
  users(2, 8_087, 24_637),
  vcpusPages([2, 2, 1], 15_435, 50_328),
  vcpusPages([3, 1, 1], 42_272, 163_764),
  users(3, 69_637, 261_763),
  vcpusPages([3, 2, 1], 335_024, 1_366_506),
  vcpusPages([4, 1, 1], 540_567, 2_542_748),
  users(4, 595_407, 2_658_383),
  vcpusPages([4, 1, 2], 1_615_805, 8_678_800),
  vcpusPages([3, 2, 2], 1_639_656, 7_980_134),
  vcpusPages([4, 2, 1], 4_744_172, 23_157_883),
  users(5, 5_046_081, 26_080_055),
  vcpusPages([5, 1, 1], 6_590_024, 36_399_718),
]

/** How many states an engine explores in about ten seconds: larger cases are left out unless asked for. */
const STATES_MAX: Readonly<Record<EngineName, number>> = { reference: 20_000, compiled: 2_000_000 }

/** Smaller ones are over before the engine has run warm. */
const STATES_MIN: Readonly<Record<EngineName, number>> = { reference: 0, compiled: 10_000 }

export function casesFor(engine: EngineName): readonly Case[] {
  return cases.filter(({ states }) => states >= STATES_MIN[engine] && states <= STATES_MAX[engine])
}

/** The sizes at which an engine is compared with other tools: large enough for it, not too large. */
export const rivalCases: Readonly<Record<EngineName, readonly string[]>> = {
  reference: ['users 2', 'vcpus-pages 2,2,1', 'vcpus-pages 3,1,1'],
  compiled: ['vcpus-pages 3,2,1', 'users 4', 'vcpus-pages 4,1,2'],
}
