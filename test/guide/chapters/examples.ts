// Guide, "Implementation Examples": its Python, as other services write it in TypeScript.
import { randomUUID } from 'node:crypto'
import { holds, type Exercise } from '../exercise.ts'
import { AT, alert, predictionRequest, trainingJob } from '../messages.ts'

const PATIENCE_MS = 60_000

export const EXAMPLES: readonly Exercise[] = [
  {
    row: 'cache a prediction, and retrieve it',
    async does({ client }) {
      const predictions = client.cache('predictions')
      const key = ['sales_model_v1', { user_id: 123, product_id: Date.now() }]
      await predictions.set(key, { model_id: 'sales_model_v1', score: 0.85 }, { ttlMs: 1_800_000 })
      const cached = await predictions.get(key)
      holds(cached?.score === 0.85, JSON.stringify(cached))
      return `score ${cached.score} after 1800 s at most`
    },
  },
  {
    row: 'submit a training job',
    async does({ client, event }) {
      const job = trainingJob()
      for (let time = 0; time < 2; time++)
        await client.command('training_jobs').send(job, { id: job.job_id })
      const trainings = client.jobs('trainings')
      const told: number[] = []
      const terms = { knownWithinMs: PATIENCE_MS, withinMs: PATIENCE_MS }
      for await (const percent of trainings.progress(job.job_id, terms)) told.push(percent)
      const end = await trainings.wait(job.job_id)
      holds(told.at(-1) === 100 && end.state === 'completed', JSON.stringify({ told, end }))
      const { event_type } = await event(
        'ml_events',
        ({ event_id }) => event_id === `${job.job_id}/completed`,
      )
      return `sent twice, trained once: ${told.at(-1)} %, ${end.state}, ${event_type}`
    },
  },
  {
    row: 'send an alert',
    async does({ client, logged }) {
      const sent = alert('high')
      const { id } = await client.command('alerts').send(sent)
      await logged(new RegExp(sent.message))
      return `confirmed as ${id.slice(0, 8)}…, somebody was paged`
    },
  },
  {
    row: 'publish an event',
    async does({ client, event }) {
      const completed = {
        event_id: randomUUID(),
        event_type: 'model_training_completed' as const,
        model_id: 'sales_model_v1',
        accuracy: 0.92,
        timestamp: AT,
      }
      const { id } = await client.topic('ml_events').publish(completed, { key: completed.model_id })
      holds(id === completed.event_id, `it was sent as ${id}`)
      await event('ml_events', ({ event_id }) => event_id === id)
      return `${completed.event_type}, accuracy ${completed.accuracy}`
    },
  },
  {
    row: 'process streaming events, with a cache',
    async does({ client }) {
      const asked = predictionRequest()
      await client.topic('ml_events').publish(asked, { key: 'guide' })
      let loads = 0
      const group = `guide-${randomUUID().slice(0, 8)}`
      for await (const { data } of client
        .topic('ml_events')
        .events({ group, signal: AbortSignal.timeout(60_000), onInvalid: () => {} })) {
        if (data.event_type !== 'prediction_request') continue
        const key = [data.model_id, data.features]
        await client.cache('predictions').getOrLoad(key, () => {
          loads++
          return { model_id: data.model_id, score: 0.5 }
        })
        if (data.event_id === asked.event_id) return `for await, ${loads} loaded by itself`
      }
      throw new Error('the event did not come')
    },
  },
  {
    row: 'command and response',
    async does({ client }) {
      const { model_id, features } = predictionRequest()
      const { score } = await client.request('score_requests').ask({ model_id, features })
      holds(score >= 0 && score <= 1, String(score))
      return `score ${score} over RabbitMQ`
    },
  },
]
