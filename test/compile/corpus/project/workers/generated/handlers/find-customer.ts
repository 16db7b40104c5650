// generated from pipelines/ by `npx sluice types`; do not edit
import type { Handler } from '../../../../../../../workers/core/handler.ts'
import type { Customer } from '../values/customer.ts'

/**
 * What it is given:
 * - pipelines/billing.yaml, step "customer"
 * - pipelines/returns.yaml, step "customer"
 */
export type FindCustomerInput = {
    id: string;
    country: string;
    email: string | null;
    company?: {
        name: string;
        vat_id: string;
    };
} | {
    id: string;
}

/** What it returns; caches hold it. */
export type FindCustomerOutput = Customer

/** The function in workers/handlers/find-customer.ts. */
export type FindCustomer = Handler<FindCustomerInput, FindCustomerOutput>
