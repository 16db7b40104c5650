// Matches routing keys as AMQP 0-9-1 has it: words between dots, * for one word, # for any number of words.

export function matches(binding: string, key: string, isPattern: boolean): boolean {
  if (!isPattern) return binding === key
  return follows(binding.split('.'), key.split('.'))
}

function follows(pattern: readonly string[], words: readonly string[]): boolean {
  const [first, ...rest] = pattern
  if (first === undefined) return words.length === 0
  if (first === '#')
    return follows(rest, words) || (words.length > 0 && follows(pattern, words.slice(1)))
  return words.length > 0 && (first === '*' || first === words[0]) && follows(rest, words.slice(1))
}
