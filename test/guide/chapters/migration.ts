// Guide, "Migration Guide": its four steps, on the platform that runs; docs/migration.md has all of it, and a test of its own.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SEATS } from '../../e2e/support/platform/platform.ts'
import type { OverallHealth } from '../../../workers/ops/health/health.ts'
import { holds, type Exercise } from '../exercise.ts'
import { predictionRequest } from '../messages.ts'

interface Diff {
  readonly both: number
  readonly differences: number
}
interface Load {
  readonly sent: { readonly count: number; readonly failed: number; readonly rate: number }
  readonly answers: readonly { readonly topic: string; readonly count: number }[]
}

export const MIGRATION: readonly Exercise[] = [
  {
    row: 'step 1: infrastructure setup',
    async does({ ask }) {
      const { changes } = await ask<{ changes: readonly unknown[] }>('plan', '--check')
      holds(changes.length === 0, JSON.stringify(changes))
      return 'nothing to change: topics, queues, exchanges and jobs are as declared'
    },
  },
  {
    row: 'step 2: application updates',
    async does({ ask, client, event }) {
      const asked = predictionRequest()
      await client.topic('ml_events').publish(asked, { key: 'guide' })
      await event('prediction_results', ({ event_id }) => event_id === asked.event_id)
      const folder = await mkdtemp(join(tmpdir(), 'sluice-guide-'))
      try {
        const [one, other] = [join(folder, 'one.jsonl'), join(folder, 'other.jsonl')]
        await ask('run', 'predictions', '--shadow', one, '--until-idle')
        holds((await readFile(one, 'utf8')).includes(asked.event_id), 'it is not recorded')
        const again = ['--group', 'guide-again', '--start', 'earliest'] as const
        await ask('run', 'predictions', '--shadow', other, ...again, '--until-idle')
        const { both, differences } = await ask<Diff>('diff', one, other)
        holds(both > 0 && differences === 0, `${differences} differences in ${both} messages`)
        return `two shadows of predictions would have sent the same for ${both} messages`
      } finally {
        await rm(folder, { recursive: true })
      }
    },
  },
  {
    row: 'step 3: testing and validation',
    async does({ ask }) {
      // Half of what is made up are no prediction requests, and have no result.
      const { sent, answers } = await ask<Load>(
        ...(['load', 'predictions', '--rate', '50/s', '--for', '4s'] as const),
        ...(['--p99', '30s', '--dead-letters', '1000'] as const),
      )
      holds(sent.count === 200 && sent.failed === 0, JSON.stringify(sent))
      holds(
        answers.some(({ count }) => count > 0),
        JSON.stringify(answers),
      )
      return `${sent.count} sent at ${sent.rate}/s; ${answers.map(({ topic, count }) => `${count} on ${topic}`).join(', ')}`
    },
  },
  {
    row: 'step 4: production deployment',
    async does({ up, until, ask }) {
      // As after a deployment; what changes is rolled, process by process: test/e2e/up.test.ts.
      up.child.kill('SIGHUP')
      await until('a look at the project', () => /Nothing has changed/.exec(up.stderr())?.[0])
      const { status, workers } = await ask<OverallHealth>('health')
      holds(status !== 'fail' && workers?.ready === SEATS, JSON.stringify(workers))
      return `looked for a new plan; ${workers.ready} workers ready, ${status}`
    },
  },
]
