import wabt from 'wabt'

/** WebAssembly as another implementation than the one that runs it reads it. */

const tools = await wabt()

/** What an emitted module may use besides the first version of WebAssembly. */
const features = { threads: true, bulk_memory: true, mutable_globals: true } as const

type Module = ReturnType<typeof tools.readWasm>

function read<Result>(bytes: Uint8Array, use: (module: Module) => Result): Result {
  const module = tools.readWasm(bytes, { ...features, readDebugNames: false })
  try {
    return use(module)
  } finally {
    module.destroy()
  }
}

/** Throws with what is wrong where a module is not valid. */
export function validate(bytes: Uint8Array): void {
  // It takes the features here as well; its types do not know.
  read(bytes, (module: { validate(allowed: object): void }) => module.validate(features))
}

/** The text of a module. */
export const textOf = (bytes: Uint8Array): string => read(bytes, (module) => module.toText({}))
