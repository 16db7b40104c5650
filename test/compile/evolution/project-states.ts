// Two states of a project: one that was, in memory, and one that is, in a temporary folder.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Diagnostic } from '../../../workers/core/diagnostic.ts'
import { compareWith, type Evolution } from '../../../workers/compile/evolution/evolution.ts'
import { FILES } from '../project.ts'

/** Undefined: the file is not there. */
export type Files = Readonly<Record<string, string | Uint8Array | undefined>>

export function evolution(before: Files, changes: Files): Evolution {
  const root = mkdtempSync(join(tmpdir(), 'sluice-evolution-'))
  const old: Files = { ...FILES, ...before }
  try {
    writeFiles(root, { ...old, ...changes })
    return compareWith(root, {
      title: 'before',
      list: (folder) => Object.keys(old).filter((file) => file.startsWith(`${folder}/`)),
      read: (file) => (old[file] === undefined ? undefined : Buffer.from(old[file])),
    })
  } finally {
    rmSync(root, { recursive: true })
  }
}

export function writeFiles(root: string, files: Files): void {
  for (const [file, content] of Object.entries(files)) {
    const path = join(root, file)
    mkdirSync(dirname(path), { recursive: true })
    if (content === undefined) rmSync(path, { force: true })
    else writeFileSync(path, content)
  }
}

/** `severity code file:line:column`, each. */
export const places = (diagnostics: readonly Diagnostic[]): string[] =>
  diagnostics.map(
    ({ severity, code, file, line, column }) => `${severity} ${code} ${file}:${line}:${column}`,
  )
