// Ids of jobs as BullMQ takes them: no colon, which parts its keys, and no whole number, which it counts itself.

/** Different ids stay different. One that BullMQ takes as it is stays as it is, unless it holds a percent sign. */
export function jobIdOf(id: string): string {
  const encoded = id.replaceAll('%', '%25').replaceAll(':', '%3A')
  return /^-?\d*$/.test(encoded) ? `%${encoded}` : encoded
}
