// Tells which files of a project have changed, several at once when they are saved together.
import { join, relative, sep } from 'node:path'
import { watch } from 'chokidar'
import type { Clock, Timer } from '../core/clock.ts'

/** Saving one file is several changes for a file system, and a branch switch is many files. */
const QUIET_MS = 60

const FOLDERS = ['pipelines', 'schemas', 'workers']

/** Sources of the project; editors write files of their own beside them. */
const MATTERS = /^(pipelines\/[^/]+\.ya?ml|schemas\/.*[^/]\.json|workers\/.*[^/]\.(ts|js|json))$/

export interface ProjectWatch {
  /** Resolves with the paths that changed since the last answer, relative to the root; waits until there are some. */
  next(): Promise<readonly string[]>
  close(): Promise<void>
}

/** Resolves once every change from now on will be seen. */
export async function watchProject(root: string, clock: Clock): Promise<ProjectWatch> {
  let changed = new Set<string>()
  let timer: Timer | undefined
  let wake = Promise.withResolvers<void>()
  const watcher = watch(
    FOLDERS.map((folder) => join(root, folder)),
    { ignoreInitial: true, ignored: /[/\\](node_modules|\.sluice|\.git)([/\\]|$)/ },
  )
  watcher.on('all', (_event, path) => {
    const file = relative(root, path).split(sep).join('/')
    if (!MATTERS.test(file)) return
    changed.add(file)
    timer?.cancel()
    timer = clock.after(QUIET_MS, () => wake.resolve(), { keepAlive: true })
  })
  await new Promise<void>((resolve) => watcher.once('ready', resolve))
  return {
    async next() {
      await wake.promise
      const files = [...changed].toSorted()
      changed = new Set()
      wake = Promise.withResolvers()
      return files
    },
    async close() {
      timer?.cancel()
      await watcher.close()
    },
  }
}
