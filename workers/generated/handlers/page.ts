// generated from pipelines/ by `npx sluice types`; do not edit
import type { Handler } from '../../core/handler.ts'
import type { Alert } from '../commands/alert.ts'

/**
 * What it is given:
 * - pipelines/paging.yaml, step "page"
 */
export type PageInput = Alert

/** The function in workers/handlers/page.ts. */
export type Page<Output> = Handler<PageInput, Output>
