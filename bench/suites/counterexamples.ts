import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Reader, readModel } from '../../checker/index.js'
import { describe, designRows, matchExpectation } from '../../spec/index.js'
import type { EngineName } from '../engine-name.js'
import { measure, type Run } from '../measure.js'
import { cliPath, projectRoot } from '../project.js'
import { median, quantile, rounded } from '../statistics.js'
import type { Suite } from './suite.js'

/** A row of a model that has a counterexample. */
interface ViolatedRow {
  readonly file: string
  readonly design: readonly string[]
}

const LIMIT_SECONDS = 0.5
const VIOLATED = 1

/** A file without this declaration is a library. */
const MODEL = /^model\s/m

/** How many of the models with the longest times are named. */
const SLOWEST = 3

/** How long a person waits for the counterexample of a model of the corpus, process start included. */
export const counterexamples: Suite = {
  name: 'counterexamples',
  about: 'from process start to its end, first row of each model that expects a violation',
  async run({ engines, extent, repeat: often, results, say }) {
    const repeat = extent === 'quick' ? 1 : often
    const rows = violatedRows()
    for (const engine of engines) {
      const times: { file: string; seconds: number; cpuSeconds: number }[] = []
      for (const row of rows) {
        const runs: Run[] = []
        for (let run = 0; run < repeat; run++) runs.push(await check(engine, row))
        const wrong = runs.find(({ status }) => status !== VIOLATED)
        if (wrong !== undefined) {
          say(`${engine}, ${row.file}: exit code ${wrong.status}\n${wrong.stderr}`)
          continue
        }
        times.push({
          file: row.file,
          seconds: median(runs.map((run) => run.seconds)),
          cpuSeconds: median(runs.map((run) => run.cpuSeconds ?? Number.NaN)),
        })
      }
      const seconds = times.map((time) => time.seconds)
      const late = seconds.filter((value) => value > LIMIT_SECONDS).length
      const values = {
        models: rows.length,
        withoutModels: rows.length - times.length,
        medianSeconds: rounded(median(seconds)),
        p90Seconds: rounded(quantile(seconds, 0.9)),
        maxSeconds: rounded(Math.max(...seconds)),
        lateModels: late,
        medianCpuSeconds: known(median(times.map((time) => time.cpuSeconds))),
      }
      results.add({ suite: this.name, case: 'corpus', of: engine, runs: repeat, values })
      const slowest = times.sort((left, right) => right.seconds - left.seconds).slice(0, SLOWEST)
      for (const { file, seconds, cpuSeconds } of slowest) {
        const values = { medianSeconds: rounded(seconds), medianCpuSeconds: known(cpuSeconds) }
        results.add({ suite: this.name, case: file, of: engine, runs: repeat, values })
      }
    }
  },
}

const known = (value: number): number | null => (Number.isNaN(value) ? null : rounded(value))

/** The process that looks for a counterexample. */
async function check(engine: EngineName, { file, design }: ViolatedRow): Promise<Run> {
  const out = mkdtempSync(join(tmpdir(), 'gmemcheck-bench-'))
  try {
    const args = ['check', '--engine', engine, '--quiet', '--out', out, ...design, file]
    return await measure(process.execPath, [cliPath, ...args])
  } finally {
    rmSync(out, { recursive: true, force: true })
  }
}

function violatedRows(): readonly ViolatedRow[] {
  const files = readdirSync(`${projectRoot}models`, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.gmem') && !file.startsWith('scale/'))
    .sort()
    .map((file) => `models/${file}`)
    .filter((file) => MODEL.test(readFileSync(join(projectRoot, file), 'utf8')))
  return files.flatMap((file) => {
    const { model, diagnostics } = readModel(file, read)
    if (model === null) throw new Error(`${file}: ${diagnostics[0]?.message}`)
    const row = designRows(model).find(
      (each) => matchExpectation(model, each)?.verdict === 'violated',
    )
    if (row === undefined) return []
    const settings = Object.entries(describe(model, row).design)
    return [{ file, design: settings.flatMap(([name, value]) => ['--design', `${name}=${value}`]) }]
  })
}

const read: Reader = (path, from) => {
  const tried = [...(from === null ? [] : [join(dirname(from), path)]), path, `models/${path}`]
  for (const each of tried) {
    const whole = join(projectRoot, each)
    if (existsSync(whole)) return { kind: 'text', path: each, text: readFileSync(whole, 'utf8') }
  }
  return { kind: 'missing', tried }
}
