import pc from 'picocolors'
import type { FrameStyle } from '../../spec/index.js'

/** Where the command line speaks: results to `out`, everything about them to `err`. */
export interface Terminal {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  /** A progress line replaces the one before; else each is a plain line. */
  readonly redraws: boolean
  readonly progress: (text: string) => void
  readonly paint: Paint
}

/** Colours for a stream; plain text where there are none. */
export interface Paint {
  readonly good: (text: string) => string
  readonly bad: (text: string) => string
  readonly doubtful: (text: string) => string
  readonly faint: (text: string) => string
  readonly strong: (text: string) => string
  readonly frame: FrameStyle
}

/**
 * Colours are for people at a terminal who have not said no (NO_COLOR, --no-color), or who ask for them (FORCE_COLOR).
 * picocolors' own answer is also yes in every CI, where output goes to files and greps.
 */
export function wantsColor(asked: boolean): boolean {
  const { NO_COLOR, FORCE_COLOR } = process.env
  if (!asked || NO_COLOR) return false
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== '0'
  return process.stdout.isTTY === true && pc.isColorSupported
}

export function createPaint(color: boolean): Paint {
  const { bold, cyan, dim, green, red, yellow } = pc.createColors(color)
  const frame: FrameStyle = (kind, text) => {
    switch (kind) {
      case 'error':
      case 'primary':
        return red(text)
      case 'warning':
        return yellow(text)
      case 'message':
        return bold(text)
      case 'gutter':
        return dim(text)
      case 'secondary':
      case 'hint':
        return cyan(text)
    }
  }
  return { good: green, bad: red, doubtful: yellow, faint: dim, strong: bold, frame }
}

/** A reader that goes away (`| head`) is no error: what is left to say is dropped, the exit code stays. */
function quietWriter(stream: NodeJS.WriteStream): (text: string) => void {
  let closed = false
  stream.on('error', (problem: NodeJS.ErrnoException) => {
    closed = true
    if (problem.code !== 'EPIPE') process.exitCode = 70
  })
  return (text) => {
    if (!closed) stream.write(text)
  }
}

let writers: { readonly out: (text: string) => void; readonly err: (text: string) => void } | null =
  null

/** Of a terminal that does not say. */
const COLUMNS = 80

/** The terminal of this process. */
export function createTerminal(color: boolean): Terminal {
  writers ??= { out: quietWriter(process.stdout), err: quietWriter(process.stderr) }
  const { out, err } = writers
  const redraws = process.stderr.isTTY === true
  let pending = false
  const clear = (): void => {
    if (pending) err('\r\x1b[2K')
    pending = false
  }
  return {
    out: (text) => {
      clear()
      out(text)
    },
    err: (text) => {
      clear()
      err(text)
    },
    redraws,
    progress: (text) => {
      if (!redraws) return err(`${text}\n`)
      // A line that wraps could not be taken back.
      err(`\r\x1b[2K${text.slice(0, (process.stderr.columns || COLUMNS) - 1)}`)
      pending = true
    },
    paint: createPaint(color),
  }
}
