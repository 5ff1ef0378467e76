const numbers = new WeakMap<object, number>()
let last = 0
/** A number for each node of a tree, the same whenever it is asked for: what a key is made of. */
export function numberOf(node: object): number {
  const known = numbers.get(node)
  if (known !== undefined) return known
  numbers.set(node, ++last)
  return last
}
