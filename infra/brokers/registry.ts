// A schema registry with Confluent's API (Apicurio), its schemas in a file beside it, so that a killed one comes back with its ids.
import { join } from 'node:path'
import type { BrokerKind } from './broker.ts'
import { portOf } from './broker.ts'
import { inheritedEnv } from './environment.ts'
import { ensureNewJava } from './java.ts'
import { MAVEN } from './maven.ts'
import { launch } from './process.ts'
import { ensureRegistryApp, registryCached } from './registry-app.ts'

const API = '/apis/ccompat/v7'

const say = (line: string) => process.stderr.write(line + '\n')

export const registry: BrokerKind = {
  name: 'registry',
  ports: ['port', 'management'],
  programs: () => (registryCached() ? [] : [MAVEN]),
  prepare: () => Promise.resolve(),
  async launch(site) {
    const app = await ensureRegistryApp()
    const settings = {
      'quarkus.http.host': '127.0.0.1',
      'quarkus.http.port': portOf(site, 'port'),
      'quarkus.management.host': '127.0.0.1',
      'quarkus.management.port': portOf(site, 'management'),
      'apicurio.storage.kind': 'sql',
      'apicurio.storage.sql.kind': 'h2',
      // Written at once: what was answered is there after a kill.
      'apicurio.datasource.url': `jdbc:h2:file:${join(site.dir, 'schemas')};WRITE_DELAY=0`,
      'apicurio.datasource.username': 'sa',
      'apicurio.datasource.password': 'sa',
    }
    const id = await launch({
      command: ensureNewJava(say),
      args: [
        '-Xms128m',
        '-Xmx512m',
        '-XX:TieredStopAtLevel=1',
        ...Object.entries(settings).map(([name, value]) => `-D${name}=${value}`),
        '-jar',
        join(app, 'quarkus-run.jar'),
      ],
      cwd: site.dir,
      env: inheritedEnv(),
      log: join(site.dir, 'registry.log'),
      leashed: site.leashed,
    })
    return [id]
  },
  async probe(place) {
    const response = await fetch(`${urlOf(place.ports)}/schemas/types`)
    if (!response.ok) throw new Error(`the registry answers ${response.status}`)
    await response.body?.cancel()
  },
  env: (ports) => ({ KAFKA_SCHEMA_REGISTRY_URL: urlOf(ports) }),
}

const urlOf = (ports: Parameters<typeof portOf>[0]['ports']) =>
  `http://127.0.0.1:${portOf({ ports }, 'port')}${API}`
