// The handlers of a project: one file each, and the file's name is the handler's.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'

export function handlerNames(root: string): string[] {
  try {
    return readdirSync(join(root, 'workers/handlers'), { withFileTypes: true })
      .filter((entry) => !entry.isDirectory() && /^[^.].*(?<!\.test|\.d)\.ts$/.test(entry.name))
      .map(({ name }) => name.slice(0, -'.ts'.length))
      .toSorted()
  } catch {
    return []
  }
}
