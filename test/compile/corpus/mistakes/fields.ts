// Fields that are not there: misspelt, of another level, of another step, of the envelope.
import { BILLING, METRICS, NOTIFICATIONS, PREDICTIONS, RETURNS, seeded } from '../corpus.ts'

export const fields = seeded('fields', {
  [PREDICTIONS]: [
    {
      what: 'a misspelt field in a cache key',
      from: 'event.data.features]',
      to: 'event.data.featurs]',
      hint: /featurs.*features/s,
    },
    {
      what: 'a misspelt field of the pipeline’s condition',
      from: 'event.data.event_type ===',
      to: 'event.data.event_typ ===',
      hint: /event_typ.*event_type/s,
    },
    {
      what: 'the data without .data',
      from: 'model_id: event.data.model_id,\n',
      to: 'model_id: event.model_id,\n',
      hint: /event\.data\.model_id/,
    },
    {
      what: 'a misspelt field of a cached value in a condition',
      from: 'when: prediction.score > 0.9',
      to: 'when: prediction.scores > 0.9',
      hint: /\bscore\b/,
    },
    {
      what: 'a misspelt field of a cached value within a template literal',
      from: '`score ${prediction.score}`',
      to: '`score ${prediction.skore}`',
      line: '`score ${prediction.skore}`',
      hint: /\bscore\b/,
    },
    {
      what: 'a field in another case',
      from: "key: event.key\n      body: '{ event_id: event.id, model_id: event.data.model_id",
      to: "key: event.key\n      body: '{ event_id: event.id, model_id: event.data.modelId",
      line: 'event.data.modelId',
      hint: /\bmodel_id\b/,
    },
    {
      what: 'the whole value of a step where its field is meant',
      from: 'model_id: event.data.model_id, score: prediction.score }',
      to: 'model_id: event.data.model_id, score: prediction }',
      hint: /score.*number/s,
    },
  ],
  [BILLING]: [
    {
      what: 'a field of the wrong level',
      from: 'key: event.data.customer.id\n',
      to: 'key: event.data.customer_id\n',
      hint: /customer_id.*\bcustomer\b/s,
    },
    {
      what: 'a misspelt field of an item within a callback, in a block scalar',
      from: 'net: line.quantity * line.unit_price',
      to: 'net: line.quantity * line.unitprice',
      hint: /\bunit_price\b/,
    },
    {
      what: 'a field of the event asked of the cached value',
      from: 'exempt: customer.vat_id !== undefined',
      to: 'exempt: customer.company !== undefined',
      hint: /company.*Customer/s,
    },
    {
      what: 'a field that the handler does not return',
      from: 'gross: tax.gross,\n          rate',
      to: 'gross: tax.total,\n          rate',
      line: 'gross: tax.total',
      hint: /total.*(gross|net|handlers\/tax\.ts)/s,
    },
    {
      what: 'a misspelt field two levels down',
      from: 'shipping: event.data.shipping.method }',
      to: 'shipping: event.data.shipping.metod }',
      hint: /\bmethod\b/,
    },
    {
      what: 'a misspelt field in a folded scalar with a template literal',
      from: '`${event.data.lines.length} lines for ${customer.name}`',
      to: '`${event.data.lines.lenght} lines for ${customer.name}`',
      hint: /\blength\b/,
    },
    {
      what: 'a step named as an attribute of the event',
      from: "terms: customer.tier === 'platinum'",
      to: "terms: event.customer.tier === 'platinum'",
      hint: /event\.data\.customer|\bcustomer\b/,
    },
  ],
  [METRICS]: [
    {
      what: 'a misspelt field after ?.',
      from: "team: owner?.team ?? 'unknown'",
      to: "team: owner?.teem ?? 'unknown'",
      hint: /\bteam\b/,
    },
    {
      what: 'a field of a list where its items have it',
      from: 'owner.contacts.map(contact => contact.name)',
      to: 'owner.contacts.name',
      hint: /\bname\b.*(list|\[\])/s,
    },
    {
      what: 'a misspelt attribute of the envelope',
      from: '{ event_id: event.id, severity: owner',
      to: '{ event_id: event.ident, severity: owner',
      hint: /event\.ident|\bident\b/,
    },
  ],
  [NOTIFICATIONS]: [
    {
      what: 'a misspelt field in a quoted template literal',
      from: "'`email.${event.data.language}`'",
      to: "'`email.${event.data.langauge}`'",
      hint: /\blanguage\b/,
    },
    {
      what: 'a field in the plural',
      from: 'event.data.consents.sms &&',
      to: 'event.data.consent.sms &&',
      hint: /\bconsents\b/,
    },
  ],
  [RETURNS]: [
    {
      what: 'a misspelt field in a reducer',
      from: 'sum + item.quantity, 0)',
      to: 'sum + item.quantitiy, 0)',
      hint: /\bquantity\b/,
    },
    {
      what: 'a field that no return has',
      from: 'comment: event.data.comment }',
      to: 'comment: event.data.remarks }',
      hint: /\bremarks\b/,
    },
  ],
})
