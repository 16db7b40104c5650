// Why: brokers as operators see them, who is told, and the operations API (SLU0220, SLU0593–SLU0594, SLU118x–SLU121x, SLU59xx).
import type { Reason } from './entry.ts'

export const INFRASTRUCTURE_REASONS = {
  SLU0220: {
    why: 'What fails is worse than what warns, and a broker that has not answered within `within` has failed already. In another order one of the two would never be said.',
    example: {
      wrong: `health:
  latency: { warn: 500ms, fail: 100ms }`,
      right: `health:
  latency: { warn: 100ms, fail: 500ms }`,
    },
  },
  SLU0223: {
    why: 'One node that answers leads to all others, so a list is there for the day when one is down. The same node twice is a slip of the pen in place of another one.',
    example: {
      wrong: `connections:
  hot: { redis: { cluster: 'redis-1:6379,redis-1:6379' } }`,
      right: `connections:
  hot: { redis: { cluster: 'redis-1:6379,redis-2:6379' } }`,
    },
  },
  SLU0577: {
    why: 'A connection to Redis names one server by its host, or some nodes of a cluster. One of them has to be there.',
    example: {
      wrong: `connections:
  hot: { redis: { port: 6379 } }`,
      right: `connections:
  hot: { redis: { host: localhost, port: 6379 } }`,
    },
  },
  SLU0578: {
    why: 'Where nodes of a cluster are named, host and port are not used. What is written and never used misleads whoever reads it.',
    example: {
      wrong: `connections:
  hot: { redis: { host: localhost, cluster: 'redis-1:6379,redis-2:6379' } }`,
      right: `connections:
  hot: { redis: { cluster: 'redis-1:6379,redis-2:6379' } }`,
    },
  },
  SLU0579: {
    why: 'An empty list of nodes means that it is no cluster but one server, and no server is named.',
    example: {
      wrong: `connections:
  hot: { redis: { cluster: '\${REDIS_CLUSTER_NODES:-}' } }`,
      right: `connections:
  hot: { redis: { host: '\${REDIS_HOST:-localhost}', cluster: '\${REDIS_CLUSTER_NODES:-}' } }`,
    },
  },
  SLU1180: {
    why: 'Facts about brokers help whoever attacks them. Only a developer at the same machine gets them unasked.',
  },
  SLU1181: { why: 'A short token is found by trying, one with spaces or line breaks by nobody.' },
  SLU1182: {
    why: 'Before anything can be connected to, its name must lead to an address. A typo and a resolver that is away look the same from here.',
  },
  SLU1183: {
    why: 'A broker that hangs may still take connections, because its kernel does. Only an answer shows that it works.',
  },
  SLU1184: {
    why: 'It answered, and refused what was asked or said something unexpected. What cannot be seen is not called healthy.',
  },
  SLU1185: {
    why: 'The host refused the connection, or nothing on the way to it answered: no program there waits on that port.',
  },
  SLU1186: {
    why: 'The broker lets this user in and refuses what the fleet needs to do there, which shows only when the first message comes.',
  },
  SLU1187: {
    why: 'Workers make what is missing when they start, unless `provision: false`. Until then nobody can send there.',
  },
  SLU1188: {
    why: 'It is one of the variables that people expect to have an effect, and fleet.yaml never asks for it.',
  },
  SLU1190: {
    why: 'Every message waits for several round trips. When one takes this long, everything does.',
  },
  SLU1191: {
    why: 'A full Redis evicts or refuses, and a RabbitMQ above its watermark stops every sender.',
  },
  SLU1192: {
    why: 'With noeviction a Redis that has reached its limit takes nothing new. Caches are better off when the oldest entries go.',
  },
  SLU1193: {
    why: 'What cannot be written is lost at the next restart, and by default Redis then refuses all writes.',
  },
  SLU1194: {
    why: 'A replica refuses writes, and a server that still loads its data refuses everything.',
  },
  SLU1195: {
    why: 'Queues whose nodes are away cannot be reached, and halves of a cluster that do not see each other go on apart.',
  },
  SLU1197: {
    why: 'More arrives than is taken. What waits grows until the broker has no more room for it.',
  },
  SLU1198: {
    why: 'There are messages, and no process of the fleet is connected to take them.',
  },
  SLU1199: {
    why: 'Nobody can read or write such a partition. Keys that belong to it wait.',
  },
  SLU1200: {
    why: 'One more broker that fails may take messages with it, or stop those topics that ask for more copies.',
  },
  SLU1201: {
    why: 'Events are handled long after they happened, and a topic that forgets by time may forget some before they are read.',
  },
  SLU1206: {
    why: 'Keys of slots that nobody serves can neither be read nor written; by default the whole cluster refuses everything then.',
  },
  SLU1207: {
    why: 'A master that is down takes its slots with it unless a replica takes over, and one more loss may be the one too many.',
  },
  SLU1208: {
    why: 'The nodes that a connection names are there for the day when one of them is down. One that has no part in the cluster, or none at all, cannot lead there.',
  },
  SLU1202: {
    why: 'A process that ended, or is not ready, leaves its share of the work to the others, or to nobody.',
  },
  SLU0593: {
    why: 'Whoever watches remembers there what was told already, and that somebody watches: else each process would tell everything, and again after each restart.',
  },
  SLU0594: {
    why: 'What changed and held is told once. Somebody who looks less often than that cannot know whether it held, and what is repeated sooner than it is believed would never be quiet.',
    example: {
      wrong: `state: { in: hot }
alerting: { to: totals, body: '{ amount: 1, currency: "EUR" }', every: 5m, for: 1m }`,
      right: `state: { in: hot }
alerting: { to: totals, body: '{ amount: 1, currency: "EUR" }', every: 10s, for: 1m }`,
    },
  },
  SLU1210: {
    why: 'What takes the alerts may be what is broken. They wait then, are counted and named in the log, and hold nothing up.',
  },
  SLU1211: {
    why: 'A cache that hardly ever knows the answer costs a round trip, and whatever it stands before does all the work.',
  },
  SLU5901: { why: 'The API has few paths, and its document lists them all.' },
  SLU5902: { why: 'Looking changes nothing, so there is nothing to post, put or delete.' },
  SLU5903: {
    why: 'Everything but the probes asks who is there. A wrong token and a missing one get the same answer.',
  },
  SLU5904: { why: 'The request names media types, and this path has none of them.' },
  SLU5905: {
    why: 'One address asked more often than a watcher needs to; the others should not wait for it.',
  },
  SLU5906: {
    why: 'A page in a browser can make its own name lead to this machine. Whoever has no token must therefore ask by a name that is this machine for certain.',
  },
  SLU5907: { why: 'It breaks the rules of HTTP, or is larger than any request to this API.' },
  SLU5908: { why: 'Something unexpected happened while the answer was made; details stay here.' },
  SLU5909: { why: 'No connection of that kind stands in fleet.yaml, so there is nothing to ask.' },
} satisfies Record<string, Reason>
