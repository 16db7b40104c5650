// generated from pipelines/ by `npx sluice types`; do not edit
import type { Handler } from '../../core/handler.ts'
import type { QueryRequest } from '../commands/query-request.ts'
import type { QueryResult } from '../values/query-result.ts'

/**
 * What it is given:
 * - pipelines/queries.yaml, step "result"
 */
export type RunQueryInput = QueryRequest

/** What it returns; caches hold it. */
export type RunQueryOutput = QueryResult

/** The function in workers/handlers/run-query.ts. */
export type RunQuery = Handler<RunQueryInput, RunQueryOutput>
