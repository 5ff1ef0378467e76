/** Far enough from each other to be told apart, and from the red of what is wrong; the order is that of the lanes. */
const HUES = [255, 60, 155, 320, 205, 105, 285, 180] as const

/** The colour of a process, as a variable of the style. Its lane says the same to those who see no colours. */
export const hueOf = (process: number | null): Readonly<Record<string, string>> =>
  process === null ? {} : { '--hue': String(HUES[process % HUES.length]) }
