import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The project's folder, seen from where this file is compiled to. */
export const projectRoot = fileURLToPath(new URL('../../../', import.meta.url))

/** How a process ended and all it wrote. `status` is null exactly when `signal` is not. */
export interface Finished {
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface SpawnOptions {
  /** The project's folder unless given. */
  readonly cwd?: string
  /** What the process reads; without it standard input is empty and closed. */
  readonly stdin?: string | Uint8Array
  /** Seconds after which the process is killed and the promise rejects; 120 unless given. */
  readonly timeout?: number
  /** Added to the environment; `undefined` removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Sends a signal once, as soon as the output so far matches: no test needs a clock. */
  readonly interrupt?: { readonly when: RegExp; readonly signal?: NodeJS.Signals }
}

/** Runs the real command line, `node bin/gmemcheck.js ...`, to its end. */
export function gmemcheck(args: readonly string[], options: SpawnOptions = {}): Promise<Finished> {
  return runNode([`${projectRoot}bin/gmemcheck.js`, ...args], options)
}

/** Runs this Node with the given arguments to its end. */
export function runNode(args: readonly string[], options: SpawnOptions = {}): Promise<Finished> {
  const seconds = options.timeout ?? 120
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: options.cwd ?? projectRoot,
      env: environment(options.env),
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    const output = collect(child, options.interrupt)
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new Error(`still running after ${seconds} s: ${args.join(' ')}\n${output.stderr}`))
    }, seconds * 1000)
    child.once('error', (error) => {
      clearTimeout(timer)
      reject(error)
    })
    child.once('close', (status, signal) => {
      clearTimeout(timer)
      resolve({ status, signal, ...output })
    })
    // A process may end without reading its input; what it says about that is in its output.
    child.stdin.on('error', () => {})
    child.stdin.end(options.stdin ?? '')
  })
}

/** Colour settings of the person who runs the tests must not reach the process. */
function environment(added: SpawnOptions['env'] = {}): NodeJS.ProcessEnv {
  const { FORCE_COLOR: _force, NO_COLOR: _no, ...rest } = process.env
  return { ...rest, ...added }
}

function collect(child: ChildProcess, interrupt: SpawnOptions['interrupt']) {
  const output = { stdout: '', stderr: '' }
  let sent = false
  const watch = (name: 'stdout' | 'stderr') => {
    child[name]?.setEncoding('utf8').on('data', (chunk: string) => {
      output[name] += chunk
      if (sent || interrupt === undefined || !interrupt.when.test(output[name])) return
      sent = true
      child.kill(interrupt.signal ?? 'SIGINT')
    })
  }
  watch('stdout')
  watch('stderr')
  return output
}
