// Saved files are told of however they were saved, in folders that come and go.
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { systemClock } from '../../workers/core/clock.ts'
import { watchChanges } from '../../workers/cli/watch-changes.ts'
import { inProject } from './project.ts'

test('written, replaced, and in a folder that was made anew', () =>
  inProject({}, async (root) => {
    const at = (name: string) => join(root, name)
    const heard: string[] = []
    let wake = () => {}
    const changes = watchChanges(root, ['pipelines', 'schemas', 'none'], systemClock, (files) => {
      heard.push(files.toSorted().join(' '))
      wake()
    })
    const after = async (change: () => void) => {
      const told = new Promise<void>((resolve) => (wake = resolve))
      change()
      await told
      return heard.at(-1)
    }
    try {
      const write = () => writeFileSync(at('pipelines/billing.yaml'), 'a: 1')
      expect(await after(write)).toBe('pipelines/billing.yaml')
      const replace = () => {
        writeFileSync(at('new.yaml'), 'a: 2')
        renameSync(at('new.yaml'), at('pipelines/billing.yaml'))
      }
      expect(await after(replace)).toBe('pipelines/billing.yaml')
      expect(await after(write)).toBe('pipelines/billing.yaml')
      for (const turn of ['once', 'again']) {
        expect([turn, await after(() => mkdirSync(at('schemas/values')))]).toEqual([
          turn,
          'schemas/values',
        ])
        const schema = () => writeFileSync(at('schemas/values/a.json'), '{}')
        expect(await after(schema)).toBe('schemas/values/a.json')
        expect(await after(() => rmSync(at('schemas/values'), { recursive: true }))).toContain(
          'schemas/values',
        )
      }
    } finally {
      changes.close()
    }
  }))
