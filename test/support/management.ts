// The tests' own way through RabbitMQ's management API: policies of others, and clearing away what a test left.
import { fromEnvironment } from './environment.ts'
import { rabbitmqSettings } from './rabbitmq.ts'

async function ask(method: string, path: string, body?: object): Promise<unknown> {
  const { host, user, password } = rabbitmqSettings()
  const port = fromEnvironment('RABBITMQ_MANAGEMENT_PORT')
  const response = await fetch(`http://${host}:${port}/api/${path}`, {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
      'content-type': 'application/json',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  if (!response.ok && response.status !== 404)
    throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
  const text = await response.text()
  return text === '' ? undefined : (JSON.parse(text) as unknown)
}

const below = (kind: string, name?: string) => {
  const path = `${kind}/${encodeURIComponent(rabbitmqSettings().vhost)}`
  return name === undefined ? path : `${path}/${encodeURIComponent(name)}`
}

/** `prefix` has nothing in it that a pattern takes for anything else, but `+`. */
const pattern = (prefix: string) => `^${prefix.replaceAll(/[.+]/g, String.raw`\$&`)}`

export const management = {
  queue: (name: string) => ask('GET', below('queues', name)),
  /** What waits on the queue; it stays there. */
  peek: (name: string) =>
    ask('POST', `${below('queues', name)}/get`, {
      count: 1_000,
      ackmode: 'ack_requeue_true',
      encoding: 'auto',
    }) as Promise<{ payload: string; properties: { delivery_mode?: number } }[]>,
  putPolicy: (name: string, prefix: string, definition: object) =>
    ask('PUT', below('policies', name.replaceAll('/', '-')), {
      pattern: pattern(prefix),
      definition,
      'apply-to': 'queues',
    }),
  /** Queues whose names begin with the prefix. */
  async queuesBelow(prefix: string): Promise<string[]> {
    const found = (await ask('GET', below('queues'))) as { name: string }[]
    return found.map(({ name }) => name).filter((name) => name.startsWith(prefix))
  },
  /** Queues, exchanges and policies whose names begin with the prefix. */
  async removeBelow(prefix: string): Promise<void> {
    for (const kind of ['queues', 'exchanges', 'policies']) {
      const found = (await ask('GET', below(kind))) as { name: string }[]
      for (const { name } of found)
        if (name.startsWith(prefix) || name.startsWith(prefix.replaceAll('/', '-')))
          await ask('DELETE', below(kind, name))
    }
  },
}
