// `sluice dev` on real brokers: a change that cannot run gives way to the last good configuration.
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { FLEET, sluice } from './support/worker-process.ts'

test('a broker that a change cannot reach brings the last good configuration back', async () => {
  // Beside the fleet: handlers name the product by relative paths.
  const project = await mkdtemp(join(import.meta.dirname, 'tmp-'))
  await cp(FLEET, project, { recursive: true })
  const file = join(project, 'pipelines/fleet.yaml')
  const good = await readFile(file, 'utf8')
  const running = sluice(['dev', '--project', project], {
    SLUICE_PREFIX: `dev-${process.pid}.`,
    SLUICE_LOG_LEVEL: 'error',
  })
  try {
    await running.said(/scoring runs, after/)
    await writeFile(
      file,
      good
        .replace('fleet: proof', 'fleet: proof\nconnect: { within: 1s }')
        .replace('${KAFKA_BOOTSTRAP_SERVERS:-localhost:9092}', '127.0.0.1:1'),
    )
    const said = await running.said(/the last good configuration runs on/)
    expect(said).toMatch(/scoring drained[^]*SLU1101[^]*127\.0\.0\.1:1/)
    await writeFile(file, good)
    await running.said(/scoring drained[^]*scoring runs again/)
    running.child.kill('SIGINT')
    expect((await running.finished).code).toBe(0)
  } finally {
    running.child.kill('SIGKILL')
    await running.finished
    await rm(project, { recursive: true })
  }
})
