import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Executed, Host } from '../index.js'

/** Longer output is cut in the middle of nothing a reader looks for: a tool that prints more is going wild. */
const OUTPUT_MAX = 64 * 2 ** 20

/** This machine, for the checkers that run as child processes. All of them end when `stop` is called. */
export interface ChildHost extends Host {
  stop(): void
}

/** Each child has a process group of its own, so that what it starts ends with it. */
export function childHost(): ChildHost {
  const running = new Set<number>()
  const kill = (pid: number): void => {
    try {
      process.kill(-pid, 'SIGKILL')
    } catch {
      // It has ended by itself meanwhile.
    }
  }
  return {
    stop: () => {
      for (const pid of running) kill(pid)
    },
    scratch: async (files) => {
      const path = await mkdtemp(join(tmpdir(), 'gmemcheck-'))
      const remove = () => rm(path, { recursive: true, force: true })
      try {
        for (const { name, text } of files) await writeFile(join(path, name), text)
      } catch (problem) {
        await remove()
        throw problem
      }
      const read = async (name: string): Promise<string | null> => {
        try {
          return await readFile(join(path, name), 'utf8')
        } catch {
          return null
        }
      }
      return { path, read, remove }
    },
    execute: (command, args, { cwd, timeoutSeconds }) =>
      new Promise((resolve) => {
        const begin = performance.now()
        const output = { stdout: '', stderr: '' }
        let ended: Executed['ended'] | null = null
        const child = spawn(command, args, {
          detached: true,
          stdio: ['ignore', 'pipe', 'pipe'],
          ...(cwd === undefined ? {} : { cwd }),
        })
        const { pid } = child
        if (pid !== undefined) running.add(pid)
        const timer = setTimeout(
          () => {
            ended = 'time'
            if (pid !== undefined) kill(pid)
          },
          Math.min(timeoutSeconds * 1000, 2 ** 31 - 1),
        )
        const finish = (code: number | null, how: Executed['ended']): void => {
          clearTimeout(timer)
          if (pid !== undefined) running.delete(pid)
          const seconds = (performance.now() - begin) / 1000
          resolve({ code, ended: ended ?? how, ...output, seconds })
        }
        for (const name of ['stdout', 'stderr'] as const) {
          child[name].setEncoding('utf8').on('data', (chunk: string) => {
            if (output[name].length < OUTPUT_MAX) output[name] += chunk
          })
        }
        child.once('error', () => finish(null, 'missing'))
        child.once('close', (code) => finish(code, code === null ? 'signal' : 'itself'))
      }),
  }
}
