// Where the guide's rows are exercised: the whole platform on real brokers, its operations API, and plain ways to look at what it did.
import { randomUUID } from 'node:crypto'
import { startOtlpReceiver, type ReceivedSpan } from '../support/otlp-receiver.ts'
import { openRedisView } from '../support/redis.ts'
import { drainQueue } from '../e2e/support/brokers-io.ts'
import { PLATFORM, startPlatform, type Platform } from '../e2e/support/platform/platform.ts'
import { sluice, type Running } from '../e2e/support/worker-process.ts'
import type { Fleet } from '../../workers/generated/fleet.ts'

/** Whatever has not come by then does not come. */
const PATIENCE_MS = 60_000

export interface Stage extends Pick<Platform, 'client' | 'prefix' | 'ask' | 'up'> {
  /** Of the operations API. */
  readonly url: string
  /** What the fleet and its client have exported so far. */
  readonly spans: () => readonly ReceivedSpan[]
  readonly redis: Awaited<ReturnType<typeof openRedisView>>
  /** The first event of the topic for which that is true. */
  event<Name extends keyof Fleet['topics']>(
    topic: Name,
    is: (data: Fleet['topics'][Name]) => boolean,
  ): Promise<Fleet['topics'][Name]>
  /** The first body on the queue that says that; nobody else reads the queue. */
  command(queue: string, text: string): Promise<Record<string, unknown>>
  /** The first line of the workers' log that says that. */
  logged(pattern: RegExp): Promise<string>
  /** What the worker process that runs the pipeline serves to Prometheus: the first line that matches. */
  metric(pipeline: string, pattern: RegExp): Promise<string>
  until<T>(what: string, look: () => Promise<T | undefined> | T | undefined): Promise<T>
}

export async function openStage(): Promise<Stage & { close(): Promise<void> }> {
  const receiver = await startOtlpReceiver()
  const platform = await startPlatform({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url })
  const { client, prefix, ask, up } = platform
  const redis = await openRedisView()
  const ops = startOps(prefix)
  const taken = new Map<string, string[]>()
  const until: Stage['until'] = async (what, look) => {
    const deadline = performance.now() + PATIENCE_MS
    for (;;) {
      const found = await look()
      if (found !== undefined) return found
      if (performance.now() > deadline) throw new Error(`waited in vain: ${what}`)
      await new Promise((done) => setTimeout(done, 50))
    }
  }
  return {
    client,
    prefix,
    ask,
    up,
    redis,
    until,
    spans: () => receiver.spans,
    url: await ops.url,
    async event(topic, is) {
      const signal = AbortSignal.timeout(PATIENCE_MS)
      // Others may have sent what is no event.
      const events = client
        .topic(topic)
        .events({ group: `guide-${randomUUID().slice(0, 8)}`, signal, onInvalid: () => {} })
      for await (const { data } of events) if (is(data)) return data
      throw new Error(`no such event on ${topic}`)
    },
    command: (queue, text) =>
      until(`${text} on ${queue}`, async () => {
        const seen = taken.get(queue) ?? []
        taken.set(queue, seen)
        seen.push(...(await drainQueue(prefix + queue)).map(({ content }) => String(content)))
        const found = seen.find((body) => body.includes(text))
        return found === undefined ? undefined : (JSON.parse(found) as Record<string, unknown>)
      }),
    async metric(pipeline, pattern) {
      const line = new RegExp(`"pipelines":\\[[^\\]]*"${pipeline}"[^\\]]*\\],"probes":(\\d+)`)
      const port = line.exec(up.stderr())?.[1]
      return until(`${pattern} of ${pipeline}`, async () => {
        const response = await fetch(`http://127.0.0.1:${port}/metrics`).catch(() => undefined)
        return pattern.exec((await response?.text()) ?? '')?.[0]
      })
    },
    logged: (pattern) => until(String(pattern), () => pattern.exec(up.stderr())?.[0]),
    async close() {
      redis.disconnect()
      ops.running.child.kill('SIGTERM')
      await Promise.all([ops.running.finished, platform.stop()])
      await receiver.close()
    },
  }
}

function startOps(prefix: string): { running: Running; url: Promise<string> } {
  const args = ['ops', '--port', '0', '--format', 'json', '--project', PLATFORM]
  const running = sluice(args, { SLUICE_PREFIX: prefix, NO_COLOR: '1' })
  const first = Promise.withResolvers<string>()
  let said = ''
  running.child.stdout?.on('data', (chunk: Buffer) => {
    said += chunk.toString()
    if (said.includes('\n')) first.resolve((JSON.parse(said) as { url: string }).url)
  })
  void running.finished.then(({ stderr }) => first.reject(new Error(stderr)))
  return { running, url: first.promise }
}
