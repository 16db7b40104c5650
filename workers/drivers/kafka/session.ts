// The times of a group membership, milliseconds; the broker's group.min.session.timeout.ms allows 6 s by default.

export const SESSION_MS = 6_000
export const HEARTBEAT_MS = 1_500
/** The coordinator waits this long for members to rejoin: the drain deadline must be shorter. */
export const REBALANCE_MS = 60_000
