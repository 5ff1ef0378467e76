import { Dice } from '../../checker/search/dice.js'

/** Dice, and what is made by throwing them. */
export class Random extends Dice {
  chance(probability: number): boolean {
    return this.fraction() < probability
  }

  list<Item>(from: number, to: number, make: (index: number) => Item): Item[] {
    return Array.from({ length: this.integer(from, to) }, (_, index) => make(index))
  }

  some<Item>(items: readonly Item[], probability: number): Item[] {
    return items.filter(() => this.chance(probability))
  }
}
