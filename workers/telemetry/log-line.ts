// Turns a finished JSON log line into what is written: JSON that no terminal or collector can misread, or a line for people.
import { hideInUrls, type Plain } from './redact.ts'

// Control characters (JSON leaves DEL and C1 as they are), line and paragraph separators, and what turns text around.
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_C}]/gu
const CONTROL_BUT_NEWLINE = /(?!\n)[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_C}]/gu

const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

/** One line of JSON, its newline included. */
export function jsonLine(json: string): string {
  return hideInUrls(json).replace(CONTROL_BUT_NEWLINE, escaped)
}

export type Colour = 'dim' | 'red' | 'yellow' | 'cyan'
export type Paint = (colour: Colour, text: string) => string

const CODES: Record<Colour, string> = { dim: '2', red: '31', yellow: '33', cyan: '36' }
export const colours: Paint = (colour, text) => `\u001b[${CODES[colour]}m${text}\u001b[0m`
export const noColours: Paint = (_colour, text) => text

const LEVEL_COLOURS: Readonly<Record<string, Colour>> = {
  debug: 'dim',
  info: 'cyan',
  warn: 'yellow',
  error: 'red',
}

/** What the logger wrote. */
interface Line {
  readonly level: string
  readonly time: string
  readonly pid: number
  readonly msg: string | null
  readonly [field: string]: Plain
}

/** `07:35:32.123 info  Message.  key=value`; a stack follows on lines of its own, each indented, so that nothing can pose as a line. */
export function humanLine(json: string, paint: Paint): string {
  const { level, time, pid: _pid, msg, ...fields } = JSON.parse(hideInUrls(json)) as Line
  const stacks: string[] = []
  const parts = Object.entries(fields).map(
    ([key, value]) => `${paint('dim', `${safe(key)}=`)}${fieldText(value, stacks)}`,
  )
  const head = [
    paint('dim', time.slice(11, 23)),
    paint(LEVEL_COLOURS[level] ?? 'dim', level.padEnd(5)),
    safe(msg ?? ''),
  ].join(' ')
  const line = parts.length === 0 ? head : `${head}  ${parts.join(' ')}`
  return `${[line, ...stacks.map((text) => paint('dim', text))].join('\n')}\n`
}

/** Nothing in it moves a cursor or begins a line. */
export function safe(text: string): string {
  return text.replace(CONTROL, (character) => (character === '\n' ? '\\n' : escaped(character)))
}

function fieldText(value: Plain, stacks: string[]): string {
  if (typeof value === 'string')
    return safe(value === '' || /[\s"=]/.test(value) ? JSON.stringify(value) : value)
  return safe(JSON.stringify(unstacked(value, stacks)))
}

/** An error shows its message in place; its stack, and those of its causes, go below the line. */
function unstacked(value: Plain, stacks: string[]): Plain {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const { stack, cause, ...rest } = value
  if (typeof stack === 'string') {
    stacks.push(...stack.split('\n').map((text) => `    ${safe(text.trim())}`))
  } else if (stack !== undefined) rest['stack'] = stack
  if (cause !== undefined) rest['cause'] = unstacked(cause, stacks)
  return rest
}
