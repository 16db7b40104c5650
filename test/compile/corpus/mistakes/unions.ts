// Events of several kinds: fields of another kind, conditions that rule out nothing, kinds forgotten.
import { BILLING, METRICS, PREDICTIONS, RETURNS, seeded } from '../corpus.ts'

export const unions = seeded('unions', {
  [PREDICTIONS]: [
    {
      what: 'a field of the other kind of event',
      from: 'score: prediction.score, message: `score',
      to: 'score: event.data.accuracy, message: `score',
      line: 'event.data.accuracy',
      hint: /accuracy.*(model_training_completed|ModelTrainingCompleted|PredictionRequest)/s,
    },
    {
      what: 'the pipeline’s condition forgotten',
      from: "when: event.data.event_type === 'prediction_request'\n",
      to: '',
      line: "key: '[event.data.model_id, event.data.features]'",
      hint: /features.*event_type === 'prediction_request'/s,
    },
    {
      what: 'a kind of event that does not exist',
      from: "=== 'prediction_request'",
      to: "=== 'prediction_requested'",
      hint: /prediction_requested.*prediction_request/s,
    },
    {
      what: 'the condition turned round',
      from: "event.data.event_type === 'prediction_request'",
      to: "event.data.event_type !== 'prediction_request'",
      line: "key: '[event.data.model_id, event.data.features]'",
      hint: /features.*(event_type|prediction_request|PredictionRequest)/s,
    },
    {
      what: 'or instead of and',
      from: "event.data.event_type === 'prediction_request'",
      to: "event.data.event_type === 'prediction_request' || event.data.model_id !== ''",
      line: "key: '[event.data.model_id, event.data.features]'",
      hint: /features.*(event_type|prediction_request|PredictionRequest)/s,
    },
  ],
  [BILLING]: [
    {
      what: 'a field of paid orders in a pipeline of placed ones',
      from: 'gross: tax.gross, positions',
      to: 'gross: event.data.amount, positions',
      hint: /amount.*(OrderPaid|order_paid|OrderPlaced)/s,
    },
    {
      what: 'the pipeline turned to another kind of event',
      from: "event.data.event_type === 'order_placed'",
      to: "event.data.event_type === 'order_paid'",
      line: 'key: event.data.customer.id',
      hint: /customer.*(order_placed|OrderPlaced|OrderPaid)/s,
    },
    {
      what: 'a reason that only cancelled orders have',
      from: 'memo: event.data.note,',
      to: 'memo: event.data.reason,',
      hint: /reason.*(order_cancelled|OrderCancelled|OrderPlaced)/s,
    },
    {
      what: 'two kinds let in, and a field that one of them has not',
      from: "event.data.event_type === 'order_placed'",
      to: "event.data.event_type === 'order_placed' || event.data.event_type === 'order_paid'",
      line: 'key: event.data.customer.id',
      hint: /customer.*(order_placed|OrderPlaced|OrderPaid)/s,
    },
    {
      what: 'a condition on a field that has no such value',
      from: "when: event.data.event_type === 'order_placed'",
      to: "when: event.data.event_type === 'placed'",
      hint: /placed.*order_placed/s,
    },
  ],
  [METRICS]: [
    {
      what: 'a field of one kind without asking for the kind',
      from: "event.data.kind === 'gauge' ? event.data.unit ?? null : null",
      to: 'event.data.unit ?? null',
      hint: /unit.*(kind|gauge|Gauge)/s,
    },
    {
      what: 'a case missing: histograms have no value',
      from: ": event.data.kind === 'gauge' ? event.data.value\n            : event.data.count,",
      to: ': event.data.value,',
      hint: /value.*(kind|gauge|Gauge|Counter)/s,
    },
    {
      what: 'a misspelt kind in a ternary',
      from: "samples: event.data.kind === 'histogram' ?",
      to: "samples: event.data.kind === 'histogramm' ?",
      hint: /histogramm.*histogram/s,
    },
    {
      what: 'a kind in another case',
      from: "score: event.data.kind === 'gauge' ?",
      to: "score: event.data.kind === 'Gauge' ?",
      hint: /Gauge.*gauge/s,
    },
    {
      what: 'the first condition loosened, so that a field may be of another kind',
      from: "event.data.kind !== 'histogram' || event.data.buckets.length > 0",
      to: 'event.data.buckets.length > 0',
      hint: /buckets.*(kind|histogram|Histogram)/s,
    },
  ],
  [RETURNS]: [
    {
      what: 'a nested union without its condition',
      from: "event.data.resolution.type === 'refund' && (risk?.score ?? 0) < 0.5",
      to: '(risk?.score ?? 0) < 0.5',
      line: 'amount: event.data.resolution.amount',
      hint: /amount.*(type|refund|Refund)/s,
    },
    {
      what: 'a nested union’s value misspelt',
      from: "event.data.resolution.type === 'refund'",
      to: "event.data.resolution.type === 'refunds'",
      hint: /refunds.*refund/s,
    },
    {
      what: 'the other side of a nested union',
      from: 'amount: event.data.resolution.amount,',
      to: 'amount: event.data.resolution.quantity,',
      hint: /quantity.*(Refund|exchange|Exchange)/s,
    },
    {
      what: 'the discriminator compared as a whole',
      from: "event.data.resolution.type === 'refund'",
      to: "event.data.resolution === 'refund'",
      hint: /resolution.*(type|never|compar)/s,
    },
  ],
})
