// generated from pipelines/ by `npx sluice types`; do not edit
import type { Handler } from '../../../../../../../workers/core/handler.ts'
import type { RateQuestion } from '../commands/rate-question.ts'
import type { ExchangeRate as ExchangeRate2 } from '../values/exchange-rate.ts'

/**
 * What it is given:
 * - pipelines/billing.yaml, step "rate"
 * - pipelines/rate-desk.yaml, step "rate"
 */
export type ExchangeRateInput = RateQuestion | {
    from: "GBP" | "USD";
    to: string;
}

/** What it returns; caches hold it. */
export type ExchangeRateOutput = ExchangeRate2

/** The function in workers/handlers/exchange-rate.ts. */
export type ExchangeRate = Handler<ExchangeRateInput, ExchangeRateOutput>
