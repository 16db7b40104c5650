// How long Redis may take for what concerns jobs, and what it is called when it takes longer or says no.

/** A job is worth waiting for. One without an answer may be there or not: it is sent again, under the same id. */
export const JOB_BOUNDS = { commandMs: 5_000, late: 'SLU5405', refused: 'SLU5408' } as const
