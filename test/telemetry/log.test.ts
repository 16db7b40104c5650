import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../../workers/core/clock.ts'
import { SluiceError } from '../../workers/core/errors.ts'
import { createLog, type LogOptions } from '../../workers/telemetry/log.ts'
import { isSecretKey } from '../../workers/telemetry/redact.ts'

const clock = { ...systemClock, now: () => Date.UTC(2026, 10, 23, 7, 35, 32, 123) }

function logged(options: Partial<LogOptions> & { isTTY?: boolean } = {}) {
  const written: string[] = []
  const stream = {
    write: (text: string) => written.push(text),
    isTTY: options.isTTY === true,
  }
  const log = createLog({ env: {}, clock, stream, ...options })
  return {
    log,
    written,
    text: () => written.join(''),
    json: () => written.map((w) => JSON.parse(w)),
  }
}

describe('the log as JSON', () => {
  it('writes one line a call: level, time, process, fields, message', () => {
    const { log, written, json } = logged()
    log.info({ pipeline: 'predictions', trace_id: 'a', span_id: 'b' }, 'A message was acked.')
    log.warn('Nothing but a sentence, 100 %s of it.')
    expect(written.every((line) => line.endsWith('}\n'))).toBe(true)
    expect(json()).toEqual([
      {
        level: 'info',
        time: '2026-11-23T07:35:32.123Z',
        pid: process.pid,
        pipeline: 'predictions',
        trace_id: 'a',
        span_id: 'b',
        msg: 'A message was acked.',
      },
      {
        level: 'warn',
        time: '2026-11-23T07:35:32.123Z',
        pid: process.pid,
        msg: 'Nothing but a sentence, 100 %s of it.',
      },
    ])
  })

  it('keeps fields that bear the names of its own apart', () => {
    const { log, json } = logged()
    log.info({ level: 'fake', time: 'fake', pid: 1, msg: 'fake' }, 'True.')
    expect(json()[0]).toMatchObject({ level: 'info', msg: 'True.', level_: 'fake', msg_: 'fake' })
  })

  it('takes its level from SLUICE_LOG_LEVEL, else LOG_LEVEL, else info', () => {
    const levels = (env: Record<string, string>, level?: 'error') => {
      const { log, json } = logged({ env, ...(level === undefined ? {} : { level }) })
      for (const name of ['debug', 'info', 'warn', 'error'] as const) log[name]({}, 'x')
      return json().map((line) => line.level)
    }
    expect(levels({})).toEqual(['info', 'warn', 'error'])
    expect(levels({ LOG_LEVEL: 'debug' })).toHaveLength(4)
    expect(levels({ SLUICE_LOG_LEVEL: 'warn', LOG_LEVEL: 'debug' })).toEqual(['warn', 'error'])
    expect(levels({ SLUICE_LOG_LEVEL: 'SILENT' })).toEqual([])
    expect(levels({ SLUICE_LOG_LEVEL: 'debug' }, 'error')).toEqual(['error'])
    expect(levels({ LOG_LEVEL: 'loud' })).toEqual(['warn', 'info', 'warn', 'error'])
  })

  it('shows errors whole: name, code, stack, cause', () => {
    const { log, json } = logged()
    const cause = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
    log.error({ error: new SluiceError('SLU5201', { cause }) }, 'Kafka is away.')
    const { error } = json()[0]
    expect(error).toMatchObject({
      name: 'SluiceError',
      code: 'SLU5201',
      message: 'Kafka is away',
      cause: { name: 'Error', code: 'ECONNREFUSED', message: 'connect ECONNREFUSED' },
    })
    expect(error.stack).toContain('log.test.ts')
  })

  it('hides what looks like a secret, at any depth and in URLs', () => {
    const { log, text, json } = logged({ isTTY: false })
    log.info(
      {
        password: 'hunter2',
        connection: { sasl: { mechanism: 'plain', password: 'hunter2' }, user: 'guest' },
        headers: [{ Authorization: 'Bearer hunter2' }, { 'X-Api-Key': 'hunter2' }],
        map: new Map([['clientSecret', 'hunter2']]),
        error: Object.assign(new Error('amqp://guest:hunter2@localhost:5672/ refused'), {
          accessToken: 'hunter2',
        }),
        url: new URL('redis://:hunter2@localhost'),
        passed: 3,
        author: 'me',
        token: null,
        hasPassword: true,
      },
      'Connecting to kafka://app:hunter2@broker.',
    )
    expect(text()).not.toContain('hunter2')
    expect(json()[0]).toMatchObject({
      password: '[redacted]',
      connection: { sasl: '[redacted]', user: 'guest' },
      passed: 3,
      author: 'me',
      token: null,
      hasPassword: true,
      msg: 'Connecting to kafka://app:[redacted]@broker.',
    })
  })

  it.each(
    'password PASSWD redis_password clientSecret x-auth-token Set-Cookie saslMechanism private_key apiKey auth pwd'.split(
      ' ',
    ),
  )('knows %s for a secret', (key) => expect(isSecretKey(key)).toBe(true))

  it.each(['passed', 'bypass', 'key', 'author', 'partition', 'compass', 'keys'])(
    'knows %s for none',
    (key) => expect(isSecretKey(key)).toBe(false),
  )

  it('survives whatever it is given', () => {
    const { log, json } = logged()
    const circle: Record<string, unknown> = { name: 'circle' }
    circle['self'] = circle
    const deep = { a: { a: { a: { a: { a: { a: { a: { a: {} } } } } } } } }
    const throwing = {
      get bad() {
        throw new Error('no')
      },
    }
    log.info(
      { circle, deep, big: 1n, bytes: Buffer.from('secret'), f: () => {}, s: Symbol('s') },
      'x',
    )
    log.info({ many: Array.from({ length: 500 }, () => 0), long: 'x'.repeat(1_000_000) }, 'x')
    log.info(throwing, 'x')
    log.info({ inner: throwing }, 'x')
    log.info([1, 2] as object, 'x')
    log.info(new Error('bare'), 'x')
    const [first, second, third, fourth, fifth, sixth] = json()
    expect(first.circle.self).toBe('[circular]')
    expect(first).toMatchObject({ big: '1', bytes: '[6 bytes]', s: 'Symbol(s)' })
    expect(second.many).toHaveLength(101)
    expect(second.long.length).toBeLessThan(20_000)
    expect(third).toMatchObject({ unloggable: 'no', msg: 'x' })
    expect(fourth).toMatchObject({ unloggable: 'no', msg: 'x' })
    expect(fifth).toMatchObject({ value: [1, 2] })
    expect(sixth).toMatchObject({ message: 'bare' })
  })

  it('never lets a message break its line, and never writes a character that a terminal acts on', () => {
    const nasty = '\r\n{"level":"error"}\u001b[2J\u009b31m\u0085\u2028\u2029\u202e\u0000\u007f'
    const { log, written, json, text } = logged()
    log.info({ [nasty]: nasty, nested: [nasty] }, nasty)
    expect(written).toHaveLength(1)
    expect(text().slice(0, -1)).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_C}]/u)
    expect(json()[0]).toMatchObject({ [nasty]: nasty, nested: [nasty], msg: nasty })
  })

  it('writes one parsable line for anything', () => {
    const part = fc.constantFrom('amqp://', ':', '@', '"', '\\', '\n', '/', 'hunter2', ' ')
    const urlish = fc.array(part, { maxLength: 12 }).map((parts) => parts.join(''))
    fc.assert(
      fc.property(
        fc.object({ withBigInt: true, withDate: true }),
        fc.oneof(fc.string(), urlish),
        (fields, message) => {
          const { log, written, json } = logged()
          log.info({ ...fields, url: message }, message)
          expect(written).toHaveLength(1)
          expect(written[0]!.indexOf('\n')).toBe(written[0]!.length - 1)
          expect(json()[0].level).toBe('info')
        },
      ),
    )
  })
})

describe('the log on a terminal', () => {
  const human = (env: Record<string, string> = { NO_COLOR: '1' }) => logged({ env, isTTY: true })

  it('writes a line for people', () => {
    const { log, text } = human()
    log.info({ pipeline: 'predictions', rate: 12.5, note: 'two words', empty: '' }, 'It runs.')
    log.error('Alone.')
    expect(text()).toBe(
      '07:35:32.123 info  It runs.  pipeline=predictions rate=12.5 note="two words" empty=""\n' +
        '07:35:32.123 error Alone.\n',
    )
  })

  it('shows stacks below the line, each line indented', () => {
    const { log, text } = human()
    const error = new Error('first\nsecond', { cause: new Error('inner') })
    log.error({ error }, 'It failed.')
    const [head, ...rest] = text().slice(0, -1).split('\n')
    expect(head).toContain('It failed.  error={"name":"Error","message":"first\\nsecond"')
    expect(rest.length).toBeGreaterThan(3)
    expect(rest.every((line) => line.startsWith('    '))).toBe(true)
    expect(rest.some((line) => line.includes('Error: inner'))).toBe(true)
  })

  it('colours unless NO_COLOR is set', () => {
    const { log, text } = human({})
    log.warn('Look.')
    expect(text()).toContain('\u001b[33mwarn \u001b[0m')
  })

  it('never lets a message pose as a line or steer the terminal', () => {
    const anything = fc.oneof(
      fc.string(),
      fc.constantFrom('\n', '\r', '\u001b[2J', '\u2028', '\u009b'),
    )
    const values = fc.dictionary(anything, fc.oneof(anything, fc.object()))
    fc.assert(
      fc.property(values, anything, anything, (fields, message, failure) => {
        const { log, written } = human()
        log.info({ ...fields, error: new Error(failure) }, message)
        expect(written).toHaveLength(1)
        const [head, ...rest] = written[0]!.slice(0, -1).split('\n')
        expect(rest.every((line) => line.startsWith('    '))).toBe(true)
        expect([head, ...rest].join('')).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_C}]/u)
      }),
    )
  })
})

describe('the log of a process', () => {
  const module = new URL('../../workers/telemetry/log.ts', import.meta.url).href
  const run = (script: string, stderr: 'pipe' | number = 'pipe') =>
    spawn(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `import { createLog } from '${module}'; const log = createLog({ env: {} }); ${script}`,
      ],
      { stdio: ['pipe', 'pipe', stderr] },
    )

  it('loses nothing when the process exits at once', async () => {
    const child = run(
      `for (let i = 0; i < 5000; i++) log.info({ i, pad: 'x'.repeat(100) }, 'y'); process.exit(3)`,
    )
    let text = ''
    child.stderr?.on('data', (chunk: Buffer) => (text += chunk.toString()))
    const code = await new Promise((resolve) => child.once('close', resolve))
    expect(code).toBe(3)
    const lines = text.trimEnd().split('\n')
    expect(lines).toHaveLength(5_000)
    expect(JSON.parse(lines.at(-1)!)).toMatchObject({ i: 4_999, msg: 'y' })
  })

  it('writes nothing to stdout and survives a closed stderr', async () => {
    const child = run(
      `process.stdin.once('data', () => { for (let i = 0; i < 100; i++) log.error('x'); process.stdout.write('alive'); process.exit(0) })`,
    )
    let out = ''
    child.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()))
    child.stderr?.destroy()
    await new Promise((resolve) => child.stderr?.once('close', resolve))
    child.stdin?.write('go')
    const code = await new Promise((resolve) => child.once('close', resolve))
    expect({ code, out }).toEqual({ code: 0, out: 'alive' })
  })

  it('survives a stderr that takes nothing any more', async () => {
    const full = openSync('/dev/full', 'w')
    const child = run(
      `for (let i = 0; i < 100; i++) log.error('x'); setTimeout(() => process.exit(0), 20)`,
      full,
    )
    const code = await new Promise((resolve) => child.once('close', resolve))
    closeSync(full)
    expect(code).toBe(0)
  })
})
