// A page of documentation as something that runs: its commands in their order, in one shell, and what they must print.
import { spawn } from 'node:child_process'
import { expect } from 'vitest'

export type Part =
  /** `expected`: lines that must be printed, in that order; `…` stands for anything. */
  | {
      readonly kind: 'commands'
      readonly commands: readonly Command[]
      readonly expected: readonly string[]
    }
  /** What a reader does not see: `<!-- … -->`. */
  | { readonly kind: 'note'; readonly text: string }

interface Command {
  readonly text: string
  /** As the page says: `# exit 1`. */
  readonly exit: number
}

const FOUND = /^```sh\n(?<sh>[^]*?)^```$|^```text\n(?<out>[^]*?)^```$|^<!-- (?<note>.*) -->$/gm

export function partsOf(page: string): Part[] {
  const parts: Part[] = []
  for (const { groups = {} } of page.matchAll(FOUND)) {
    const { sh, out, note } = groups
    const last = parts.at(-1)
    if (note !== undefined) parts.push({ kind: 'note', text: note })
    else if (sh !== undefined) {
      const commands = linesOf(sh).map((line) => ({
        text: line,
        exit: Number(/# exit (\d+)$/.exec(line)?.[1] ?? 0),
      }))
      parts.push({ kind: 'commands', commands, expected: [] })
    } else if (last?.kind === 'commands')
      parts.splice(-1, 1, { ...last, expected: linesOf(out ?? '') })
    else throw new Error(`nothing prints: ${out}`)
  }
  return parts
}

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line.trim() !== '')

/** No command of a page takes so long. */
const LATE_MS = 240_000

export interface Shell {
  /** What it printed, on stdout and stderr; a failure of the test when it ends otherwise than it should. */
  run(command: Command): Promise<string>
  end(): Promise<void>
}

export function openShell(cwd: string, env: Readonly<Record<string, string>>): Shell {
  const child = spawn('bash', ['--noprofile', '--norc'], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: true,
  })
  let output = ''
  let heard = () => {}
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString()
    heard()
  })
  child.stdin.write('exec 2>&1\n')
  let turn = 0
  return {
    async run({ text, exit }) {
      const mark = `-- end of command ${++turn}:`
      const began = output.length
      child.stdin.write(`${text}\nprintf '\\n%s %s\\n' '${mark}' $?\n`)
      const end = new RegExp(`\n${mark} (\\d+)\n`)
      let found: RegExpExecArray | null
      const late = Promise.withResolvers<never>()
      const timer = setTimeout(
        () => late.reject(new Error(`${text}: nothing for ${LATE_MS} ms\n${output.slice(began)}`)),
        LATE_MS,
      )
      while ((found = end.exec(output.slice(began))) === null)
        await Promise.race([new Promise<void>((resolve) => (heard = resolve)), late.promise])
      clearTimeout(timer)
      const printed = output.slice(began, began + found.index)
      expect.soft([text, Number(found[1]), printed]).toEqual([text, exit, printed])
      return printed
    },
    async end() {
      const over = new Promise((resolve) => child.once('close', resolve))
      // With all that it started.
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM')
      await over
    },
  }
}

/** Each of the lines is there, one after another. */
export function expectLines(printed: string, expected: readonly string[]): void {
  const lines = printed.split('\n').map((line) => line.trim())
  let at = 0
  for (const wanted of expected) {
    const parts = wanted.trim().split('…')
    const pattern = new RegExp(
      `^${parts.map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)).join('.*')}$`,
    )
    const found = lines.findIndex((line, n) => n >= at && pattern.test(line))
    expect.soft([wanted, found === -1 ? lines.slice(at) : []]).toEqual([wanted, []])
    if (found !== -1) at = found + 1
  }
}
