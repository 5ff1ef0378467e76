import { rumur } from './rumur.js'
import { spin } from './spin.js'
import { tlc } from './tlc.js'
import type { Host, Tool, ToolName } from './tool.js'

/** The tools of these names that there are on the host, each with what it says of itself, and the names of the others. */
export async function installed(
  host: Host,
  names: readonly ToolName[],
  jar: string | null,
): Promise<{
  readonly found: readonly { readonly tool: Tool; readonly version: string }[]
  readonly missing: readonly ToolName[]
}> {
  const makers: Readonly<Record<ToolName, () => Tool>> = {
    spin: () => spin(host),
    rumur: () => rumur(host),
    tlc: () => tlc(host, jar),
  }
  const found: { readonly tool: Tool; readonly version: string }[] = []
  const missing: ToolName[] = []
  for (const name of names) {
    const tool = makers[name]()
    const version = await tool.version()
    if (version === null) missing.push(name)
    else found.push({ tool, version })
  }
  return { found, missing }
}
