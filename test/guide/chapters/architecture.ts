// Guide, "Hybrid Messaging Architecture" and "When to Use Each Technology": what each broker is there for.
import { randomUUID } from 'node:crypto'
import { holds, type Exercise } from '../exercise.ts'
import { AT, alert, lifeEvent, predictionRequest, trainingJob } from '../messages.ts'

export const ARCHITECTURE: readonly Exercise[] = [
  {
    row: 'Redis: model cache',
    async does({ client, event, redis, prefix }) {
      const asked = predictionRequest()
      await client.topic('ml_events').publish(asked, { key: 'guide' })
      await event('prediction_results', ({ event_id }) => event_id === asked.event_id)
      const cached = await client.cache('predictions').get([asked.model_id, asked.features])
      holds(cached !== undefined, 'the pipeline left nothing in the cache')
      const [key] = await redis.keys(`${prefix}ml-platform:predictions:*`)
      const ttl = await redis.ttl(key ?? '')
      holds(ttl > 0 && ttl <= 1_980, `it stays for ${ttl} s`)
      return `score ${cached.score}, kept for ${ttl} s more`
    },
  },
  {
    row: 'Redis: session data',
    async does({ client, redis, prefix }) {
      const sessions = client.store('sessions')
      const id = randomUUID()
      await sessions.put(id, { user_id: 7, started_at: AT, model_id: 'sales_model_v1' })
      const key = `${prefix}ml-platform:sessions:${id}`
      await redis.expire(key, 60)
      holds(await sessions.touch(id), 'there is no session to touch')
      const ttl = await redis.ttl(key)
      holds(ttl > 60, `it ends in ${ttl} s, though it was touched`)
      const part = await sessions.get(id, ['user_id'])
      holds(await sessions.destroy(id), 'there is no session to destroy')
      holds((await sessions.get(id)) === undefined, 'it is there, though it was destroyed')
      return `user ${part?.user_id}, for ${ttl} s after each use, until it is destroyed`
    },
  },
  {
    row: 'Redis: query results',
    async does({ client, until }) {
      const question = { table: 'visits', group_by: 'month' }
      const results = client.cache('query_results')
      const key = [question.table, question.group_by]
      const { rows } = await client.request('query_requests').ask(question)
      holds(await results.get(key), 'the answer is not remembered')
      await client
        .topic('table_changes')
        .publish(
          { event_id: randomUUID(), table: question.table, timestamp: AT },
          { key: question.table },
        )
      await until('it is forgotten', async () =>
        (await results.get(key)) === undefined ? true : undefined,
      )
      return `${rows.length} rows, remembered until the table changed`
    },
  },
  {
    row: 'Redis: feature store',
    async does({ client, until }) {
      const entity = `user:${randomUUID()}`
      const update = (version: number) => ({
        event_id: randomUUID(),
        entity,
        version,
        timestamp: AT,
        values: { visits: version },
      })
      const features = client.store('features')
      for (const version of [1, 3, 2])
        await client.topic('feature_updates').publish(update(version), { key: entity })
      const seen = await until('version 3', async () => {
        const [one] = await features.getMany([entity, 'user:nobody'], ['version', 'values'])
        return one?.version === 3 ? one : undefined
      })
      holds(seen.values['visits'] === 3, JSON.stringify(seen))
      return 'two of many fields of many entities; version 3 stands, whoever came later'
    },
  },
  {
    row: 'RabbitMQ: commands',
    async does({ client, command }) {
      const sent = alert('medium')
      await client.command('alerts').send(sent)
      const { severity } = await command('alerts.review', sent.event_id)
      return `confirmed, routed by severity ${String(severity)}`
    },
  },
  {
    row: 'RabbitMQ: notifications',
    async does({ client, command, logged }) {
      const event = lifeEvent('model_deployed')
      await client.topic('model_life').publish(event, { key: event.model_id })
      await command('notifications.chat', event.event_id)
      await logged(/"subject":"guide-model[^"]*".*"A mail is sent\."/)
      return 'one event, two queues: chat and mail'
    },
  },
  {
    row: 'RabbitMQ: job queue',
    async does({ client, event }) {
      const job = trainingJob()
      await client.command('training_jobs').send(job, { id: job.job_id })
      const trained = await event('model_life', ({ event_id }) =>
        event_id.startsWith(`${job.job_id}/t`),
      )
      return `${trained.event_type} of version ${trained.version}`
    },
  },
  {
    row: 'RabbitMQ: alerts',
    async does({ client, logged, command }) {
      const sent = alert('critical')
      await client.command('alerts').send(sent)
      await logged(new RegExp(`"severity":"critical".*${sent.message}`))
      await command('alerts.review', sent.event_id)
      return 'critical: somebody is woken up, and it is kept for review'
    },
  },
  {
    row: 'Kafka: events',
    async does({ client, event }) {
      const asked = predictionRequest()
      await client.topic('ml_events').publish(asked, { key: 'guide' })
      const { score } = await event(
        'prediction_results',
        ({ event_id }) => event_id === asked.event_id,
      )
      return `prediction_request in, result ${score} out`
    },
  },
  {
    row: 'Kafka: metrics',
    async does({ client, event }) {
      const ask = () =>
        client.topic('ml_events').publish(predictionRequest(), { key: randomUUID() })
      await ask()
      // A window ends when later events come.
      const later = setInterval(() => void ask().catch(() => {}), 1_000)
      try {
        const { predictions, score } = await event(
          'model_metrics',
          ({ predictions }) => predictions > 0,
        )
        return `a window with ${predictions} predictions, score ${score.avg} on average`
      } finally {
        clearInterval(later)
      }
    },
  },
  {
    row: 'Kafka: audit logs',
    async does({ client, event }) {
      const happened = lifeEvent('model_retired')
      await client.topic('model_life').publish(happened, { key: happened.model_id })
      const { what, subject } = await event(
        'audit_log',
        ({ entry_id }) => entry_id === happened.event_id,
      )
      return `${what}: ${subject}`
    },
  },
  {
    row: 'Kafka: real-time processing',
    async does({ client, event }) {
      const asked = predictionRequest()
      const from = performance.now()
      const [result] = await Promise.all([
        event('prediction_results', ({ event_id }) => event_id === asked.event_id),
        client.topic('ml_events').publish(asked, { key: 'guide' }),
      ])
      return `${result.model_id} within ${Math.round(performance.now() - from)} ms, a new group included`
    },
  },
]
