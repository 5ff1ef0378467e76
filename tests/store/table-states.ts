/** State number n of some words: different in one word only, so that all words must be compared. */
export function stateNumber(number: number, stateWords: number): Uint32Array {
  const state = new Uint32Array(stateWords)
  state[number % stateWords] = Math.floor(number / stateWords) + 1
  return state
}
