import { meetsBounds, ONLY_BOUNDS, STATES_BEFORE_INIT } from '../promela/promela.js'
import { stepsPrinted } from '../read-back/spin.js'
import { Steps } from './steps.js'
import type { Executed, Exported, Host, Scratch, Tool, ToolOptions, ToolResult } from './tool.js'

/** States deep, at first; a search that would go deeper is done again with more. */
const DEPTH_MIN = 1_000_000

/** About what `pan` takes for each state of its stack. */
const BYTES_DEEP = 64

/** From this size of the text on, optimising what SPIN writes takes a compiler longer than most searches. */
const LARGE_TEXT = 20_000

const MEBIBYTE = 2 ** 20

/** SPIN: depth first, without its reductions, so that it stores what the program has. */
export const spin = (host: Host): Tool => ({
  name: 'spin',
  version: async () => {
    const { ended, stdout } = await host.execute('spin', ['-V'], { timeoutSeconds: 10 })
    const compiler = await host.execute('cc', ['--version'], { timeoutSeconds: 10 })
    const isThere = ended === 'itself' && compiler.ended === 'itself'
    return isThere ? (stdout.trim().split('\n')[0] ?? '') : null
  },
  run: async (exported, options) => {
    const scratch = await host.scratch(exported.files)
    try {
      return await new SpinRun(host, scratch, exported, options).run()
    } finally {
      await scratch.remove()
    }
  },
})

/** It cannot be told how many states to store: that is limited by the memory alone. */
class SpinRun {
  readonly #scratch: Scratch
  readonly #options: ToolOptions
  readonly #name: string
  readonly #text: string
  readonly #steps: Steps

  constructor(host: Host, scratch: Scratch, { files }: Exported, options: ToolOptions) {
    this.#steps = new Steps(host, scratch, options)
    const [file] = files
    if (file === undefined) throw new Error('there is nothing to run')
    this.#scratch = scratch
    this.#options = options
    this.#name = file.name
    this.#text = file.text
  }

  /** A bound that is met is of interest only where there is no violation. */
  async run(): Promise<ToolResult> {
    const { only } = this.#options
    const first = await this.#search(only)
    if (first.verdict !== 'holds' || !meetsBounds(this.#text)) return first
    const second = await this.#search(ONLY_BOUNDS)
    const output = first.output + second.output
    if (second.verdict === 'holds') return { ...first, output, seconds: this.#steps.seconds }
    const limit = second.fault === null ? second.limit : 'bound'
    return { ...second, output, verdict: 'incomplete', limit }
  }

  async #search(only: number | null): Promise<ToolResult> {
    const { memoryBytes, isSmall } = this.#options
    const define = only === null ? [] : [`-DONLY=${only}`]
    const generate = await this.#steps.take('spin', [...define, '-a', '-o2', this.#name])
    if (!isFine(generate)) return this.#steps.unfinished('spin', generate)
    const memory = `-DMEMLIM=${Math.max(1, Math.floor(memoryBytes / MEBIBYTE))}`
    const isPlain = isSmall || this.#text.length >= LARGE_TEXT
    const optimise = isPlain ? '-O0' : '-O1'
    const flags = [optimise, '-w', '-DSAFETY', '-DNOREDUCE', '-DNOFAIR', '-DVECTORSZ=32000', memory]
    const compile = await this.#steps.take('cc', [...flags, '-o', 'pan', 'pan.c'])
    if (!isFine(compile)) return this.#steps.unfinished('cc', compile)
    for (let depth = DEPTH_MIN; depth * BYTES_DEEP <= memoryBytes; depth *= 10) {
      const pan = await this.#steps.take(`${this.#scratch.path}/pan`, [
        '-E',
        '-n',
        '-w20',
        `-m${depth}`,
      ])
      const result = await this.#result(pan, define)
      if (result !== null) return { ...result, states: only === null ? result.states : null }
    }
    return this.#steps.incomplete('memory', 'the search goes deeper than the memory allows')
  }

  /** Null: the search did not go deep enough. */
  async #result(run: Executed, define: readonly string[]): Promise<ToolResult | null> {
    const output = run.stdout + run.stderr
    if (run.ended === 'time') return this.#steps.incomplete('time', output)
    const fault = faultIn(output)
    if (fault !== null) return await this.#violated(fault, output, define)
    if (/reached -DMEMLIM|out of memory/.test(output))
      return this.#steps.incomplete('memory', output)
    const stored = /(\d+) states, stored/.exec(output)?.[1]
    if (stored === undefined || !/errors: 0$/m.test(output)) {
      throw new Error(`what was exported ends without an answer (${run.ended})\n${output}`)
    }
    if (/max search depth too small/.test(output)) return null
    const states = Number(stored) - STATES_BEFORE_INIT
    const nothing = { fault: null, depth: null, limit: null, trace: null }
    return { verdict: 'holds', ...nothing, states, output, seconds: this.#steps.seconds }
  }

  async #violated(fault: number, output: string, define: readonly string[]): Promise<ToolResult> {
    const shown = await this.#steps.take('spin', [...define, '-t', '-T', '-B', this.#name])
    const isShown = shown.ended === 'itself'
    const trace = isShown ? shown.stdout : null
    const depth = isShown ? stepsPrinted(shown.stdout).length : null
    const said = { states: null, limit: null, output, seconds: this.#steps.seconds }
    return { ...said, verdict: 'violated', fault, depth, trace }
  }
}

const isFine = ({ ended, code }: Executed): boolean => ended === 'itself' && code === 0

/** The assertion that failed names the fault. Anything else that is wrong is wrong with what was exported. */
export function faultIn(output: string): number | null {
  const complaint = /^pan:\d+: (.*)$/m.exec(output)?.[1]
  if (complaint === undefined) return null
  const fault = /^assertion violated \W*fault\s*==\s*(\d+)/.exec(complaint)?.[1]
  if (fault === undefined) throw new Error(`SPIN finds fault with what was exported\n${output}`)
  return Number(fault)
}
