// Where a failed job keeps why it failed.

/** The field of a failed job that holds the headers of its dead letter, as JSON. */
export const LETTER = 'sluice-letter'
