import { createInterface } from 'node:readline'
import { completions, type Desk, obey } from '../../index.js'
import { UsageError } from '../exit.js'
import { writeWhole } from '../files.js'
import type { Terminal } from '../terminal.js'
import { paintColumns } from '../voice.js'

/**
 * Obeys lines from standard input until it ends or one says to quit. At a terminal with a prompt, completion and a history;
 * else only the answers are said.
 */
export function replayInteractive(terminal: Terminal, begin: Desk): Promise<void> {
  let desk = begin
  const { stdin, stdout } = process
  const isTerminal = stdin.isTTY === true && stdout.isTTY === true
  const lines = createInterface({
    input: stdin,
    terminal: isTerminal,
    ...(isTerminal ? { output: stdout, completer: (line: string) => completions(desk, line) } : {}),
  })
  const ask = (): void => {
    if (!isTerminal) return
    lines.setPrompt(`(${desk.at}/${desk.schedule.steps.length}) `)
    lines.prompt()
  }
  return new Promise((resolve, reject) => {
    let isClosed = false
    lines.on('line', (line) => {
      // Lines that were read already still come after a close.
      if (isClosed) return
      try {
        const reply = obey(desk, line)
        desk = reply.desk
        const text = written(reply.file) ?? reply.text
        if (text !== '') terminal.out(`${paintColumns(terminal, text)}\n`)
        if (reply.quits) lines.close()
        else ask()
      } catch (problem) {
        reject(problem)
        lines.close()
      }
    })
    const leave = (): void => lines.close()
    // From the terminal it comes by way of readline, from elsewhere as a signal.
    lines.on('SIGINT', leave)
    process.once('SIGINT', leave)
    lines.on('close', () => {
      if (isTerminal && !isClosed) terminal.out('\n')
      isClosed = true
      process.off('SIGINT', leave)
      resolve()
    })
    ask()
  })
}

/** Writes what is to be written; why it could not be, else null. */
function written(
  file: { readonly path: string; readonly text: string } | undefined,
): string | null {
  if (file === undefined) return null
  try {
    writeWhole(file.path, file.text)
    return null
  } catch (problem) {
    if (!(problem instanceof UsageError)) throw problem
    return problem.message
  }
}
