// Runs TypeScript's compiler over a folder and reads what it says; knows nothing of pipelines.
import { spawnSync } from 'node:child_process'
import { SluiceError } from '../../core/errors.ts'

export interface Said {
  /** As the compiler names it: relative to where it ran, or absolute. */
  readonly file: string
  readonly line: number
  readonly column: number
  /** The number of `TS2339`. */
  readonly code: number
  /** The first line, then the reasons, the last one last. */
  readonly text: readonly string[]
}

export interface Run {
  readonly said: readonly Said[]
  /** Every file that was read. */
  readonly files: readonly string[]
}

const WITHIN_MS = 120_000
const MOST_OUTPUT = 256 * 1024 * 1024

/** The native program itself: starting it through Node would cost as much again as a small check. Undefined when it is not installed. */
export async function findTsc(): Promise<string | undefined> {
  try {
    const library = import.meta.resolve('typescript/package.json')
    const { default: path } = (await import(new URL('lib/getExePath.js', library).href)) as {
      default: () => string
    }
    return path()
  } catch {
    return undefined
  }
}

export function runTsc(tsc: string, folder: string): Run {
  const all = ['-p', '.', '--pretty', 'false', '--noErrorTruncation', '--listFiles']
  const { stdout, stderr, error, status } = spawnSync(tsc, all, {
    cwd: folder,
    encoding: 'utf8',
    timeout: WITHIN_MS,
    maxBuffer: MOST_OUTPUT,
  })
  if (error !== undefined || status === null || status > 2)
    throw new SluiceError('SLU1130', {
      message: `tsc ended without an answer: ${error?.message ?? stderr.slice(0, 300)}`,
      ...(error === undefined ? {} : { cause: error }),
    })
  return parse(stdout)
}

const HEAD = /^(.+?)\((\d+),(\d+)\): error TS(\d+): (.*)$/
const HEAD_WITHOUT_PLACE = /^error TS(\d+): (.*)$/

function parse(output: string): Run {
  const said: (Said & { text: string[] })[] = []
  const files: string[] = []
  for (const line of output.split(/\r?\n/)) {
    const head = HEAD.exec(line)
    const bare = HEAD_WITHOUT_PLACE.exec(line)
    if (head !== null) {
      const [, file = '', at, column, code, text = ''] = head
      said.push({
        file,
        line: Number(at),
        column: Number(column),
        code: Number(code),
        text: [text],
      })
    } else if (bare !== null)
      said.push({ file: '', line: 1, column: 1, code: Number(bare[1]), text: [bare[2] ?? ''] })
    else if (/^\s/.test(line)) said.at(-1)?.text.push(line.trim())
    else if (line !== '') files.push(line)
  }
  return { said, files }
}
