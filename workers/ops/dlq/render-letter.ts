// Prints one dead letter: why, where and when it failed, what became of it, and what it holds; nothing in it can steer the terminal.
import { isoTime } from '../../core/clock.ts'
import { styleText } from 'node:util'
import { codeFrames, printable } from '../../compile/render.ts'
import type { Headers } from '../../core/message.ts'
import type { FleetPlan } from '../../core/plan.ts'
import { fingerprint } from './fingerprint.ts'
import type { Entry } from './ledger.ts'
import { statusOf } from './ledger.ts'
import { headerLines, headerPairs, readable, valueLines } from './render-value.ts'
import { placeText, type Foreign, type Letter, type Origin } from './letter.ts'

export interface LetterStyle {
  readonly color: boolean
  readonly stream: boolean
  /** Show values of fields that are called like secrets. */
  readonly reveal: boolean
  readonly plan: FleetPlan
}

const STACK_LINES = 12

export function renderLetter(
  letter: Letter | Foreign,
  entry: Entry | undefined,
  style: LetterStyle,
): string {
  const bold = (text: string) =>
    style.color ? styleText('bold', text, { validateStream: false }) : text
  const { spot, message } = letter
  const head = bold(`${printable(spot.destination)} ${placeText(spot, style.stream)}`)
  const about = letter.kind === 'letter' ? letterRows(letter) : foreignRows(letter)
  const rows = [...about, ...statusRows(letter, entry)]
  const widest = Math.max(...rows.map(([name]) => name.length))
  const sections: [string, readonly string[]][] = [
    ['where it failed', letter.kind === 'letter' ? frameOf(letter, style.plan) : []],
    ['stack', letter.kind === 'letter' ? stackOf(letter) : []],
    ['headers', headerLines(message.headers, style.reveal)],
    ['value', valueLines(letter.content, style.reveal)],
  ]
  return [
    head,
    ...rows.map(([name, value]) => `  ${name.padEnd(widest)}  ${printable(value)}`),
    ...sections.flatMap(([title, lines]) =>
      lines.length === 0 ? [] : ['', bold(title), ...lines.map((line) => `  ${line}`)],
    ),
    '',
  ].join('\n')
}

/** The same as data; `value` is the JSON of the value, or its bytes in base64. */
export function letterJson(
  letter: Letter | Foreign,
  entry: Entry | undefined,
  { stream, reveal }: LetterStyle,
): object {
  const { spot, message } = letter
  const place = placeText(spot, stream)
  const data = readable(letter.content, reveal)
  const value =
    data === undefined
      ? { base64: Buffer.from(message.value ?? []).toString('base64') }
      : { value: data }
  const {
    kind: _kind,
    spot: _spot,
    key: _key,
    message: _message,
    content: _content,
    ...rest
  } = letter
  return {
    destination: spot.destination,
    place,
    letter: letter.kind === 'letter',
    ...rest,
    ...(letter.kind === 'letter' ? { fingerprint: fingerprint(letter) } : {}),
    trace: traceOf(message.headers) ?? null,
    status: statusOf(entry),
    ledger: entry ?? null,
    key: message.key === null ? null : Buffer.from(message.key).toString(),
    headers: Object.fromEntries(headerPairs(message.headers, reveal)),
    ...value,
  }
}

type Row = readonly [name: string, value: string]

function letterRows(letter: Letter): Row[] {
  const { code, reason, cause, pipeline, step, attempts, origin, id, at, failedAt } = letter
  const { payload, payloadBytes, message } = letter
  const rows: (readonly [string, string | undefined])[] = [
    ['reason', `${code} ${letter.class}: ${reason}`],
    ['cause', cause],
    ['pipeline', `${pipeline}${step === undefined ? '' : `, step ${step}`}`],
    ['line', at],
    ['attempts', String(attempts)],
    ['failed at', failedAt],
    ['event', id],
    ['from', fromOf(origin)],
    ['key', message.key === null ? undefined : Buffer.from(message.key).toString()],
    ['payload', payload === 'omitted' ? `omitted: ${payloadBytes} bytes did not fit` : undefined],
    ['trace', traceOf(message.headers)],
    ['group', fingerprint(letter)],
  ]
  return rows.filter((row): row is Row => row[1] !== undefined)
}

function fromOf(origin: Origin): string {
  switch (origin.kind) {
    case 'topic':
      return `topic ${origin.topic}, partition ${origin.partition}, offset ${origin.offset}`
    case 'queue':
      return `queue ${origin.queue}${origin.messageId === undefined ? '' : `, message ${origin.messageId}`}`
    case 'jobs':
      return `jobs ${origin.jobs}, job ${origin.jobId}`
    case 'schedule':
      return `schedule of ${origin.schedule}, fired for ${isoTime(origin.firedMs)}`
  }
}

const foreignRows = ({ why, message }: Foreign): Row[] => [
  ['no letter', why],
  ...(message.key === null ? [] : [['key', Buffer.from(message.key).toString()] as const]),
]

function statusRows(letter: Letter | Foreign, entry: Entry | undefined): Row[] {
  const status = statusOf(entry)
  if (entry === undefined) return [['status', status]]
  if (entry.status === 'replaying')
    return [
      ['status', `${status}: a replay by ${entry.by} at ${entry.at} has an unknown outcome so far`],
    ]
  const reason = entry.reason === undefined ? '' : `: ${entry.reason}`
  const times = letter.kind === 'letter' && entry.status === 'replayed' && entry.count > 1
  return [
    [
      'status',
      `${status} by ${entry.by} at ${entry.at}${times ? `, for the ${entry.count}. time` : ''}${reason}`,
    ],
  ]
}

/** Only lines of files that the fleet is made of: the header came from outside. */
function frameOf({ at }: Letter, plan: FleetPlan): string[] {
  const [, file = '', line, column] = /^(.+):(\d+):(\d+)$/.exec(at ?? '') ?? []
  const known = ['pipelines/fleet.yaml', ...Object.values(plan.pipelines).map((one) => one.file)]
  if (!known.includes(file)) return []
  const place = { file, line: Number(line), column: Number(column), length: 1 }
  return [`${file}:${line}:${column}`, ...codeFrames(plan.root)(place)]
}

function stackOf({ stack }: Letter): string[] {
  const lines = (stack ?? '').split('\n').map((line) => printable(line))
  const cut = lines.length > STACK_LINES ? [`… ${lines.length - STACK_LINES} lines more`] : []
  return stack === undefined ? [] : [...lines.slice(0, STACK_LINES), ...cut]
}

function traceOf(headers: Headers): string | undefined {
  const { traceparent } = headers
  const text = traceparent instanceof Uint8Array ? Buffer.from(traceparent).toString() : traceparent
  return typeof text === 'string'
    ? /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-/.exec(text)?.[1]
    : undefined
}
