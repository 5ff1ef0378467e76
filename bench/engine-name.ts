/** The engines by the names the command line knows. */
export const engineNames = ['reference', 'compiled'] as const
export type EngineName = (typeof engineNames)[number]
