// What is written out and does not fit the limits, patterns and formats of its schema: no broker is needed to know.
import { BILLING, METRICS, NOTIFICATIONS, RETURNS, seeded } from '../corpus.ts'

export const limits = seeded('limits', {
  [BILLING]: [
    {
      what: 'a number above its maximum',
      from: 'net: tax.net,\n',
      to: 'net: 5000000,\n',
      hint: /net.*1000000/s,
    },
    {
      what: 'a number below its minimum',
      from: 'rate: rate?.rate ?? 1,',
      to: 'rate: -1,',
      hint: /rate.*0/s,
    },
    {
      what: 'a text against its pattern',
      from: "action: 'review'",
      to: "action: 'Review!'",
      hint: /action.*\[a-z_\]/s,
    },
    {
      what: 'a date that is none',
      from: 'memo: event.data.note,',
      to: "due: 'in 14 days',",
      hint: /due.*date-time/s,
    },
    {
      what: 'an empty text where one character is the least',
      from: 'order_id: event.data.order_id,\n          customer_id',
      to: "order_id: '',\n          customer_id",
      line: "order_id: ''",
      hint: /order_id.*1/s,
    },
  ],
  [NOTIFICATIONS]: [
    {
      what: 'a text that is too long',
      from: 'subject: text.subject,',
      to: `subject: '${'Your profile has changed. '.repeat(6)}',`,
      hint: /subject.*120/s,
    },
    {
      what: 'a text that is too short',
      from: 'address: event.data.phone,',
      to: "address: '-',",
      hint: /address.*3/s,
    },
  ],
  [METRICS]: [
    {
      what: 'a whole number below its minimum in a ternary',
      from: ': 1,\n          unit',
      to: ': 0,\n          unit',
      line: 'event.data.count : 0',
      hint: /samples.*1/s,
    },
    {
      what: 'a score above one',
      from: 'Math.min(event.data.value, 1) : 0',
      to: 'Math.min(event.data.value, 1) : 100',
      hint: /score.*1/s,
    },
  ],
  [RETURNS]: [
    {
      what: 'an amount above its maximum',
      from: 'amount: event.data.resolution.amount,',
      to: 'amount: 12000,',
      hint: /amount.*5000/s,
    },
    {
      what: 'a default below the minimum',
      from: 'score: risk?.score ?? 0,',
      to: 'score: risk?.score ?? -1,',
      hint: /score.*0/s,
    },
  ],
})
