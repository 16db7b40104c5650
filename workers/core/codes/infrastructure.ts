// What can be wrong with brokers as operators see them, and with what is asked of the operations API.
import type { CodeEntry } from './entry.ts'

export const INFRASTRUCTURE = {
  // ---- thresholds
  SLU0220: {
    title: 'a threshold that is never reached',
    fix: 'Let `warn` be below `fail`, and `latency.fail` below `within`.',
  },

  // ---- connections
  SLU0223: {
    title: 'a node of a cluster that is named twice',
    fix: 'Name each node once.',
  },
  SLU0577: {
    title: 'a Redis connection that leads nowhere',
    fix: 'Name a host, or the nodes of a cluster.',
  },
  SLU0578: {
    title: 'a host that is never used',
    fix: 'Remove host and port, or let the environment choose: cluster: "${REDIS_CLUSTER_NODES:-}".',
  },
  SLU0579: {
    title: 'a Redis connection that leads nowhere where a variable is empty',
    fix: 'Name a host as well, or leave out the empty default of cluster.',
  },

  // ---- environment
  SLU1180: {
    title: 'the operations API has no token',
    fix: 'Set the variable that `ops.token` of pipelines/fleet.yaml names; without a token it serves loopback in the development profile alone.',
  },
  SLU1181: {
    title: 'the token of the operations API is too short',
    fix: 'Use 16 characters or more, of printable ASCII without spaces: openssl rand -hex 32.',
  },
  SLU1182: {
    title: 'the name of a host is not known',
    fix: 'Mend the name, or the resolver of this machine: getent hosts NAME.',
  },
  SLU1183: {
    title: 'a broker did not answer in time',
    fix: 'Look at its load and its log; a process that takes connections and says nothing is stopped or stuck.',
    failure: 'transient',
    outage: true,
  },
  SLU1184: {
    title: 'a broker could not be looked at',
    fix: 'Look at the cause; the user may lack a permission.',
  },
  SLU1185: {
    title: 'nothing listens there',
    fix: 'Start the broker, or mend host and port; look at firewalls between here and there.',
  },
  SLU1186: {
    title: 'a permission is missing',
    fix: 'Let an administrator grant it; workers need it at their first message.',
  },
  SLU1187: {
    title: 'something that fleet.yaml declares is not there',
    fix: 'Look at the difference, then make it: npx sluice plan; npx sluice apply --yes.',
  },
  SLU1188: {
    title: 'an environment variable that nothing reads',
    fix: 'Write ${NAME} where fleet.yaml should take it, or unset it.',
  },

  // ---- what a broker says of itself
  SLU1190: {
    title: 'a broker answers slowly',
    fix: 'Look at its load and at the network between; the threshold is `health.latency`.',
  },
  SLU1191: {
    title: 'the memory of a broker is nearly full',
    fix: 'Give it more, or let it hold less: shorter TTLs, shorter queues; the threshold is `health.memory`.',
  },
  SLU1192: {
    title: 'a full cache would refuse writes',
    fix: 'Set maxmemory-policy allkeys-lru on a Redis that holds nothing but caches.',
  },
  SLU1193: {
    title: 'Redis cannot write to disk',
    fix: 'Look at its disk and its log: redis-cli info persistence.',
  },
  SLU1194: {
    title: 'Redis is no place to write to',
    fix: 'Connect to the primary; while it loads its data, wait.',
  },
  SLU1195: {
    title: 'a broker is not whole',
    fix: 'Start the node that is down, or mend the network between the nodes: rabbitmqctl cluster_status.',
  },
  SLU1197: {
    title: 'messages pile up',
    fix: 'Run more workers, or look at why they fail or stand still: npx sluice top; the threshold is `health.depth`.',
  },
  SLU1198: {
    title: 'nobody takes what waits',
    fix: 'Start the worker that reads it: npx sluice up; npx sluice top shows who runs.',
  },
  SLU1199: {
    title: 'partitions without a leader',
    fix: 'Start the brokers that hold them: kafka-topics.sh --describe --unavailable-partitions.',
  },
  SLU1200: {
    title: 'partitions with too few copies',
    fix: 'Start the brokers that hold the others: kafka-topics.sh --describe --under-replicated-partitions.',
  },
  SLU1201: {
    title: 'a group is far behind',
    fix: 'Run more workers, up to one for each partition, or look at why they are slow: npx sluice lag; the threshold is `health.lag`.',
  },
  SLU1210: {
    title: 'an alert that nobody could be told',
    fix: 'Look at the broker that takes it: npx sluice doctor. It is told when that is back; `body` of `alerting` may be wrong as well.',
  },
  SLU1211: {
    title: 'a cache that answers little',
    fix: 'Look whether its key differs each time, whether its entries end too soon, or whether it was flushed; the threshold is `health.hits`.',
  },
  SLU1206: {
    title: 'a Redis cluster that does not serve all of its slots',
    fix: 'Start the node that holds them: redis-cli --cluster check HOST:PORT.',
  },
  SLU1207: {
    title: 'a node of a Redis cluster is down',
    fix: 'Start it, or forget it: redis-cli --cluster check HOST:PORT.',
  },
  SLU1208: {
    title: 'a server that is named as a node of the cluster, and is none',
    fix: 'Mend REDIS_CLUSTER_NODES, or `cluster` of the connection: redis-cli -h HOST -p PORT cluster nodes.',
  },
  SLU1202: {
    title: 'fewer worker processes than declared',
    fix: 'Look at who runs and why the others do not: npx sluice top.',
  },

  // ---- the operations API
  SLU5901: { title: 'there is nothing at this path', fix: 'Look at /openapi.json.' },
  SLU5902: { title: 'the method is not allowed here', fix: 'Use one that `allow` names.' },
  SLU5903: {
    title: 'no valid token',
    fix: 'Send `authorization: Bearer <token>` with the value that `ops.token` names.',
  },
  SLU5904: {
    title: 'nothing here that is acceptable',
    fix: 'Accept one of the media types that the document names.',
  },
  SLU5905: { title: 'too many requests', fix: 'Wait for as long as `retry-after` says.' },
  SLU5906: {
    title: 'this is not the host that was asked for',
    fix: 'Ask by a loopback name or address, or send a token.',
  },
  SLU5907: { title: 'the request is not understood', fix: 'Send HTTP/1.1 as RFC 9112 has it.' },
  SLU5908: { title: 'the answer could not be made', fix: 'Look at the log of the process.' },
  SLU5909: {
    title: 'the fleet has no such component',
    fix: 'Ask for one that pipelines/fleet.yaml connects to.',
  },
} as const satisfies Record<string, CodeEntry>
