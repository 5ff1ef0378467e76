/**
 * The benchmarks: `npm run bench -- [SUITE …] [--quick | --large] [--engine NAME,…] [--repeat N] [--no-append]`.
 * Prints a table for each suite and appends every figure, labelled with machine and commit, to `bench/results.jsonl`.
 */
import { parseArgs } from 'node:util'
import type { Extent } from './cases.js'
import { type EngineName, engineNames } from './engine-name.js'
import { enginesPresent } from './engines.js'
import { load, thisMachine } from './machine.js'
import { hasGnuTime } from './measure.js'
import { Results } from './results.js'
import { counterexamples } from './suites/counterexamples.js'
import { reductions } from './suites/reductions.js'
import { rivals } from './suites/rivals.js'
import { startup } from './suites/startup.js'
import type { Suite } from './suites/suite.js'
import { throughput } from './suites/throughput.js'
import { workers } from './suites/workers.js'
import { renderTable } from './table.js'

const SUITES: readonly Suite[] = [throughput, counterexamples, startup, workers, rivals, reductions]

const say = (text: string): void => void process.stderr.write(`${text}\n`)

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      large: { type: 'boolean', default: false },
      engine: { type: 'string', default: 'compiled' },
      repeat: { type: 'string', default: '3' },
      'no-append': { type: 'boolean', default: false },
    },
  })
  const suites = chosen('suite', positionals, SUITES, ({ name }) => name)
  const wanted = chosen('engine', values.engine.split(','), engineNames, (name) => name)
  const repeat = Number(values.repeat)
  if (!Number.isInteger(repeat) || repeat < 1) throw new Error('--repeat wants a number from 1')
  if (values.quick && values.large) throw new Error('--quick or --large, not both')
  const extent: Extent = values.quick ? 'quick' : values.large ? 'large' : 'usual'

  const machine = thisMachine()
  const engines = await presentOf(wanted)
  say(`${machine.cpu}, ${machine.cores} cores, node ${machine.node}, commit ${machine.commit}`)
  if (load() > machine.cores / 2) say(`load ${load()}: not an idle machine, trust the ratios only`)
  if (!hasGnuTime) say('no GNU time: no CPU time and no memory')

  const results = new Results(machine, !values['no-append'])
  for (const suite of suites) {
    const before = results.all.length
    try {
      await suite.run({ engines, extent, repeat, results, say })
    } finally {
      process.stdout.write(`\n${suite.name}: ${suite.about}\n`)
      process.stdout.write(renderTable(results.all.slice(before)))
    }
  }
}

async function presentOf(wanted: readonly EngineName[]): Promise<readonly EngineName[]> {
  const present = await enginesPresent()
  for (const name of wanted) if (!present.includes(name)) say(`this version has no ${name} engine`)
  return wanted.filter((name) => present.includes(name))
}

/** Those of all that are named; all of them if none is. */
function chosen<T>(
  what: string,
  names: readonly string[],
  all: readonly T[],
  nameOf: (each: T) => string,
): readonly T[] {
  if (names.length === 0) return all
  const unknown = names.find((name) => !all.some((each) => nameOf(each) === name))
  if (unknown !== undefined) {
    throw new Error(`no ${what} ${unknown}; there are ${all.map(nameOf).join(', ')}`)
  }
  return all.filter((each) => names.includes(nameOf(each)))
}

try {
  await main()
} catch (problem) {
  say(problem instanceof Error ? problem.message : String(problem))
  process.exitCode = 1
}
