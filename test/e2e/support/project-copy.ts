// A copy of the fleet under test that a test may change, beside it: handlers name the product by relative paths.
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { expect } from 'vitest'

export interface ProjectCopy {
  readonly path: string
  /** Rejects where nothing changes. */
  edit(file: string, from: string | RegExp, to: string): Promise<void>
  write(file: string, text: string): Promise<void>
  remove(): Promise<void>
}

export async function copyProject(from: string): Promise<ProjectCopy> {
  const path = await mkdtemp(resolve(import.meta.dirname, '../tmp-'))
  await cp(from, path, { recursive: true })
  return {
    path,
    async edit(file, pattern, to) {
      const text = await readFile(join(path, file), 'utf8')
      const edited = text.replace(pattern, to)
      expect(edited).not.toBe(text)
      await writeFile(join(path, file), edited)
    },
    write: (file, text) => writeFile(join(path, file), text),
    remove: () => rm(path, { recursive: true }),
  }
}
