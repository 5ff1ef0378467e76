/** The machine as a library: models in, verdicts and replayed counterexamples out. Nothing here prints or exits. */

export { type Desk, openDesk } from './debugger/desk.js'
export { completions, obey } from './debugger/obey.js'
export { annotationsOf } from './design/annotations.js'
export { type Audit, auditRow } from './design/audit.js'
export { type CheckOptions, type CheckReport, check } from './design/check.js'
export { compareModels, type Revision } from './design/compare-models.js'
export { costsOf } from './design/costs.js'
export { type CoveredModel, coverageOf, type FileCoverage } from './design/coverage.js'
export {
  type CrossCheck,
  crossCheckRow,
  targetOfTool,
} from './design/cross-check-row.js'
export { drifted, driftText, type KernelTree } from './design/drift.js'
export { expectationText, type Judgement, judge } from './design/expectation.js'

export { findingOf, findingOfReplay } from './design/formats.js'
export { grouping } from './design/grouped.js'
export { type LargerSizes, largerSizesOf } from './design/larger.js'
export { matrixCells, matrixRows } from './design/matrix.js'
export {
  type Reader,
  type ReadModel,
  readerOf,
  readerOfTexts,
  readModel,
} from './design/model.js'
export { headEntry } from './design/model-head.js'
export type { MutantOutcome } from './design/mutant.js'
export { judgeMutants } from './design/mutate.js'
export {
  type PlannedMutation,
  planMutations,
  type TestedModel,
  uncoveredBy,
} from './design/mutation-plan.js'
export { type MutationReport, reportMutations } from './design/mutation-report.js'
export {
  mutationsDocument,
  mutationsSummary,
  mutationText,
  staleText,
} from './design/mutation-text.js'
export { pageOfReport, pageOfTrace } from './design/page.js'
export {
  type Evidence,
  evidenceOf,
  numbered,
  prepareRow,
  type Row,
  type RowReport,
  reportRow,
  tokenOf,
} from './design/row.js'
export type { FileExercise } from './design/row-coverage.js'
export { scaffoldOf, templateTitle } from './design/scaffold.js'
export { exploreRowWithPauses, type RowSearch, withPauses } from './design/search-row.js'
export { rowFileName, rowName, settingsChoices, tokenChoices } from './design/settings.js'
export { type Shrunk, shrinking } from './design/shrink.js'
export { type TestedSizes, tableModelOf } from './design/table-model.js'
export type { TestedRow } from './design/test-row.js'
export { testRows } from './design/test-rows.js'
export type { TestModel, TestTask, TestWorkerData } from './design/test-worker.js'
export { type DiagramFormat, diagramFormats, drawDiagram } from './diagram/diagram.js'
export type { Unknown } from './diagram/places.js'
export {
  allCovers,
  conditionCovers,
  type Observed,
  observedTexts,
  projectionOf,
} from './diagram/projection.js'
export { type Quotient, quotientOf } from './diagram/quotient.js'
export { chooseEngine, defaultEngine, type EngineName, engineNames } from './engine/choose.js'
export { dumpLayout } from './engine/dump-layout.js'
export type { Engine, PackedState, Step, Trail, Transition } from './engine/engine.js'
export { layoutOf } from './engine/layout.js'
export { dumpModule } from './engine/wasm/dump-module.js'
export { crossCheckDocument, crossCheckFormat } from './export/cross-check/document.js'
export {
  type CrossCheckedRow,
  countsOf,
  statusOf,
  type ToolRow,
  wasCutShort,
} from './export/cross-check/report.js'
export { summaryText, tableOf } from './export/cross-check/table.js'
export { exportSystem, type Target, targets, type Written } from './export/export.js'
export { type Litmus, litmusOf } from './export/litmus/litmus.js'
export type { Program, Refusal } from './export/program.js'
export { type Followed, follow } from './export/read-back/follow.js'
export { type ForeignName, foreignNames, readForeign } from './export/read-back/foreign.js'
export { selftestOf } from './export/selftest/selftest.js'
export { installed } from './export/tools/installed.js'
export {
  type Executed,
  type ExportedFile,
  type Host,
  type Tool,
  type ToolName,
  type ToolResult,
  toolNames,
} from './export/tools/tool.js'
export type { PageDocument } from './page/document.js'
export { pageHtml } from './page/html.js'
export type { Violation } from './property/violation.js'
export { type GuardedPlace, lockMap } from './reduction/lock-map.js'
export { type ReductionName, reductionNames } from './reduction/reduce.js'
export { renderAudit } from './render/audit.js'
export { type ColumnsOptions, renderColumns } from './render/columns.js'
export { corpusTable } from './render/corpus-table.js'
export { renderCoverage } from './render/coverage.js'
export {
  differenceCounts,
  differenceFormat,
  type ModelDifference,
  renderDifference,
} from './render/difference.js'
export type { Finding } from './render/formats/finding.js'
export {
  type FormatFile,
  type FormatName,
  formatNames,
  formatsAbout,
  verdictFormats,
  writeFormat,
} from './render/formats/formats.js'
export {
  type Settings,
  type VerdictDocument,
  type ViolationDocument,
  verdictDocument,
  verdictFormat,
} from './render/json.js'
export { type JunitSuite, junit } from './render/junit.js'
export { ktap, type TestPoint } from './render/ktap.js'
export { renderLockMap } from './render/lock-map.js'
export {
  matrixCsv,
  matrixDocument,
  matrixSummary,
  matrixTable,
} from './render/matrix.js'
export type { Matrix } from './render/matrix-row.js'
export { type Pace, renderProgress } from './render/progress.js'
export { renderCause, renderSummary, renderVerdictLine, verdictText } from './render/summary.js'
export { renderFine } from './render/text.js'
export { explore, exploreWithPauses } from './search/explore.js'
export {
  defaultSearchOptions,
  type OptionRow,
  type SearchOptions,
  type StopReason,
  searchOptionTable,
} from './search/options.js'
export { WorkerDied } from './search/pool.js'
export { type Simulation, simulating } from './search/simulate.js'
export type { Progress } from './search/statistics.js'
export { type LevelTrend, levelTrend } from './search/trend.js'
export type { Limit, SearchResult, SearchStatistics } from './search/verdict.js'
export {
  readTraceFile,
  type TraceFile,
  traceFile,
  traceFormat,
  trailOf,
  writeTraceFile,
} from './trace/format.js'
export { modelHash } from './trace/model-hash.js'
export { orderKind } from './trace/order-end.js'
export { type Expected, expectedOf, type Replayed, replay } from './trace/replay.js'
export type { Change, SourcePlace, Trace, TraceStep } from './trace/trace.js'
export { readToken, type Token, tokenFits, writeToken } from './trace/trail.js'
