/** Another model checker, and what the rest of the project knows of it. */

/** A row of a model in the language of another tool. */
export interface Exported {
  /** The first is what the tool is given; the others (a .cfg) lie beside it. */
  readonly files: readonly ExportedFile[]
  /** By kind: its number where the text can be told to report one kind only (Promela's `-DONLY`); else empty. */
  readonly kinds: ReadonlyMap<string, number>
}

export interface ExportedFile {
  /** Without a folder: `model.pml`, `Model.tla`, `Model.cfg`. */
  readonly name: string
  readonly text: string
}

/** A checker that runs outside, as a child process. */
export interface Tool {
  readonly name: ToolName
  /** What it says of itself, in one line; null where it is not installed. */
  version(): Promise<string | null>
  run(exported: Exported, options: ToolOptions): Promise<ToolResult>
}

export const toolNames = ['spin', 'rumur', 'tlc'] as const
export type ToolName = (typeof toolNames)[number]

export interface ToolOptions {
  /** One of `Exported.kinds`: faults of other kinds end their path silently. Null: all are reported. */
  readonly only: number | null
  /** Of all child processes together, the compiler among them. */
  readonly timeoutSeconds: number
  readonly memoryBytes: number
  /** More distinct states than this are not stored: the run is incomplete. */
  readonly maxStates: number
  /** There is so little to search that a compiler had better not optimise: it would take longer than it saves. */
  readonly isSmall: boolean
}

/** What a tool said. `null` is what it did not say. */
export interface ToolResult {
  readonly verdict: 'holds' | 'violated' | 'incomplete'
  /** Of `Program.faults`; a bound that was met is `incomplete` with its number. */
  readonly fault: number | null
  /** Distinct states, in our sense. */
  readonly states: number | null
  /** Transitions of ours from an initial state to the violation. */
  readonly depth: number | null
  /** Why it is incomplete: `time`, `memory`, `bound`, or what the tool complained of, in one line; else null. */
  readonly limit: string | null
  /** Everything it printed, for whoever has to look. */
  readonly output: string
  /** Its counterexample as it wrote it: what `read-back` reads. */
  readonly trace: string | null
  readonly seconds: number
}

/**
 * What a runner needs of the machine it runs on. The command line has the real one; a test has one that answers from
 * memory.
 */
export interface Host {
  /** Makes an empty folder for one run; `remove` when the run is over, also after a failure. */
  scratch(files: readonly ExportedFile[]): Promise<Scratch>
  execute(command: string, args: readonly string[], options: ExecuteOptions): Promise<Executed>
}

export interface Scratch {
  readonly path: string
  /** The text of a file in it; null where there is none. */
  read(name: string): Promise<string | null>
  remove(): Promise<void>
}

export interface ExecuteOptions {
  readonly cwd?: string
  readonly timeoutSeconds: number
}

/** A child process that has ended. */
export interface Executed {
  /** Null: a signal ended it, or it could not be started. */
  readonly code: number | null
  /** `missing`: there is no such program. `time`: it was ended because its time was over. */
  readonly ended: 'itself' | 'missing' | 'time' | 'signal'
  readonly stdout: string
  readonly stderr: string
  readonly seconds: number
}
