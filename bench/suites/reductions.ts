import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { reductionNames, type VerdictDocument } from '../../checker/index.js'
import { type Case, caseOf, type Extent } from '../cases.js'
import { isInstalled, measure, type Run } from '../measure.js'
import { cliPath } from '../project.js'
import { twinOf } from '../rivals/rival.js'
import { buildReducedPan } from '../rivals/spin.js'
import { median, pairedRatio, rounded } from '../statistics.js'
import type { Setting, Suite } from './suite.js'

const CASES: Readonly<Record<Extent, readonly string[]>> = {
  quick: ['users 3', 'folios 2,2', 'vcpus-pages 3,1,1'],
  usual: ['users 4', 'folios 2,2', 'users 5', 'vcpus-pages 3,2,1', 'vcpus-pages 4,1,1'],
  large: ['users 5', 'vcpus-pages 3,1,5'],
}

/** What each reduction gives by itself and all together, and the whole way to a verdict against SPIN with its own. */
export const reductions: Suite = {
  name: 'reductions',
  about:
    'states without over states with each reduction; whole processes in pairs, all reductions against none',
  async run(setting) {
    for (const name of CASES[setting.extent]) {
      const each = caseOf(name)
      for (const reduction of [...reductionNames, 'all']) await reduce(setting, each, reduction)
      await againstSpin(setting, each)
    }
  },
}

interface Checked {
  readonly run: Run
  readonly states: number
  readonly searchSeconds: number
}

async function check(each: Case, reduction: string): Promise<Checked> {
  const params = Object.entries(each.params).flatMap(([name, value]) => [
    '--param',
    `${name}=${value}`,
  ])
  const options = ['--json', '--quiet', '--workers', '1', '--memory', '4G']
  const args = [cliPath, 'check', ...options, '--reduction', reduction, ...params, each.file]
  const run = await measure(process.execPath, args)
  if (run.status !== 0) throw new Error(`${each.name}: exit code ${run.status}\n${run.stderr}`)
  const { search }: VerdictDocument = JSON.parse(run.stdout)
  return { run, states: search.distinctStates, searchSeconds: search.seconds }
}

async function reduce({ repeat, results }: Setting, each: Case, reduction: string): Promise<void> {
  const fulls: Checked[] = []
  const reduced: Checked[] = []
  for (let pair = 0; pair < repeat; pair++) {
    reduced.push(await check(each, reduction))
    fulls.push(await check(each, 'none'))
  }
  const seconds = (all: readonly Checked[]) => all.map(({ run }) => run.seconds)
  const states = (reduced[0] as Checked).states
  results.add({
    suite: 'reductions',
    case: `${each.name}, ${reduction}`,
    of: 'compiled',
    runs: repeat,
    values: {
      states,
      fewerRatio: rounded(each.states / states),
      searchSeconds: rounded(median(reduced.map((one) => one.searchSeconds))),
      fullSeconds: rounded(median(fulls.map((one) => one.searchSeconds))),
      wholeRatio: rounded(pairedRatio(seconds(fulls), seconds(reduced))),
    },
  })
}

/** `spin -a`, `gcc` and `pan` with partial order reduction, against one command of ours. */
async function againstSpin({ repeat, results, say }: Setting, each: Case): Promise<void> {
  if (!existsSync(twinOf('.pml', each))) return
  if (!isInstalled('spin') || !isInstalled('gcc')) return say('SPIN is not installed')
  const ours: number[] = []
  const theirs: number[] = []
  let states = 0
  for (let pair = 0; pair < repeat; pair++) {
    ours.push((await check(each, 'all')).run.seconds)
    const folder = mkdtempSync(join(tmpdir(), 'gmemcheck-spin-'))
    try {
      const built = await buildReducedPan(each, folder)
      const verified = await built.run()
      states = verified.states
      theirs.push(built.seconds + verified.run.seconds)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
  results.add({
    suite: 'reductions',
    case: `${each.name}, all against spin with its own`,
    of: 'compiled',
    runs: repeat,
    values: {
      spinStates: states,
      spinSeconds: rounded(median(theirs)),
      wholeSeconds: rounded(median(ours)),
      wholeRatio: rounded(pairedRatio(theirs, ours)),
    },
  })
}
