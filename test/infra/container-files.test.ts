// The image and the services around it, as far as files can be judged without an engine: syntax, and what makes them safe to run.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DCLinter } from 'dclint'
import { validate } from 'dockerfile-utils'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { FLEET_SPELT_OUT } from '../../workers/compile/grammar/fleet.ts'
import { ROUTES } from '../../workers/ops/api/routes.ts'

const INFRA = join(import.meta.dirname, '../../infra')
const dockerfile = readFileSync(join(INFRA, 'Dockerfile'), 'utf8')
const compose = parse(readFileSync(join(INFRA, 'compose.yaml'), 'utf8')) as {
  services: Record<string, Record<string, unknown>>
}

test('the Dockerfile is one', () => {
  expect(validate(dockerfile)).toEqual([])
  expect(validate(dockerfile.replace('USER 65532:65532', 'USR 65532')).length).toBeGreaterThan(0)
})

test('the image runs as nobody, from pinned bases, with a health check, and is told to stop by SIGTERM', () => {
  const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM ')).split('\n')
  const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, base]) => base)
  expect(bases).toHaveLength(3)
  expect(bases.filter((base) => !/^node:\d+-bookworm-slim$/.test(String(base)))).toEqual([])
  expect(last).toContain('USER 65532:65532')
  expect(last).toContain('STOPSIGNAL SIGTERM')
  expect(last.some((line) => line.startsWith('HEALTHCHECK '))).toBe(true)
  // A shell as the first process would keep the signal to itself.
  for (const word of ['ENTRYPOINT', 'CMD'])
    expect(last.filter((line) => line.startsWith(`${word} `) && !line.includes('["'))).toEqual([])
})

test('the compose file has no findings but those about the order of its keys', () => {
  const rules = Object.fromEntries(
    [
      'service-keys-order',
      'services-alphabetical-order',
      'service-ports-alphabetical-order',
      'service-dependencies-alphabetical-order',
    ].map((name) => [name, 0]),
  )
  const linter = new DCLinter({ rules, quiet: false, debug: false, exclude: [] })
  const results = linter.lintFiles([join(INFRA, 'compose.yaml')], false)
  const found = results as unknown as {
    readonly messages: readonly { readonly message: string }[]
  }[]
  expect(found.flatMap(({ messages }) => messages.map(({ message }) => message))).toEqual([])
  expect(results).toHaveLength(1)
})

test('every port is on loopback, and workers, ops and Prometheus have no more rights than they need', () => {
  const ports = Object.values(compose.services).flatMap(({ ports: all }) => (all ?? []) as string[])
  expect(ports.length).toBeGreaterThan(0)
  expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([])
  for (const service of ['workers', 'ops', 'prometheus'])
    expect(compose.services[service]).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    })
})

test('workers are given longer to stop than the fleet takes to drain', () => {
  const { properties } = FLEET_SPELT_OUT as unknown as {
    properties: { drain: { properties: { within: { default: string } } } }
  }
  const seconds = (text: unknown) => Number(/^(\d+)s$/.exec(String(text))?.[1])
  const drain = seconds(properties.drain.properties.within.default)
  expect(drain).toBeGreaterThan(0)
  expect(seconds(compose.services['workers']?.['stop_grace_period'])).toBeGreaterThan(drain + 10)
})

test('Prometheus asks what is there, at the ports where it is, and reads the rules of the fleet', () => {
  const { rule_files, scrape_configs } = parse(
    readFileSync(join(INFRA, 'prometheus.yaml'), 'utf8'),
  ) as { rule_files: string[]; scrape_configs: ScrapeConfig[] }
  const { volumes, secrets } = compose.services['prometheus'] as Record<string, string[]>
  for (const file of ['prometheus.yaml', ...rule_files]) {
    expect(readFileSync(join(INFRA, file), 'utf8')).not.toBe('')
    expect(volumes?.some((volume) => volume.startsWith(`./${file}:`))).toBe(true)
  }
  const [workers, ops] = scrape_configs
  expect(workers?.dns_sd_configs).toEqual([{ names: ['workers'], type: 'A', port: 9400 }])
  expect(compose.services['workers']?.['ports']).toEqual([expect.stringMatching(/:9400$/)])
  expect(ops?.static_configs).toEqual([{ targets: ['ops:9300'] }])
  expect(compose.services['ops']?.['command']).toContain('9300')
  expect(ops?.metrics_path).toBe(ROUTES.find(({ id }) => id === 'getMetrics')?.path)
  expect(ops?.authorization?.credentials_file).toBe(`/run/secrets/${secrets?.[0]}`)
})

interface ScrapeConfig {
  readonly metrics_path?: string
  readonly dns_sd_configs?: unknown
  readonly static_configs?: unknown
  readonly authorization?: { readonly credentials_file: string }
}
