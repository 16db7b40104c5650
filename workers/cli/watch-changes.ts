// Tells of changed files below folders, several changes at once in one word; never of the same change twice.
import { watch, type FSWatcher } from 'node:fs'
import { join } from 'node:path'
import type { Clock, Timer } from '../core/clock.ts'

/** Saving one file is several changes for a file system. */
const QUIET_MS = 80

export interface Changes {
  close(): void
}

/** `folders` relative to `root`; those that are not there are left out. Paths come relative to the root. */
export function watchChanges(
  root: string,
  folders: readonly string[],
  clock: Clock,
  onChange: (files: readonly string[]) => void,
): Changes {
  let changed = new Set<string>()
  let timer: Timer | undefined
  const tell = () => {
    const files = [...changed]
    changed = new Set()
    onChange(files)
  }
  const watchers = folders.flatMap((folder): FSWatcher[] => {
    try {
      const watcher = watch(join(root, folder), { recursive: true }, (_event, name) => {
        if (name === null) return
        changed.add(`${folder}/${name.replaceAll('\\', '/')}`)
        timer?.cancel()
        timer = clock.after(QUIET_MS, tell, { keepAlive: true })
      })
      // A folder that vanishes is no reason to stop watching the others.
      watcher.on('error', () => {})
      return [watcher]
    } catch {
      return []
    }
  })
  return {
    close() {
      timer?.cancel()
      for (const watcher of watchers) watcher.close()
    },
  }
}
