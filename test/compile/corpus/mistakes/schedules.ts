// Pipelines that run by a schedule: when they fire, where that is kept, and what they know of it.
import { NIGHT, seeded } from '../corpus.ts'

const WHEN = "schedule: { cron: '0 3 * * *', timezone: Europe/Berlin }"

export const schedules = seeded('schedules', {
  [NIGHT]: [
    {
      what: 'an hour that no day has',
      from: '0 3 * * *',
      to: '0 33 * * *',
      hint: /cron cannot be read.*33|five fields/s,
    },
    {
      what: 'a cron of four fields',
      from: '0 3 * * *',
      to: '0 3 * *',
      hint: /4 fields.*five fields/s,
    },
    {
      what: 'a misspelt time zone',
      from: 'Europe/Berlin',
      to: 'Europe/Berlni',
      hint: /Europe\/Berlin/,
    },
    {
      what: 'an interval and a cron',
      from: WHEN,
      to: "schedule: { cron: '0 3 * * *', every: 1h }",
      hint: /every|cron/,
    },
    {
      what: 'an interval with a time zone',
      from: WHEN,
      to: 'schedule: { every: 1h, timezone: Europe/Berlin }',
      hint: /interval has no time zone/,
    },
    {
      what: 'an interval without a unit',
      from: WHEN,
      to: 'schedule: { every: 60 }',
      hint: /1h|ms/,
    },
    {
      what: 'a misspelt word for when',
      from: WHEN,
      to: 'schedule: { evry: 1h }',
      hint: /every/,
    },
    { what: 'a schedule kept nowhere', from: '  in: hot\n', to: '', line: 'from:', hint: /"in"/ },
    { what: 'a schedule kept by Kafka', from: 'in: hot', to: 'in: events', hint: /redis.*hot/s },
    { what: 'a misspelt connection', from: 'in: hot', to: 'in: hott', hint: /hot/ },
    {
      what: 'an order that firings cannot keep',
      from: 'order: none',
      to: 'order: key',
      hint: /order: none/,
    },
    {
      what: 'a field that a firing does not have',
      from: 'at: event.data.scheduled_at',
      to: 'at: event.data.time',
      line: 'at: event.data.time',
      hint: /"?time"? does not exist|scheduled_at/,
    },
    {
      what: 'firings that are parked',
      from: 'transient: { policy: quick, deadLetter: desk.dlq }',
      to: 'transient: { retry: { attempts: 9, first: 1s, max: 1m, jitter: full, park: { after: 3, tiers: [10m] } }, deadLetter: desk.dlq }',
      line: 'park: {',
      hint: /firing.*parked/s,
    },
    {
      what: 'a topic and a schedule',
      from: '  in: hot\n',
      to: '  in: hot\n  topic: orders\n',
      line: 'schedule: {',
      hint: /one source/,
    },
  ],
})
