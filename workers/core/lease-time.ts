// How long one process may load for the whole fleet: as long as the load may take, and the time to write what came of it.

const WRITE_MS = 1_000

export const leaseMsOf = (loadMs: number): number => loadMs + WRITE_MS
