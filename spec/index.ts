export { SourceText, type Position, type Sources } from './source/text.js'
export type { Span } from './source/span.js'
export type * from './system/expression.js'
export type * from './system/system.js'
export type * from './interpreter/outcome.js'
export type * from './interpreter/interpreter.js'
export * from './interpreter/state.js'
export { type Diagnostic, hasErrors } from './diagnostics/diagnostic.js'
export { INIT, objectOf, pointerTo, printValue, processName } from './interpreter/value.js'
export { interpreter } from './interpreter/interpreter.js'
export { isVisible, successors } from './system/visible.js'
export { definitions } from './system/slots.js'
export { lower } from './system/lower.js'
export { loadModel, type LoadedFiles, type ReadResult } from './analysis/load.js'
export { analyse } from './analysis/analyse.js'
export {
  type Choices,
  configure,
  describe,
  type Description,
  designRows,
  matchExpectation,
} from './analysis/configure.js'
export type { CheckedModel, Configuration, Constant, Expectation } from './analysis/model.js'
export { nearest } from './analysis/nearest.js'
export { kinds } from './analysis/kinds.js'
export { frame, type FrameStyle } from './diagnostics/frame.js'
export { parse } from './syntax/parse.js'
export { print } from './syntax/print.js'
export { dumpTree } from './syntax/dump.js'
export { dumpModel } from './analysis/dump.js'
export { dumpSystem } from './system/dump.js'
