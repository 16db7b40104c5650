// generated from pipelines/fleet.yaml by `npx sluice types`; do not edit
import type { Alert } from './commands/alert.ts'
import type { AuditEntry } from './commands/audit-entry.ts'
import type { Invoice } from './commands/invoice.ts'
import type { Notification } from './commands/notification.ts'
import type { RateQuestion } from './commands/rate-question.ts'
import type { RefundOrder } from './commands/refund.ts'
import type { CustomerChanged } from './events/customer.ts'
import type { InvoiceIssued } from './events/invoice-issued.ts'
import type { EnrichedMetric } from './events/metric-enriched.ts'
import type { Metric } from './events/metric.ts'
import type { MlEvent } from './events/ml-event.ts'
import type { OrderEvent } from './events/order.ts'
import type { PredictionResult } from './events/prediction-result.ts'
import type { ReturnDecided } from './events/return-decided.ts'
import type { ReturnRequested } from './events/return.ts'
import type { Customer } from './values/customer.ts'
import type { ExchangeRate } from './values/exchange-rate.ts'
import type { Prediction } from './values/prediction.ts'
import type { ServiceOwner } from './values/service-owner.ts'

/** What travels in this fleet, for clients: `openFleet<Fleet>()`. */
export interface Fleet {
  /** Events on topics. */
  topics: {
    customers: CustomerChanged
    invoices: InvoiceIssued
    metrics: Metric
    metrics_enriched: EnrichedMetric
    ml_events: MlEvent
    orders: OrderEvent
    prediction_results: PredictionResult
    return_decisions: ReturnDecided
    returns: ReturnRequested
  }
  /** To queues and exchanges. */
  commands: {
    alerts: Alert
    audit: AuditEntry
    audit_log: AuditEntry
    billing: Invoice
    mails: Notification
    notifications: Notification
    refunds: RefundOrder
    texts: Notification
  }
  /** Over queues that are answered. */
  requests: {
    rate_desk: { question: RateQuestion; answer: ExchangeRate }
  }
  /** Queues of jobs. */
  jobs: {
    archives: AuditEntry
  }
  /** The values of stores. */
  stores: {
    invoices_by_order: InvoiceIssued
  }
  /** The values of caches. */
  caches: {
    customers: Customer
    owners: ServiceOwner | null
    predictions: Prediction
    rates: ExchangeRate
  }
}
