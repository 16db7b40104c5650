// `sluice ops --format json` as a process: where it can be asked.
import type { Running } from './worker-process.ts'

/** Where it listens, once it does. */
export async function urlOf({ child, finished }: Running): Promise<string> {
  let said = ''
  const heard = new Promise<string>((resolve) =>
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      if (said.includes('\n')) resolve(said)
    }),
  )
  const line = await Promise.race([
    heard,
    finished.then(({ stderr }) => Promise.reject(new Error(stderr))),
  ])
  return (JSON.parse(line) as { url: string }).url
}
