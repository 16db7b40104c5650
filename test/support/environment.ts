// Reads where the brokers of this run are; a missing one is a failure of the test, never a skip.

export function fromEnvironment(name: string): string {
  const value = process.env[name]
  if (value === undefined || value === '')
    throw new Error(`${name} is not set: this test needs a real broker`)
  return value
}
