// Why: policies that cannot work (SLU0550–SLU0557).
import type { Reason } from './entry.ts'

export const POLICIES = {
  SLU0550: {
    why: 'A parked message leaves its place: whatever stands behind it, of its key or of its partition, is worked on before it. Where the order is a promise, a message that fails must hold up those behind it.',
    example: {
      wrong: `order: key
failure:
  transient:
    retry:
      { attempts: 8, first: 1s, max: 30s, jitter: full, park: { after: 3, tiers: [1m, 10m] } }
    deadLetter: orders.dlq`,
      right: `order: none
failure:
  transient:
    retry:
      { attempts: 8, first: 1s, max: 30s, jitter: full, park: { after: 3, tiers: [1m, 10m] } }
    deadLetter: orders.dlq`,
    },
  },
  SLU0551: {
    why: 'The window is all that the breaker looks at. If it must see more calls than that before it may open, it never does.',
    example: {
      wrong: `policies:
  breakers:
    scorer: { window: 20, minimum: 50, failureRate: 50, open: 30s }`,
      right: `policies:
  breakers:
    scorer: { window: 50, minimum: 20, failureRate: 50, open: 30s }`,
    },
  },
  SLU0552: {
    why: 'A message is parked once so many attempts in place have failed. If no attempt is left by then, it becomes a dead letter instead, and the tiers are never used.',
    example: {
      wrong: `order: none
failure:
  transient:
    retry:
      { attempts: 8, first: 1s, max: 30s, jitter: full, park: { after: 8, tiers: [1m, 10m] } }
    deadLetter: orders.dlq`,
      right: `order: none
failure:
  transient:
    retry:
      { attempts: 8, first: 1s, max: 30s, jitter: full, park: { after: 3, tiers: [1m, 10m] } }
    deadLetter: orders.dlq`,
    },
  },
  SLU0553: {
    why: 'What fails for longer is seldom mended sooner. A shorter wait behind a longer one is mostly a slip of the unit.',
    example: {
      wrong: `order: none
failure:
  transient:
    retry:
      { attempts: 8, first: 1s, max: 30s, jitter: full, park: { after: 3, tiers: [10m, 1m] } }
    deadLetter: orders.dlq`,
      right: `order: none
failure:
  transient:
    retry:
      { attempts: 8, first: 1s, max: 30s, jitter: full, park: { after: 3, tiers: [1m, 10m] } }
    deadLetter: orders.dlq`,
    },
  },
  SLU0557: {
    why: 'A request step waits for its answer as long as its timeout, which is seconds; a parked message waits longer than that by intent. Its answer would come to nobody, and whoever asks again meanwhile would have it done twice.',
  },
  SLU0554: {
    why: 'Each wait is a topic or a queue whose messages only this pipeline writes and reads. Another one of that name would be fed to it, and its own readers would get parked messages.',
    example: {
      wrong: `topics: # in fleet.yaml
  example.retry.10m: { in: events, schema: events/order }
order: none # in pipeline example
failure:
  transient:
    retry:
      { attempts: 8, first: 1s, max: 30s, jitter: full, park: { after: 3, tiers: [1m, 10m] } }
    deadLetter: orders.dlq`,
      right: `topics: # in fleet.yaml
  example.late: { in: events, schema: events/order }
order: none # in pipeline example
failure:
  transient:
    retry:
      { attempts: 8, first: 1s, max: 30s, jitter: full, park: { after: 3, tiers: [1m, 10m] } }
    deadLetter: orders.dlq`,
    },
  },
} as const satisfies Record<string, Reason>
