// A small disk in memory, to be filled to the last byte. Needs the right to mount, and says so where it is missing.
import { execFileSync } from 'node:child_process'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Disk {
  readonly dir: string
  /** Nothing fits on it any more. */
  fill(): Promise<void>
  free(): Promise<void>
  remove(): Promise<void>
}

export async function mountDisk(megabytes: number): Promise<Disk> {
  const dir = await mkdtemp(join(tmpdir(), 'sluice-disk-'))
  await chmod(dir, 0o755)
  try {
    const options = `size=${megabytes}m,mode=755`
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'sluice-disk', dir], { stdio: 'pipe' })
  } catch (cause) {
    await rm(dir, { recursive: true })
    throw new Error(`a disk to fill needs the right to mount a tmpfs: run as root`, { cause })
  }
  const filler = join(dir, 'filler')
  return {
    dir,
    async fill() {
      const block = Buffer.alloc(1024 * 1024)
      for (const size of [block.length, 4_096, 1])
        for (let full = false; !full;)
          full = await writeFile(filler, block.subarray(0, size), { flag: 'a' }).then(
            () => false,
            () => true,
          )
    },
    free: () => rm(filler),
    async remove() {
      execFileSync('umount', [dir])
      await rm(dir, { recursive: true })
    },
  }
}
