// generated from pipelines/ by `npx sluice types`; do not edit
import type { Handler } from '../../../../../../../workers/core/handler.ts'
import type { ReturnedItem } from '../events/return.ts'

/**
 * What it is given:
 * - pipelines/returns.yaml, step "risk"
 */
export type AssessReturnInput = {
    customer_id: string;
    since: string;
    items: ReturnedItem[];
    photos: number;
}

/** The function in workers/handlers/assess-return.ts. */
export type AssessReturn<Output> = Handler<AssessReturnInput, Output>
