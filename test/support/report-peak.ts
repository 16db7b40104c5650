// Preloaded into a process: at its end it writes the most memory it ever held, in KiB, to the file that PEAK_FILE names.
import { writeFileSync } from 'node:fs'

process.on('exit', () => {
  const file = process.env['PEAK_FILE']
  if (file !== undefined) writeFileSync(file, String(process.resourceUsage().maxRSS))
})
