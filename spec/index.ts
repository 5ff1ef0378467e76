export { analyse } from './analysis/analyse.js'
export {
  type Choices,
  configure,
  type Description,
  type DesignChoice,
  describe,
  designChoices,
  designRows,
  isChosen,
  matchExpectation,
} from './analysis/configure.js'
export { dumpModel } from './analysis/dump.js'
export { kinds } from './analysis/kinds.js'
export { type LoadedFiles, loadModel, type ReadResult, treeOf, withText } from './analysis/load.js'
export type {
  CheckedModel,
  Configuration,
  Constant,
  Expectation,
  Expression,
  Statement,
} from './analysis/model.js'
export { nearest } from './analysis/nearest.js'
export { type Predicate, predicateAt, withPart } from './analysis/predicate.js'
export {
  type LeftOut,
  type ScenarioPart,
  scenarioParts,
  withoutParts,
} from './analysis/scenario.js'
export { statementsIn, walkExpression } from './analysis/walk.js'
export { type Diagnostic, hasErrors } from './diagnostics/diagnostic.js'
export { type FrameStyle, frame } from './diagnostics/frame.js'
export type * from './interpreter/interpreter.js'
export { interpreter } from './interpreter/interpreter.js'
export { type LockPlace, lockPlaces } from './interpreter/locks.js'
export type { Acquisition, Exposure } from './interpreter/orders.js'
export type * from './interpreter/outcome.js'
export { type HeadPlace, headPlaces } from './interpreter/rcu.js'
export { allCodes, EXECUTED, WENT_OTHERWISE, WENT_THEN } from './interpreter/run.js'
export * from './interpreter/state.js'
export { INIT, objectOf, pointerTo, printValue, processName } from './interpreter/value.js'
export { mutated } from './mutation/apply.js'
export {
  type Mutation,
  type MutationKind,
  mutationKinds,
  mutationTitles,
} from './mutation/mutation.js'
export { mutationsOf } from './mutation/mutations.js'
export { isAbout, type Redundant, redundantIn } from './mutation/redundant.js'
export { type Span, sameSpan } from './source/span.js'
export { type Position, type Sources, SourceText } from './source/text.js'
export { dumpTree } from './syntax/dump.js'
export { parse } from './syntax/parse.js'
export { print } from './syntax/print.js'
export { restoreTree, storeTree } from './syntax/stored.js'
export { dumpSystem } from './system/dump.js'
export type * from './system/expression.js'
export { gfp } from './system/gfp.js'
export { lower } from './system/lower.js'
export { type Interval, intervalOf } from './system/ranges.js'
export { definitions, uses } from './system/slots.js'
export type * from './system/system.js'
export { isVisible, successors } from './system/visible.js'
