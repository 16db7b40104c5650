// What can go wrong with a broker or a store, and with what it is asked.
import type { CodeEntry } from './entry.ts'

export const BROKERS = {
  // ---- Kafka
  SLU5201: {
    title: 'Kafka is away',
    fix: 'Start it; the worker reconnects by itself.',
    failure: 'transient',
    outage: true,
  },
  SLU5202: {
    title: 'Kafka did not confirm in time',
    fix: 'Look at the load of the broker; what was not confirmed is asked for again.',
    failure: 'transient',
  },
  SLU5203: {
    title: 'Kafka refused a message as too large',
    fix: 'Raise max.message.bytes of the topic, or send less.',
    failure: 'defect',
  },
  SLU5204: {
    title: 'the partition is no longer ours',
    fix: 'Nothing: its new owner goes on.',
    failure: 'transient',
  },
  SLU5205: {
    title: 'the topic does not exist',
    fix: 'Create it: npx sluice apply --yes.',
    failure: 'transient',
    outage: true,
  },
  SLU5206: { title: 'Kafka refused the request', fix: 'Look at the cause.', failure: 'transient' },
  SLU5207: {
    title: 'Kafka cannot store messages',
    fix: 'Look at its replicas and disks; the pipeline waits until it stores messages again.',
    failure: 'transient',
    outage: true,
  },

  // ---- RabbitMQ
  SLU5301: {
    title: 'RabbitMQ is away',
    fix: 'Start it; the worker reconnects by itself.',
    failure: 'transient',
    outage: true,
  },
  SLU5302: {
    title: 'RabbitMQ did not confirm in time',
    fix: 'Look at the broker; the message is sent again.',
    failure: 'transient',
  },
  SLU5303: {
    title: 'RabbitMQ refused the message',
    fix: 'The queue is full or its leader is away; the pipeline waits and tries again.',
    failure: 'transient',
    outage: true,
  },
  SLU5304: {
    title: 'no queue took the message',
    fix: 'Create the queue: npx sluice apply --yes.',
    failure: 'transient',
  },
  SLU5305: {
    title: 'RabbitMQ refused the connection',
    fix: 'Check user, password and virtual host.',
    failure: 'transient',
    outage: true,
  },
  SLU5306: {
    title: 'the queue exists with other arguments',
    fix: 'Delete it, or declare it in fleet.yaml as it is.',
    failure: 'transient',
  },
  SLU5307: {
    title: 'the message does not fit into AMQP',
    fix: 'Headers take 64 KiB together, ids and header names 255 bytes each; the size of a body is the broker’s max_message_size.',
    failure: 'defect',
  },
  SLU5308: {
    title: 'RabbitMQ takes no messages',
    fix: 'Look at its memory and disk alarms; the pipeline waits until it takes messages again.',
    failure: 'transient',
    outage: true,
  },

  SLU5310: {
    title: 'a request was not answered in time',
    fix: 'Look at who answers that queue; the request is tried again.',
    failure: 'transient',
  },
  SLU5311: {
    title: 'a request was refused by who answers it',
    fix: 'Look at the dead letters of the pipeline that answers.',
    failure: 'defect',
  },
  SLU5312: {
    title: 'who answers a request has given it up',
    fix: 'Look at the dead letters of the pipeline that answers; the request is tried again.',
    failure: 'transient',
  },
  SLU5313: {
    title: 'an answer that does not fit its schema',
    fix: 'Mend who answers, or the `reply` schema of the queue.',
    failure: 'defect',
  },
  SLU5314: {
    title: 'the queue drops messages that came back too often',
    fix: 'Let it run empty and delete it: it is made again without a limit. Until then keep an eye on what waits for long.',
    failure: 'transient',
  },

  // ---- Redis
  SLU5401: {
    title: 'Redis is away',
    fix: 'Start it; the worker reconnects by itself.',
    failure: 'transient',
    outage: true,
  },
  SLU5402: {
    title: 'Redis did not answer in time',
    fix: 'Look at its load.',
    failure: 'transient',
  },
  SLU5403: { title: 'Redis refused the command', fix: 'Look at the cause.', failure: 'transient' },
  SLU5404: {
    title: 'Redis refused the connection',
    fix: 'Check the password.',
    failure: 'transient',
    outage: true,
  },
  SLU5405: {
    title: 'the Redis of state, stores or jobs did not answer in time',
    fix: 'Look at the load of its Redis; what was asked is asked again.',
    failure: 'transient',
    outage: true,
  },
  SLU5406: {
    title: 'the Redis of state, stores or jobs may evict what it holds',
    fix: 'Set maxmemory-policy noeviction, or give them a Redis of their own.',
    failure: 'transient',
    outage: true,
  },
  SLU5407: {
    title: 'the Redis of state, stores or jobs keeps nothing on disk',
    fix: 'Set appendonly yes, or put them on a Redis that has it.',
    failure: 'transient',
    outage: true,
  },
  SLU5408: {
    title: 'the Redis of state, stores or jobs refused the command',
    fix: 'Look at the cause: full memory, a full disk or a replica; the pipeline waits until it takes commands again.',
    failure: 'transient',
    outage: true,
  },
  SLU5409: {
    title: 'tags that are no texts or numbers',
    fix: 'Mend the expression at the named line: a list of at most 16 texts or numbers that are always there.',
    failure: 'defect',
  },
  SLU5420: {
    title: 'the Redis cluster is down',
    fix: 'Start the nodes that are down, or give their slots to others: redis-cli --cluster check HOST:PORT.',
    failure: 'transient',
    outage: true,
  },
  SLU5421: {
    title: 'no node of the Redis cluster takes this key now',
    fix: 'Start the node that is down; while slots move or a replica takes over, wait.',
    failure: 'transient',
    outage: true,
  },
  SLU5422: {
    title: 'a node of a Redis cluster is named as a server of its own',
    fix: 'Name the cluster: redis: { cluster: "host:port,host:port" }, or set REDIS_CLUSTER_NODES.',
    failure: 'transient',
    outage: true,
  },
  SLU5423: {
    title: 'a Redis server is named as a cluster',
    fix: 'Name it by host and port, and leave cluster (REDIS_CLUSTER_NODES) empty; or start it with cluster-enabled yes.',
    failure: 'transient',
    outage: true,
  },

  SLU5410: {
    title: 'a stored value that does not fit its schema',
    fix: 'Mend who wrote it, or write it anew; what was written under an older schema may be one.',
    failure: 'defect',
  },
  SLU5411: {
    title: 'the version of a stored value is no whole number',
    fix: 'Mend the expression at the named line: a number from 0 that grows.',
    failure: 'defect',
  },

  // ---- jobs (BullMQ)
  SLU5802: {
    title: 'a job that nobody knows',
    fix: 'Look at its id; one that has ended is forgotten after `retention` of its queue.',
  },
  SLU5803: {
    title: 'a job did not end in time',
    fix: 'Wait longer, or look at who works on it: npx sluice lag; it goes on.',
  },
  SLU5801: {
    title: 'a job is not ours any more',
    fix: 'Nothing: whoever has it now works on it. If it happens often, look at the load of the worker and its Redis.',
    failure: 'transient',
    outage: true,
  },
} as const satisfies Record<string, CodeEntry>
