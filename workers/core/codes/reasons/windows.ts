// Why there are the codes of windows.
import type { Reason } from './entry.ts'

export const WINDOW_REASONS = {
  SLU0580: {
    why: 'What is measured stands beside what every window has: its id, start, end, group and count. Of two with one name only one could be read.',
    example: {
      wrong: `state: { in: hot }
steps:
  - id: closed
    window: { every: 1m, measure: { count: event.data.lines.length } }
  - id: each
    split: { over: closed, as: one, steps: [{ id: sum, map: { value: one.start } }] }`,
      right: `state: { in: hot }
steps:
  - id: closed
    window: { every: 1m, measure: { lines: event.data.lines.length } }
  - id: each
    split: { over: closed, as: one, steps: [{ id: sum, map: { value: one.lines.sum } }] }`,
    },
  },
  SLU0581: {
    why: 'A closed window is handed to one message and then forgotten. If no step of it uses the list, everything was counted for nothing.',
    example: {
      wrong: `state: { in: hot }
steps:
  - id: closed
    window: { every: 1m }`,
      right: `state: { in: hot }
steps:
  - id: closed
    window: { every: 1m }
  - id: each
    split: { over: closed, as: one, steps: [{ id: sum, map: { value: one.count } }] }`,
    },
  },
  SLU0582: {
    why: 'The windows that a message closes are its own to send. One that dedupe suppresses behind the window is done without sending anything, and they would be lost.',
    example: {
      wrong: `state: { in: hot }
steps:
  - id: closed
    window: { every: 1m }
  - id: seen
    dedupe: { key: event.data.order_id, window: 1h }
  - id: each
    split: { over: closed, as: one, steps: [{ id: sum, map: { value: one.count } }] }`,
      right: `state: { in: hot }
steps:
  - id: seen
    dedupe: { key: event.data.order_id, window: 1h }
  - id: closed
    window: { every: 1m }
  - id: each
    split: { over: closed, as: one, steps: [{ id: sum, map: { value: one.count } }] }`,
    },
  },
  SLU5121: {
    why: 'Without a time nobody can say which window the message belongs to. A text without a zone is UTC; other forms than RFC 3339 are read differently by different machines, so they are none.',
  },
  SLU5122: {
    why: 'All messages without a group would be counted together, and look like a group of their own. Where that is meant, write null.',
  },
  SLU5123: {
    why: 'A sum with a text or NaN in it is none, and it would take the whole window with it. A message that has no value, null or undefined, is counted and not measured.',
  },
  SLU5124: {
    why: 'Each group has a window of its own in the state store. A group by what differs in each message, or messages of times far apart, would fill it without end; what is over is closed first, and only what still does not fit is refused.',
  },
  SLU5125: {
    why: 'Its window would stay open for days and hold a place, and a clock that is wrong by a day is wrong. Up to a day ahead a message waits in its window; the time of its partition never runs ahead of the clock, so that it makes no other message late.',
  },
} as const satisfies Record<string, Reason>
