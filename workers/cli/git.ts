// Reads files of an earlier commit from git; never writes, and takes nothing that a user typed for an option.
import { execFileSync } from 'node:child_process'
import { SluiceError } from '../core/errors.ts'
import type { EarlierFiles } from '../compile/evolution/evolution.ts'

/** No more than a schema may have. */
const MAX_BYTES = 1024 * 1024
const PLAIN = /^100(?:644|755) blob ([0-9a-f]+) +([0-9]+)$/

/** `ref` is whatever git takes for a commit: HEAD~1, origin/main, a tag, a hash. */
export function earlierFiles(root: string, ref: string): EarlierFiles {
  const commit = commitOf(root, ref)
  const files = new Map<string, string>()
  const tree = git(root, ['ls-tree', '-r', '-l', '-z', commit, '--', 'pipelines/', 'schemas/'])
  for (const entry of tree.toString('utf8').split('\0')) {
    const [about = '', file] = entry.split('\t', 2)
    if (file !== undefined) files.set(file, about)
  }
  return {
    title: ref,
    list: (folder) => [...files.keys()].filter((file) => file.startsWith(`${folder}/`)),
    read(file) {
      const about = files.get(file)
      if (about === undefined) return undefined
      const [, blob, size] = PLAIN.exec(about) ?? []
      if (blob === undefined || Number(size) > MAX_BYTES) return 'unreadable'
      return git(root, ['cat-file', 'blob', blob])
    },
  }
}

function commitOf(root: string, ref: string): string {
  const [inside, shallow] = git(root, [
    'rev-parse',
    '--is-inside-work-tree',
    '--is-shallow-repository',
  ])
    .toString('utf8')
    .split('\n')
  if (inside !== 'true') throw new SluiceError('SLU0370')
  // What begins with a dash would be an option, whatever stands before it.
  const usable = /^[^-\s\p{Cc}][^\s\p{Cc}]*$/u.test(ref) && ref.length <= 500
  const commit = usable ? found(root, ref) : undefined
  if (commit !== undefined) return commit
  const shown = JSON.stringify(ref.slice(0, 100))
  if (usable && shallow === 'true')
    throw new SluiceError('SLU0372', {
      message: `git has no commit ${shown}, and only a part of the history is here`,
    })
  throw new SluiceError('SLU0371', { message: `git has no commit ${shown}` })
}

function found(root: string, ref: string): string | undefined {
  try {
    const text = run(root, ['rev-parse', '--verify', '--quiet', `${ref}^{commit}`]).toString()
    return /^[0-9a-f]{40,64}$/.exec(text.trim())?.[0]
  } catch {
    return undefined
  }
}

function git(root: string, args: readonly string[]): Buffer {
  try {
    return run(root, args)
  } catch (error) {
    const { code, stderr } = error as NodeJS.ErrnoException & { stderr?: Buffer }
    const said = stderr?.toString('utf8').trim().replace(/\s+/g, ' ').slice(0, 300)
    const why = code === 'ENOENT' ? 'there is no git on this machine' : said
    throw new SluiceError('SLU0370', {
      message: `git cannot tell how the project was: ${why || (error as Error).message}`,
      cause: error,
    })
  }
}

/** Without a shell. The repository is the one that holds the project, also when a hook of another one runs us. */
function run(root: string, args: readonly string[]): Buffer {
  const env = { ...process.env, LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0' }
  for (const name of ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_PREFIX'])
    delete (env as NodeJS.ProcessEnv)[name]
  return execFileSync('git', args, {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 * MAX_BYTES,
    timeout: 60_000,
  })
}
