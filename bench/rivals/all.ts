import { native } from './native.js'
import type { Rival } from './rival.js'
import { rumur } from './rumur.js'
import { spin } from './spin.js'

/** Everything we compare with. */
export const rivals: readonly Rival[] = [spin, rumur, native]
