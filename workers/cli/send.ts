// `sluice send`: puts messages on a topic of the fleet, confirmed, under a trace of their own.
import { resolveSetting } from '../compile/settings.ts'
import { noCounts } from '../runtime/counts.ts'
import { SluiceError } from '../core/errors.ts'
import type { Sink } from '../core/contract.ts'
import type { Composition } from './composition.ts'
import { EXIT } from './exit.ts'
import { checkFeed, sendFeed } from './feed.ts'
import { compileProject, findProject } from './project.ts'
import { openSender } from './sender.ts'
import { traced } from './traced-sink.ts'

export interface SendOptions {
  readonly project?: string
  readonly topic: string
  readonly value?: string
  readonly key?: string
  readonly header: readonly string[]
  readonly file?: string
  readonly format: 'text' | 'json'
}

export async function send(options: SendOptions, composition: Composition): Promise<number> {
  const { world, env, log } = composition
  const { topic, file } = options
  if ((file === undefined) === (options.value === undefined))
    throw new SluiceError('SLU1001', { message: 'send takes a value, or --file FILE' })
  const compiled = await compileProject(findProject(options.project), process.stderr, log)
  if (compiled === undefined) return EXIT.usage
  const { plan } = compiled
  if (file !== undefined) await checkFeed({ topic, file }, plan.topics)
  const telemetry = composition.telemetry(noCounts, { complete: true })
  const sender = openSender({
    plan,
    factories: composition.drivers(false),
    prefix: resolveSetting(plan.prefix, env),
    world,
    log,
  })
  try {
    const sink = traced(sender.sink(topic), topic, telemetry.tracer)
    const sent =
      file === undefined
        ? await sendOne(options, sink, composition)
        : await sendFeed({ topic, file }, sink, world)
    process.stdout.write(
      options.format === 'json'
        ? `${JSON.stringify({ version: 1, topic, sent })}\n`
        : `sent ${sent} ${sent === 1 ? 'message' : 'messages'} to ${topic}\n`,
    )
    return EXIT.ok
  } finally {
    await sender.close()
    await telemetry.close()
  }
}

async function sendOne(options: SendOptions, sink: Sink, { world }: Composition): Promise<number> {
  const headers = Object.fromEntries(
    options.header.map((text) => {
      const at = text.indexOf('=')
      if (at < 1)
        throw new SluiceError('SLU1001', { message: `--header takes NAME=VALUE, not "${text}"` })
      return [text.slice(0, at), text.slice(at + 1)]
    }),
  )
  await sink.send({
    id: world.ids.next(),
    key: options.key === undefined ? null : Buffer.from(options.key),
    value: Buffer.from(options.value ?? ''),
    headers,
    timestamp: world.clock.now(),
    contentType: 'application/json',
  })
  return 1
}
