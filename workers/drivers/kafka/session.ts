// The times of a group membership, milliseconds, and how much is fetched; a broker's group.min.session.timeout.ms is 6 s by default.

export const SESSION_MS = 6_000
export const HEARTBEAT_MS = 1_500
/** The coordinator waits this long for members to rejoin: the drain deadline must be shorter. */
export const REBALANCE_MS = 60_000
/** Fenced before the coordinator would: what starts at the last moment still needs time to arrive. */
export const FENCE_MS = SESSION_MS * 0.9
/** How long the broker waits for something to come. */
export const WAIT_MS = 100
/** Of one partition at once. Fetched while the window is full, so it is memory; a larger message still comes alone. */
export const PARTITION_BYTES = 512 * 1024
