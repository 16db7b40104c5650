// Makes JavaScript of the TypeScript below workers/, so that what runs it needs no compiler and reads no types.
import { join } from 'node:path'
import { writeFile } from '../../compile/write-file.ts'
import { findTsc, runTsc } from '../../compile/types/tsc.ts'
import { SluiceError } from '../../core/errors.ts'

/** Writes `out/workers/…`. Throws SLU1130 without TypeScript, and SLU1007 for what does not compile. */
export async function writeJavaScript(root: string, out: string): Promise<void> {
  const tsc = await findTsc()
  if (tsc === undefined)
    throw new SluiceError('SLU1130', {
      message: 'TypeScript 7 is not installed: nothing was built',
    })
  const folder = join(root, '.sluice/build/javascript')
  const settings = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: {
      noEmit: false,
      incremental: false,
      declaration: false,
      rewriteRelativeImportExtensions: true,
      rootDir: root,
      outDir: out,
    },
    include: [join(root, 'workers')],
    exclude: [],
  }
  writeFile(join(folder, 'tsconfig.json'), `${JSON.stringify(settings, undefined, 2)}\n`)
  const { said } = runTsc(tsc, folder)
  const [first] = said
  if (first === undefined) return
  const places = said.map(({ file, line, text }) => `  ${file}:${line}  ${text[0]}`)
  throw new SluiceError('SLU1007', {
    message: `workers/ does not compile:\n${places.slice(0, 10).join('\n')}`,
  })
}
