// A line that another process wrote, as one of ours with its name; whatever it holds, it stays one line of that process.
import { colours, humanLine, jsonLine, noColours, safe } from './log-line.ts'

/** `people`: as lines for people instead of JSON, in colour or not. What is no line of our log is passed on as text. */
export function passedOn(
  name: string,
  line: string,
  people: { readonly colour: boolean } | undefined,
): string {
  const fields = logLine(line)
  if (people === undefined)
    return fields === undefined
      ? `${name} | ${safe(line)}\n`
      : jsonLine(`${JSON.stringify({ ...fields, worker: name })}\n`)
  const paint = people.colour ? colours : noColours
  const who = paint('dim', name)
  return fields === undefined ? `${who} | ${safe(line)}\n` : `${who} ${humanLine(line, paint)}`
}

/** Undefined for what our log did not write. */
function logLine(line: string): object | undefined {
  if (!line.startsWith('{"level":"')) return undefined
  try {
    const fields = JSON.parse(line) as Record<string, unknown>
    const isOurs = ['level', 'time', 'msg'].every((name) => typeof fields[name] === 'string')
    return isOurs ? fields : undefined
  } catch {
    return undefined
  }
}
