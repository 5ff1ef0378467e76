import { predefined } from '../analysis/builtins.js'

/** The bits of an allocation's flags that mean something here: include/linux/gfp_types.h. */
export const gfp = {
  /** Never fails. */
  noFail: predefined['__GFP_NOFAIL'] ?? 0,
  /** May sleep and run the shrinkers. */
  directReclaim: predefined['__GFP_DIRECT_RECLAIM'] ?? 0,
  /** What an `alloc` without flags has. */
  kernel: predefined['GFP_KERNEL'] ?? 0,
} as const
