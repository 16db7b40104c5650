// Saved files are told of however they were saved, in folders that come and go; files beside them are not.
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { systemClock } from '../../workers/core/clock.ts'
import { watchProject } from '../../workers/cli/watch.ts'

test('written, replaced, and in a folder that was made anew', async () => {
  const root = mkdtempSync(join(tmpdir(), 'sluice-watch-'))
  const at = (name: string) => join(root, name)
  for (const folder of ['pipelines', 'schemas', 'workers/handlers'])
    mkdirSync(at(folder), { recursive: true })
  const watch = await watchProject(root, systemClock)
  const write = (file: string) => writeFileSync(at(file), file)
  try {
    const after = (change: () => void) => {
      change()
      return watch.next()
    }
    expect(await after(() => write('pipelines/a.yaml'))).toEqual(['pipelines/a.yaml'])
    const replace = () => {
      write('new')
      renameSync(at('new'), at('pipelines/a.yaml'))
    }
    expect(await after(replace)).toEqual(['pipelines/a.yaml'])
    expect(await after(() => write('pipelines/a.yaml'))).toEqual(['pipelines/a.yaml'])
    for (let turn = 0; turn < 2; turn++) {
      const made = () => {
        mkdirSync(at('schemas/values'))
        write('schemas/values/v.json')
        write('schemas/values/.v.json.swp')
        write('pipelines/a.yaml~')
      }
      expect(await after(made)).toEqual(['schemas/values/v.json'])
      const removed = () => rmSync(at('schemas/values'), { recursive: true })
      expect(await after(removed)).toEqual(['schemas/values/v.json'])
    }
    const together = () => ['pipelines/b.yaml', 'workers/handlers/h.ts'].forEach(write)
    expect(await after(together)).toEqual(['pipelines/b.yaml', 'workers/handlers/h.ts'])
  } finally {
    await watch.close()
    rmSync(root, { recursive: true })
  }
})
