// generated from pipelines/ by `npx sluice types`; do not edit
import type { Handler } from '../../../../../../../workers/core/handler.ts'
import type { ServiceOwner as ServiceOwner2 } from '../values/service-owner.ts'

/**
 * What it is given:
 * - pipelines/metrics.yaml, step "owner"
 */
export type ServiceOwnerInput = {
    service: string;
}

/** What it returns; caches hold it. */
export type ServiceOwnerOutput = ServiceOwner2 | null

/** The function in workers/handlers/service-owner.ts. */
export type ServiceOwner = Handler<ServiceOwnerInput, ServiceOwnerOutput>
