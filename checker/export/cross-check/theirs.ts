import type { Program } from '../program.js'
import type { Tool, ToolResult } from '../tools/tool.js'
import type { Theirs } from './compare.js'

/** What a tool said, in the words of the program it was given. */
export function theirsOf(program: Program, tool: Pick<Tool, 'name'>, result: ToolResult): Theirs {
  const { verdict, states, depth, limit, seconds } = result
  const said = { tool: tool.name, states, depth, seconds }
  const fault = result.fault === null ? null : faultOf(program, result.fault)
  if (verdict === 'violated' && fault === undefined) {
    const why = `it reports fault ${result.fault}, which the program does not have`
    return { ...said, verdict: 'incomplete', kind: null, standstill: false, limit: why }
  }
  const isBound = verdict === 'incomplete' && fault != null && fault.kind === null
  return {
    ...said,
    verdict,
    kind: verdict === 'violated' ? (fault?.kind ?? null) : null,
    standstill: fault != null && fault.number === program.rest.stuck.number,
    limit: isBound ? 'bound' : limit,
  }
}

const faultOf = ({ faults, rest }: Program, number: number) =>
  number === rest.stuck.number ? rest.stuck : faults.find((fault) => fault.number === number)
