// What of a schedule is kept when the rest is left out: places of messages in the traffic, and names of faults.
export interface Keep {
  readonly messages: ReadonlySet<number>
  readonly faults: ReadonlySet<string>
}

/** `3,9,crash:1,refusal@9.2` */
export const keepText = ({ messages, faults }: Keep): string => [...messages, ...faults].join(',')

export function keepOf(text: string): Keep {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  const isPlace = (name: string) => /^\d+$/.test(name)
  return {
    messages: new Set(names.filter(isPlace).map(Number)),
    faults: new Set(names.filter((name) => !isPlace(name))),
  }
}
