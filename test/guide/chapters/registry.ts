// Guide, "Configuration": the schema registry, on a fleet whose topics need one.
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { startRegistry } from '../../../infra/brokers/index.ts'
import { readTopic } from '../../e2e/support/brokers-io.ts'
import { unwired } from '../../e2e/support/registry-io.ts'
import { sluice } from '../../e2e/support/worker-process.ts'
import { holds, type Exercise } from '../exercise.ts'

const PROJECT = resolve(import.meta.dirname, '../../e2e/registry-fleet')

export const REGISTRY: readonly Exercise[] = [
  {
    row: '`KAFKA_SCHEMA_REGISTRY_URL`',
    async does() {
      const registry = await startRegistry()
      const folder = mkdtempSync(join(tmpdir(), 'sluice-guide-'))
      try {
        const prefix = `guide-${randomUUID().slice(0, 8)}.`
        const feed = join(folder, 'measures.jsonl')
        writeFileSync(feed, JSON.stringify({ key: 'a', value: { id: 'm1', kilos: 12 } }))
        const ask = async (...args: string[]) => {
          const env = { ...registry.env, SLUICE_PREFIX: prefix, NO_COLOR: '1' }
          const { code, stderr } = await sluice([...args, '--project', PROJECT], env).finished
          holds(code === 0, stderr)
        }
        await ask('apply', '--yes')
        await ask('run', 'rating', '--feed', `measures=${feed}`, '--until-idle')
        const [rated] = await readTopic(`${prefix}ratings`)
        holds(rated?.value, 'nothing was rated')
        const { magic, id } = unwired(rated.value)
        holds(magic === 0 && id > 0, 'what was written does not name its schema')
        return `Avro in and out, by schema ${id} of the registry`
      } finally {
        rmSync(folder, { recursive: true })
        await registry.stop()
      }
    },
  },
]
