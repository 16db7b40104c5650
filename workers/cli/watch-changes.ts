// Tells of changed files below folders, several changes at once in one word; never of the same change twice.
import { existsSync, readdirSync, watch, type FSWatcher } from 'node:fs'
import { join } from 'node:path'
import type { Clock, Timer } from '../core/clock.ts'

/** Saving one file is several changes for a file system. */
const QUIET_MS = 80

export interface Changes {
  close(): void
}

/**
 * `folders` relative to `root`; those that are not there are left out. Paths come relative to the root. Each folder has a
 * watcher of its own: Node's recursive one loses a file that an editor replaces instead of writing into it.
 */
export function watchChanges(
  root: string,
  folders: readonly string[],
  clock: Clock,
  onChange: (files: readonly string[]) => void,
): Changes {
  const watchers = new Map<string, FSWatcher>()
  let changed = new Set<string>()
  let timer: Timer | undefined
  const tell = () => {
    const files = [...changed]
    changed = new Set()
    for (const folder of [...watchers.keys()].filter((name) => !existsSync(join(root, name))))
      forget(folder)
    for (const folder of folders) follow(folder)
    onChange(files)
  }
  const forget = (folder: string) => {
    watchers.get(folder)?.close()
    watchers.delete(folder)
  }
  const follow = (folder: string) => {
    const below = foldersIn(join(root, folder))
    if (below === undefined) return
    if (!watchers.has(folder)) {
      const watcher = watch(join(root, folder), (_event, name) => {
        if (name === null) return
        changed.add(`${folder}/${name}`)
        timer?.cancel()
        timer = clock.after(QUIET_MS, tell, { keepAlive: true })
      })
      // A folder that vanishes is no reason to stop watching the others.
      watcher.on('error', () => forget(folder))
      watchers.set(folder, watcher)
    }
    for (const name of below) follow(`${folder}/${name}`)
  }
  for (const folder of folders) follow(folder)
  return {
    close() {
      timer?.cancel()
      for (const watcher of watchers.values()) watcher.close()
    },
  }
}

/** Undefined when there is no such folder. */
function foldersIn(path: string): string[] | undefined {
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
  } catch {
    return undefined
  }
}
