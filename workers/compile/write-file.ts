// Writes the files that we make: whole or not at all, whoever else writes or reads the same; says by name what cannot be written.
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { asError, SluiceError } from '../core/errors.ts'

/** Makes the folder as well. Throws SLU1107. */
export function writeFile(path: string, text: string): void {
  const temporary = `${path}.${process.pid}`
  try {
    makeFolder(dirname(path))
    writeFileSync(temporary, text)
    renameSync(temporary, path)
  } catch (cause) {
    discard(temporary)
    throw new SluiceError('SLU1107', {
      message: `${path} cannot be written: ${asError(cause).message}`,
      cause,
    })
  }
}

/** What could not be written may not be there, or not in a folder. */
function discard(file: string): void {
  try {
    rmSync(file, { force: true })
  } catch {
    // That it could not be written is said already.
  }
}

/** One after the other: where none can be made, as below /proc, Node's own way of making them all never ends. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return
  makeFolder(dirname(folder))
  try {
    mkdirSync(folder)
  } catch (error) {
    // Somebody else was faster.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}
