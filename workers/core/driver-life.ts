// The life of a driver that stands before another one: that of the other.
import type { Driver } from './contract.ts'

export const lifeOf = (driver: Driver): Driver => ({
  connect: () => driver.connect(),
  isUp: () => driver.isUp(),
  whenUp: (signal) => driver.whenUp(signal),
  ping: () => driver.ping(),
  close: () => driver.close(),
})
