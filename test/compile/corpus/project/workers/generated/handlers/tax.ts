// generated from pipelines/ by `npx sluice types`; do not edit
import type { Handler } from '../../../../../../../workers/core/handler.ts'

/**
 * What it is given:
 * - pipelines/billing.yaml, step "tax"
 */
export type TaxInput = {
    country: string;
    exempt: boolean;
    lines: {
        sku: string;
        net: number;
    }[];
}

/** The function in workers/handlers/tax.ts. */
export type Tax<Output> = Handler<TaxInput, Output>
