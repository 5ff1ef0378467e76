import type { Executed, Host, Scratch, ToolOptions, ToolResult } from './tool.js'

/** The commands that one run of a tool consists of, in one folder, within the time that all of them have together. */
export class Steps {
  readonly #host: Host
  readonly #scratch: Scratch
  readonly #options: ToolOptions
  seconds = 0

  constructor(host: Host, scratch: Scratch, options: ToolOptions) {
    this.#host = host
    this.#scratch = scratch
    this.#options = options
  }

  async take(command: string, args: readonly string[]): Promise<Executed> {
    const timeoutSeconds = Math.max(0.001, this.#options.timeoutSeconds - this.seconds)
    const executed = await this.#host.execute(command, args, {
      cwd: this.#scratch.path,
      timeoutSeconds,
    })
    this.seconds += executed.seconds
    return executed
  }

  /** What a step that did not end well comes to: the time was up, or else it is our mistake. */
  unfinished(what: string, { ended, stdout, stderr }: Executed): ToolResult {
    if (ended === 'missing') throw new Error(`${what} is not installed`)
    if (ended !== 'time') throw new Error(`${what} refuses what was exported\n${stdout}${stderr}`)
    return this.incomplete('time', stdout + stderr)
  }

  incomplete(limit: string, output: string): ToolResult {
    const nothing = { fault: null, states: null, depth: null, trace: null }
    return { verdict: 'incomplete', ...nothing, limit, output, seconds: this.seconds }
  }
}
