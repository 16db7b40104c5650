// Brings Kafka's jars from Maven coordinates into the user's cache; never leaves a half-filled folder behind.
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { cacheFolder } from './cache-folder.ts'
import { maven } from './maven.ts'

export const KAFKA_VERSION = '4.2.0'

const COORDINATES = [
  ['org.apache.kafka', 'kafka_2.13', KAFKA_VERSION],
  ['org.apache.kafka', 'kafka-tools', KAFKA_VERSION],
  ['org.slf4j', 'slf4j-simple', '1.7.36'],
] as const

export const jarsFolder = (): string => join(cacheFolder(), `kafka-${KAFKA_VERSION}`)

export function jarsCached(): boolean {
  return existsSync(jarsFolder())
}

/** The folder of jars, filled first if this machine has not seen them. */
export async function ensureJars(): Promise<string> {
  const target = jarsFolder()
  if (jarsCached()) return target
  await mkdir(dirname(target), { recursive: true })
  const work = await mkdtemp(`${target}-`)
  try {
    const jars = join(work, 'jars')
    await writeFile(join(work, 'pom.xml'), pom())
    await maven(`Kafka ${KAFKA_VERSION}`, work, [
      'dependency:copy-dependencies',
      '-DincludeScope=runtime',
      `-DoutputDirectory=${jars}`,
    ])
    await rename(jars, target).catch((error: unknown) => {
      // Somebody else was faster: what they made is the same.
      if (!jarsCached()) throw error
    })
  } finally {
    await rm(work, { recursive: true, force: true })
  }
  return target
}

function pom(): string {
  const dependencies = COORDINATES.map(
    ([group, artifact, version]) =>
      `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`,
  )
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
<modelVersion>4.0.0</modelVersion>
<groupId>sluice</groupId><artifactId>brokers</artifactId><version>1</version>
<dependencies>${dependencies.join('\n')}</dependencies>
</project>
`
}
