/**
 * The benchmarks: `npm run bench -- [--suite NAME,…] [--engine NAME,…] [--repeat N] [--no-append]`. Prints a table
 * for each suite and appends every figure, labelled with machine and commit, to `bench/results.jsonl`.
 */
import { parseArgs } from 'node:util'
import { type EngineName, engineNames } from './engine-name.js'
import { enginesPresent } from './engines.js'
import { load, thisMachine } from './machine.js'
import { hasGnuTime } from './measure.js'
import { Results } from './results.js'
import { counterexamples } from './suites/counterexamples.js'
import { rivals } from './suites/rivals.js'
import { startup } from './suites/startup.js'
import type { Suite } from './suites/suite.js'
import { throughput } from './suites/throughput.js'
import { workers } from './suites/workers.js'
import { renderTable } from './table.js'

const SUITES: readonly Suite[] = [throughput, counterexamples, startup, workers, rivals]

const say = (text: string): void => void process.stderr.write(`${text}\n`)

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      suite: { type: 'string' },
      engine: { type: 'string' },
      repeat: { type: 'string', default: '3' },
      'no-append': { type: 'boolean', default: false },
    },
  })
  const suites = chosen('suite', values.suite, SUITES, ({ name }) => name)
  const wanted = chosen('engine', values.engine, engineNames, (name) => name)
  const repeat = Number(values.repeat)
  if (!Number.isInteger(repeat) || repeat < 1) throw new Error('--repeat wants a number from 1')

  const machine = thisMachine()
  const engines = await presentOf(wanted)
  say(`${machine.cpu}, ${machine.cores} cores, node ${machine.node}, commit ${machine.commit}`)
  if (load() > machine.cores / 2) say(`load ${load()}: not an idle machine, trust the ratios only`)
  if (!hasGnuTime) say('no GNU time: no CPU time and no memory')

  const results = new Results(machine, !values['no-append'])
  for (const suite of suites) {
    const before = results.all.length
    try {
      await suite.run({ engines, repeat, results, say })
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

/** Those of all that a list of names, separated by commas, names; all of them without a list. */
function chosen<T>(
  what: string,
  list: string | undefined,
  all: readonly T[],
  nameOf: (each: T) => string,
): readonly T[] {
  if (list === undefined) return all
  const names = list.split(',')
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
