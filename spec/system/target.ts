/** A jump target: placed once, jumped to from anywhere. Resolved to a location when the code is assembled. */
export interface Target {
  at: number | null
}

export const target = (): Target => ({ at: null })
