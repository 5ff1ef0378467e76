import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Case, rivalCases } from '../cases.js'
import type { EngineName } from '../engine-name.js'
import { type Search, search } from '../engines.js'
import { isInstalled, type Run } from '../measure.js'
import { rivals as tools } from '../rivals/all.js'
import { agreeing, type BuiltVerifier, type Rival, twinOf, type Verified } from '../rivals/rival.js'
import { median, pairedRatio, rounded } from '../statistics.js'
import type { Setting, Suite } from './suite.js'

/** CPU time is known to hundredths of a second: less of it than this makes no ratio. */
const CPU_SECONDS_MIN = 0.1

/** What the pairs of runs gave on each side. */
interface Pairs {
  readonly ours: Search[]
  readonly verified: Verified[]
}

/** The same transition system in other tools: equal counts or no figure. */
export const rivals: Suite = {
  name: 'rivals',
  about:
    'ours against theirs in paired runs of one thread; ratios of states/s, and of the time from the model to the verdict',
  async run(setting) {
    for (const rival of tools) {
      const missing = rival.commands.filter((command) => !isInstalled(command))
      if (missing.length > 0) {
        setting.say(`${rival.name}: not measured, not installed: ${missing.join(' ')}`)
        continue
      }
      for (const engine of setting.engines) {
        for (const each of rivalCases(engine, setting.extent)) {
          if (!existsSync(twinOf(rival.suffix, each)) || each.states > rival.statesMax) continue
          await compare(setting, rival, engine, each)
        }
      }
    }
  },
}

async function compare(
  { repeat, results, say }: Setting,
  rival: Rival,
  engine: EngineName,
  each: Case,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'gmemcheck-bench-'))
  try {
    const built = await rival.build(each, folder, rival.optimisation)
    const pairs: Pairs = { ours: [], verified: [] }
    for (let pair = 0; pair < repeat; pair++) {
      const ours = await search(engine, each)
      if (ours === null) return say(`${each.name}: too little memory for the ${engine} engine`)
      pairs.ours.push(ours)
      pairs.verified.push(agreeing(rival, each, await built.run()))
    }
    const common = { suite: 'rivals', case: each.name, runs: repeat }
    results.add({ ...common, of: rival.name, values: theirs(each, built, pairs) })
    results.add({ ...common, of: `${engine}/${rival.name}`, values: ratios(built, pairs) })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function theirs(each: Case, built: BuiltVerifier, { verified }: Pairs) {
  const seconds = median(verified.map(({ run }) => run.seconds))
  const peaks = verified.map(({ run }) => run.peakBytes ?? Number.NaN)
  const peak = median(peaks)
  return {
    states: each.states,
    generated: each.generated,
    buildSeconds: rounded(built.seconds),
    runSeconds: rounded(seconds),
    statesPerSecond: rounded(each.states / seconds),
    peakMiB: Number.isNaN(peak) ? null : rounded(peak / 2 ** 20),
  }
}

/** States/s of a search and of a whole process's CPU time; the time from the model to the verdict, builds included. */
function ratios(built: BuiltVerifier, { ours, verified }: Pairs) {
  const seconds = verified.map(({ run }) => run.seconds)
  const verdicts = seconds.map((each) => each + built.seconds)
  const cpu = ({ run }: { readonly run: Run }) =>
    (run.cpuSeconds ?? 0) < CPU_SECONDS_MIN ? Number.NaN : (run.cpuSeconds ?? 0)
  const cpuRatio = pairedRatio(verified.map(cpu), ours.map(cpu))
  return {
    statesPerSecondRatio: rounded(
      pairedRatio(
        seconds,
        ours.map((each) => each.searchSeconds),
      ),
    ),
    statesPerCpuSecondRatio: Number.isNaN(cpuRatio) ? null : rounded(cpuRatio),
    toVerdictRatio: rounded(
      pairedRatio(
        ours.map(({ run }) => run.seconds),
        verdicts,
      ),
    ),
  }
}
