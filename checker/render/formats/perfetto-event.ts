import type { Trace } from '../../trace/trace.js'

/** An event of Chrome's trace event format; times are microseconds, and a step takes one. */
export type TraceEvent = {
  readonly pid: number
  readonly tid: number
  readonly name: string
} & (
  | {
      readonly ph: 'X'
      readonly cat: string
      readonly ts: number
      readonly dur: number
      readonly args?: object
    }
  | { readonly ph: 'C'; readonly ts: number; readonly args: { readonly value: number } }
  | { readonly ph: 'i'; readonly ts: number; readonly s: 'g'; readonly args?: object }
  | { readonly ph: 'M'; readonly args: { readonly name: string } | { readonly sort_index: number } }
)

/** The groups of tracks: what runs, what is held, what is counted. */
export const RUNS = 1
export const HOLDS = 2
export const COUNTS = 3

/** What a process or a track is called. */
export const named = (
  what: 'process_name' | 'thread_name',
  pid: number,
  tid: number,
  name: string,
): TraceEvent[] => [{ ph: 'M', name: what, pid, tid, args: { name } }]

/** When what is still so at the end of the run ends in the picture: one step later, so that it can be seen. */
export const endOf = ({ steps, loop }: Trace): number => steps.length + loop.length + 1
