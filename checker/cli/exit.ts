/** What a process says with its exit code; other tools rely on these numbers. */
export const EXIT = {
  ok: 0,
  violated: 1,
  wrong: 2,
  incomplete: 3,
  internal: 70,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

const PRECEDENCE: readonly ExitCode[] = [70, 2, 1, 3, 0]

/** The code of several models or rows: 70 before 2 before 1 before 3 before 0. */
export function worst(codes: readonly ExitCode[]): ExitCode {
  return PRECEDENCE.find((code) => codes.includes(code)) ?? EXIT.ok
}

/** The command line is wrong: said on stderr, exit code 2. */
export class UsageError extends Error {
  readonly hint: string | null

  constructor(message: string, hint: string | null = null) {
    super(message)
    this.name = 'UsageError'
    this.hint = hint
  }
}
