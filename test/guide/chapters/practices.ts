// Guide, "Best Practices": caching, messaging and monitoring.
import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'yaml'
import { PLATFORM } from '../../e2e/support/platform/platform.ts'
import { sluice } from '../../e2e/support/worker-process.ts'
import { holds, type Exercise } from '../exercise.ts'
import { AT, lifeEvent, predictionRequest } from '../messages.ts'

export const PRACTICES: readonly Exercise[] = [
  {
    row: 'caching: cache-aside',
    async does({ client, event }) {
      const asked = predictionRequest()
      const cache = client.cache('predictions')
      const key = [asked.model_id, asked.features]
      holds((await cache.get(key)) === undefined, 'it is there before anybody asked')
      await client.topic('ml_events').publish(asked, { key: 'guide' })
      const { score } = await event(
        'prediction_results',
        ({ event_id }) => event_id === asked.event_id,
      )
      holds((await cache.get(key))?.score === score, 'it was not remembered')
      return `missed, loaded, remembered: ${score}`
    },
  },
  {
    row: 'caching: warming',
    async does({ client, ask }) {
      const folder = mkdtempSync(join(tmpdir(), 'sluice-guide-'))
      const asked = Array.from({ length: 3 }, predictionRequest)
      const file = join(folder, 'feed.jsonl')
      writeFileSync(file, asked.map((value) => JSON.stringify({ value })).join('\n'))
      const { caches } = await ask<{ caches: Record<string, { loads: number }> }>(
        'warm',
        'predictions',
        '--feed',
        file,
      )
      rmSync(folder, { recursive: true })
      for (const { model_id, features } of asked)
        holds(await client.cache('predictions').get([model_id, features]), 'it was not warmed')
      return `${caches['predictions']?.loads} loaded before anybody asked`
    },
  },
  {
    row: 'caching: hit ratios',
    async does({ client, event, ask, until }) {
      const asked = predictionRequest()
      for (const event_id of [asked.event_id, randomUUID()]) {
        await client.topic('ml_events').publish({ ...asked, event_id }, { key: 'guide' })
        await event('prediction_results', (result) => result.event_id === event_id)
      }
      const { hits, misses } = await until('a hit is told of', async () => {
        const { workers } = await ask<{
          workers: { caches?: Record<string, { hits: number; misses: number }> }[]
        }>('top')
        const told = workers.flatMap(({ caches }) => caches?.['predictions'] ?? [])
        return told.find((one) => one.hits > 0)
      })
      return `${hits} hits, ${misses} misses of cache predictions`
    },
  },
  {
    row: 'monitoring: automated alerting',
    async does({ url }) {
      const checked = await sluice(['alerts', '--check', '--project', PLATFORM]).finished
      holds(checked.code === 0, checked.stderr)
      const text = readFileSync(join(PLATFORM, 'infra/alerts.yaml'), 'utf8')
      const { groups } = parse(text) as { groups: { rules: { alert: string }[] }[] }
      const names = groups.flatMap(({ rules }) => rules.map(({ alert }) => alert))
      const metrics = await fetch(`${url}/api/v1/infrastructure/metrics`, {
        headers: { accept: 'text/plain' },
      }).then((response) => response.text())
      const own = /^sluice_alerts\w*\{?.*$/m.exec(metrics)?.[0]
      holds(own, 'ops counts no alerts of its own')
      return `${names.length} rules for Prometheus as fleet.yaml has them; of the fleet's own: ${own}`
    },
  },
  {
    row: 'messaging: errors, retries, dead letters',
    async does({ client, ask, until }) {
      const asked = { ...predictionRequest(), model_id: 'no_such_model' }
      await client.topic('ml_events').publish(asked, { key: 'guide' })
      const letter = await until('the dead letter', async () => {
        const { letters } = await ask<{
          letters: { event: string; code: string; reason: string; attempts: number }[]
        }>('dlq', 'list', 'ml_events.dlq', '--letters')
        return letters.find(({ event }) => event === asked.event_id)
      })
      return `${letter.code} after attempt ${letter.attempts}: ${letter.reason}`
    },
  },
  {
    row: 'monitoring: distributed tracing',
    async does({ client, spans, until }) {
      const traceId = randomUUID().replaceAll('-', '')
      const trace = { traceparent: `00-${traceId}-00f067aa0ba902b7-01` }
      const happened = { ...lifeEvent('model_deployed'), timestamp: AT }
      await client.topic('model_life').publish(happened, { key: happened.model_id, trace })
      const wanted = ['process model_life', 'send notifications', 'process notifications.mail']
      const seen = await until('the trace', () => {
        const names = spans()
          .filter((span) => span.traceId === traceId)
          .map(({ name }) => name)
        return wanted.every((name) => names.includes(name)) ? names : undefined
      })
      return `${seen.length} spans in one trace: ${wanted.join(' → ')}`
    },
  },
]
