// Guide, "Monitoring and Health Checks": typed functions and HTTP.
import { holds, type Exercise } from '../exercise.ts'
import type { Stage } from '../stage.ts'

const BASE = '/api/v1/infrastructure'

const COMPONENTS = ['redis', 'rabbitmq', 'kafka'] as const

async function answer({ url }: Stage, path: string, accept = 'application/json') {
  const response = await fetch(url + path, { headers: { accept } })
  const text = await response.text()
  holds(response.status === 200, `${path} is ${response.status}: ${text.slice(0, 500)}`)
  return text
}

async function status(stage: Stage, path: string): Promise<string> {
  const { status } = JSON.parse(await answer(stage, path)) as { status: string }
  holds(status === 'pass' || status === 'warn', `${path} says ${status}`)
  return status
}

export const HEALTH: readonly Exercise[] = [
  {
    row: 'overall health, as a function',
    async does({ client }) {
      const { status, components } = await client.health.getOverallHealth()
      holds(status !== 'fail', JSON.stringify(components))
      return `${status}: ${Object.keys(components).join(', ')}`
    },
  },
  {
    row: 'component checks, as functions',
    async does({ client: { health } }) {
      const all = await Promise.all([
        health.checkRedisHealth(),
        health.checkRabbitmqHealth(),
        health.checkKafkaHealth(),
      ])
      holds(
        all.every(({ status }) => status !== 'fail'),
        JSON.stringify(all),
      )
      return all.map(({ component, status }) => `${component} ${status}`).join(', ')
    },
  },
  {
    row: '`GET /api/v1/infrastructure/health`',
    does: async (stage) => `200, ${await status(stage, `${BASE}/health`)}`,
  },
  {
    row: '`GET /api/v1/infrastructure/{redis,rabbitmq,kafka}/health`',
    async does(stage) {
      const all = await Promise.all(
        COMPONENTS.map(async (name) => `${name} ${await status(stage, `${BASE}/${name}/health`)}`),
      )
      return all.join(', ')
    },
  },
  {
    row: '`GET /api/v1/infrastructure/metrics`',
    async does(stage) {
      const text = await answer(stage, `${BASE}/metrics`, 'text/plain')
      const lag = /^sluice_group_lag\{.*$/m.exec(text)?.[0]
      holds(lag, 'there is no lag among the metrics')
      JSON.parse(await answer(stage, `${BASE}/metrics`))
      return `${text.split('\n').filter((line) => /^[a-z]/.test(line)).length} numbers, as text and as JSON`
    },
  },
]
