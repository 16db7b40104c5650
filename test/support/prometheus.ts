// Prometheus and its tool as Debian has them, installed where they are missing; a test without them fails.
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { stringify } from 'yaml'
import { inheritedEnv } from '../../infra/brokers/environment.ts'
import { freePort } from '../../infra/brokers/ports.ts'
import { end, isAlive, launch } from '../../infra/brokers/process.ts'
import { ensurePrograms, find, type Program } from '../../infra/brokers/programs.ts'
import { eventually } from './eventually.ts'

const PROMETHEUS: Program = { program: 'prometheus', packages: ['prometheus'] }
const PROMTOOL: Program = { program: 'promtool', packages: ['prometheus'] }

function pathOf(program: Program): string {
  ensurePrograms([PROMETHEUS, PROMTOOL], (line) => process.stderr.write(`${line}\n`))
  return find(program) as string
}

export const prometheusPath = (): string => pathOf(PROMETHEUS)

/** What it says, of both streams, and whether it is content. */
export async function promtool(
  ...args: readonly string[]
): Promise<{ readonly fine: boolean; readonly said: string }> {
  try {
    const { stdout, stderr } = await promisify(execFile)(pathOf(PROMTOOL), args)
    return { fine: true, said: stdout + stderr }
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string }
    if (stdout === undefined || stderr === undefined) throw error
    return { fine: false, said: stdout + stderr }
  }
}

export interface Target {
  /** host:port */
  readonly address: string
  readonly path: string
}

export interface ActiveAlert {
  readonly state: 'pending' | 'firing'
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}

export interface Prometheus {
  alerts(): Promise<readonly ActiveAlert[]>
  /** Labels of each series that fits the selector. */
  series(selector: string): Promise<readonly Readonly<Record<string, string>>[]>
  stop(): Promise<void>
}

/** On loopback, with data of its own; asks its targets each second. It never outlives this process. */
export async function startPrometheus(
  rules: string,
  targets: readonly Target[],
): Promise<Prometheus> {
  const command = prometheusPath()
  const folder = mkdtempSync(join(tmpdir(), 'sluice-prometheus-'))
  const port = await freePort()
  writeFileSync(join(folder, 'rules.yaml'), rules)
  const config = {
    global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
    rule_files: ['rules.yaml'],
    scrape_configs: targets.map(({ address, path }, nth) => ({
      job_name: `target-${nth}`,
      metrics_path: path,
      static_configs: [{ targets: [address] }],
    })),
  }
  writeFileSync(join(folder, 'prometheus.yaml'), stringify(config))
  const log = join(folder, 'log')
  const process = await launch({
    command,
    args: [
      `--config.file=${join(folder, 'prometheus.yaml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=warn',
    ],
    cwd: folder,
    env: inheritedEnv(),
    log,
    leashed: true,
  })
  const url = `http://127.0.0.1:${port}`
  const ask = async <T>(path: string) =>
    ((await (await fetch(`${url}/api/v1/${path}`)).json()) as { data: T }).data
  try {
    await eventually(
      'Prometheus is ready',
      () => {
        if (!isAlive(process)) throw new Error(readFileSync(log, 'utf8'))
        return fetch(`${url}/-/ready`).then(
          ({ ok }) => ok,
          () => false,
        )
      },
      60_000,
    )
  } catch (error) {
    await end(process, 3_000)
    throw error
  }
  return {
    alerts: async () => (await ask<{ alerts: ActiveAlert[] }>('alerts')).alerts,
    series: (selector) => ask(`series?match[]=${encodeURIComponent(selector)}`),
    async stop() {
      await end(process, 10_000)
      rmSync(folder, { recursive: true })
    },
  }
}
