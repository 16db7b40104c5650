// Windows that are right.
import { BILLING, variants } from '../corpus.ts'

export const windows = variants({
  [BILLING]: [
    {
      what: 'orders counted by when they happened, and a row for each window',
      from: '  - id: issued\n',
      to: `  - id: closed
    when: tax.gross > 0
    window:
      by: "[event.data.currency, event.data.customer.country]"
      at: event.data.occurred_at
      every: 1h
      late: 5m
      measure: { gross: tax.gross, note: event.data.note?.length }
  - id: each
    when: closed !== undefined
    split:
      over: closed ?? []
      as: row
      id: row.id
      steps:
        - id: row_out
          command:
            to: audit
            body: |
              { subject: row.group[0], action: 'archive', level: 'info', at: row.end,
                detail: \`\${row.count} orders, \${row.gross.avg} each, \${row.note.max ?? 0} at most\` }
  - id: issued\n`,
    },
    {
      what: 'windows and their groups by the clock of the broker',
      from: '  - id: issued\n',
      to: `  - id: closed
    window: { every: 10s }
  - id: busiest
    map: { value: 'closed.reduce((most, row) => Math.max(most, row.count), 0)' }
  - id: issued\n`,
    },
  ],
})
