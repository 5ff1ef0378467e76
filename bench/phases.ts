/**
 * What happens before a search can begin, each phase timed in a process of its own that has not run any of it before:
 * `node build/bench/phases.js MODEL` prints the milliseconds as JSON.
 */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const started = performance.now()
const { prepareRow, readModel } = await import('../checker/index.js')
const { configure } = await import('../spec/index.js')
const imported = performance.now()

const [, , file = ''] = process.argv
const { model } = readModel(file, (path, from) => {
  const tried = [...(from === null ? [] : [join(dirname(from), path)]), path, join('models', path)]
  const found = tried.find((each) => existsSync(each))
  if (found === undefined) return { kind: 'missing', tried }
  return { kind: 'text', path: found, text: readFileSync(found, 'utf8') }
})
const analysed = performance.now()
const configuration = model && configure(model, {}).result
const row = model && configuration && prepareRow(model, configuration).row
if (!row) throw new Error(`${file} cannot be read`)
const lowered = performance.now()

const usage = process.cpuUsage()
const phases = {
  nodeMs: started,
  importMs: imported - started,
  analyseMs: analysed - imported,
  lowerMs: lowered - analysed,
  totalMs: lowered,
  totalCpuMs: (usage.user + usage.system) / 1000,
}
process.stdout.write(`${JSON.stringify(phases)}\n`)
