import { deadlockOf, RUMUR_OPTIONS, RUMUR_ORBITS } from '../murphi/murphi.js'
import { rulesOf, stepsOf } from '../read-back/rumur.js'
import { Steps } from './steps.js'
import type { Executed, Exported, Host, Scratch, Tool, ToolOptions, ToolResult } from './tool.js'

/**
 * Where the first thing it meets is a bound, it is told to go on. It then reports each place at which a bound is met, so
 * there has to be an end.
 */
const ERRORS_MAX = 1000

/** Rumur: breadth first, one thread, so that the first violation is a nearest one. */
export const rumur = (host: Host): Tool => ({
  name: 'rumur',
  version: async () => {
    const { ended, stdout } = await host.execute('rumur', ['--version'], { timeoutSeconds: 10 })
    const compiler = await host.execute('cc', ['--version'], { timeoutSeconds: 10 })
    const isThere = ended === 'itself' && compiler.ended === 'itself'
    return isThere ? (stdout.split('\n')[0] ?? '') : null
  },
  run: async (exported, options) => {
    const scratch = await host.scratch(exported.files)
    try {
      const run = new RumurRun(host, scratch, exported, options)
      const first = await run.search(1)
      return first.limit === 'bound' ? await run.search(ERRORS_MAX) : first
    } finally {
      await scratch.remove()
    }
  },
})

/** Rumur says how many states it has at most; ours has them all in memory, so that is the limit it gets. */
class RumurRun {
  readonly #scratch: Scratch
  readonly #exported: Exported
  readonly #options: ToolOptions
  readonly #steps: Steps

  constructor(host: Host, scratch: Scratch, exported: Exported, options: ToolOptions) {
    this.#steps = new Steps(host, scratch, options)
    this.#scratch = scratch
    this.#exported = exported
    this.#options = options
  }

  async search(errorsMax: number): Promise<ToolResult> {
    const [file] = this.#exported.files
    if (file === undefined) throw new Error('there is nothing to run')
    const generate = await this.#steps.take('rumur', [
      ...[
        '--threads',
        '1',
        '--output-format',
        'machine-readable',
        ...RUMUR_OPTIONS,
        ...RUMUR_ORBITS,
      ],
      ...['--max-errors', String(errorsMax), '--output', 'model.c', file.name],
    ])
    if (!isFine(generate)) return this.#steps.unfinished('rumur', generate)
    const wide = process.arch === 'x64' ? ['-mcx16'] : []
    const optimise = this.#options.isSmall ? '-O0' : '-O1'
    const flags = ['-std=c11', '-w', optimise, ...wide, '-o', 'model', 'model.c', '-lpthread']
    const compile = await this.#steps.take('cc', flags)
    if (!isFine(compile)) return this.#steps.unfinished('cc', compile)
    const program = `${this.#scratch.path}/model`
    const limit = `--as=${this.#options.memoryBytes}`
    const bounded = await this.#steps.take('prlimit', [limit, program])
    const run = bounded.ended === 'missing' ? await this.#steps.take(program, []) : bounded
    return this.#result(run, deadlockOf(file.text), errorsMax)
  }

  #result(run: Executed, deadlock: number, errorsMax: number): ToolResult {
    const output = run.stdout + run.stderr
    if (run.ended === 'time') return this.#steps.incomplete('time', output)
    const summary = /<summary states="(\d+)".* errors="(\d+)"/.exec(run.stdout)
    if (summary === null) {
      if (/memory|allocat/i.test(run.stderr)) return this.#steps.incomplete('memory', output)
      throw new Error(`what was exported ends without an answer (${run.ended})\n${output}`)
    }
    const said = { output, seconds: this.#steps.seconds }
    const reports = reportsOf(run.stdout, deadlock)
    const found = reports.find(({ isBound }) => !isBound)
    const [met] = reports
    if (found !== undefined) {
      const { fault, depth, trace } = found
      return { ...said, verdict: 'violated', fault, states: null, depth, limit: null, trace }
    }
    if (met !== undefined) {
      const { fault, depth, trace } = met
      const limit = errorsMax === 1 || reports.length < errorsMax ? 'bound' : 'bounds without end'
      return { ...said, verdict: 'incomplete', fault, states: null, depth, limit, trace }
    }
    const states = Number(summary[1])
    const nothing = { fault: null, depth: null, limit: null, trace: null }
    return { ...said, verdict: 'holds', ...nothing, states }
  }
}

const isFine = ({ ended, code }: Executed): boolean => ended === 'itself' && code === 0

interface Report {
  readonly fault: number
  readonly isBound: boolean
  readonly depth: number
  readonly trace: string
}

/** The errors of a run, in the order in which they were found. */
export function reportsOf(output: string, deadlock: number): readonly Report[] {
  const reports: Report[] = []
  const left = new Set<string>()
  for (const [trace] of output.matchAll(/<error .*?<\/error>/gs)) {
    const message = /<message>(.*?)<\/message>/s.exec(trace)?.[1] ?? ''
    const [, number, kind] = /^(\d+) ([\w-]+):/.exec(message) ?? []
    const rules = rulesOf(trace)
    const isStuck = message === 'deadlock'
    if ((number === undefined && !isStuck) || rules === null) {
      throw new Error(`Rumur finds fault with what was exported: ${message}\n${trace}`)
    }
    const path = trace.match(/<transition>.*/g) ?? []
    // Where every rule reports an error, Rumur, told to go on, takes it that there was none.
    if (isStuck && left.has(path.join())) continue
    left.add(path.slice(0, -1).join())
    const fault = isStuck ? deadlock : Number(number)
    reports.push({ fault, isBound: kind === 'bound', depth: stepsOf(rules), trace })
  }
  return reports
}
