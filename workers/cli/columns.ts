// Tables for people: cells as wide as the widest of their column.

/** The first `left` columns stand to the left, the others, numbers mostly, to the right. The last row may be shorter. */
export function aligned(rows: readonly (readonly string[])[], left: number): string[][] {
  const widths: number[] = []
  for (const row of rows)
    row.forEach((cell, n) => (widths[n] = Math.max(widths[n] ?? 0, cell.length)))
  return rows.map((row) =>
    row.map((cell, n) => (n < left ? cell.padEnd(widths[n] ?? 0) : cell.padStart(widths[n] ?? 0))),
  )
}

/** `42s`, `3m 5s`, `2h 10m`, `4d 3h`. */
export function duration(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1_000)
  if (seconds < 60) return `${seconds}s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes}m ${seconds % 60}s`
  const hours = Math.floor(minutes / 60)
  return hours < 24 ? `${hours}h ${minutes % 60}m` : `${Math.floor(hours / 24)}d ${hours % 24}h`
}
