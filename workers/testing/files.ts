// Finds the files of pipeline tests and chooses among them.
import { existsSync, readdirSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { SluiceError } from '../core/errors.ts'

export const isTestFile = (file: string): boolean => /\.test\.ya?ml$/.test(file)

/** `pipelines/<name>.test.yaml` of a project, in the order of their names. */
export function testFileNames(root: string): string[] {
  try {
    return readdirSync(join(root, 'pipelines'))
      .filter(isTestFile)
      .toSorted()
      .map((name) => `pipelines/${name}`)
  } catch {
    return []
  }
}

export interface Selection {
  /** Relative to the root. */
  readonly files: readonly string[]
  /** Only the files of these; empty: all. */
  readonly pipelines: readonly string[]
}

/** Files by path from `cwd`, and pipelines by name; throws SLU0360 for a file that is not there. */
export function select(root: string, asked: readonly string[], cwd: string): Selection {
  const paths = asked.filter((text) => /[/\\]|\.ya?ml$/.test(text))
  const pipelines = asked.filter((text) => !paths.includes(text))
  const files = paths.map((path) => {
    const file = [resolve(cwd, path), resolve(root, path)].find((place) => existsSync(place))
    if (file === undefined || !isTestFile(file))
      throw new SluiceError('SLU0360', {
        message:
          file === undefined
            ? `there is no file ${path}`
            : `${path} is no test file: those end in .test.yaml`,
      })
    return relative(root, file).replaceAll('\\', '/')
  })
  const all = pipelines.length > 0 || files.length === 0 ? testFileNames(root) : []
  return { files: [...new Set([...files, ...all])], pipelines }
}
