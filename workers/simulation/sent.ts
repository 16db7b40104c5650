// What was sent in one run, in its order: the number of a message is its place here, and its trace says so.
import { traceOf } from './trace-number.ts'
import type { Made, Traffic } from './traffic.ts'

export class Sent {
  private readonly traffic: Traffic
  private readonly places: number[] = []

  constructor(traffic: Traffic) {
    this.traffic = traffic
  }

  get count(): number {
    return this.places.length
  }

  /** The message of that place in the traffic is the next to be sent. */
  add(place: number): Made {
    const made = this.traffic.at(place)
    const headers = { ...made.headers, traceparent: traceOf(this.places.length) }
    this.places.push(place)
    return { ...made, headers }
  }

  /** Its place in the traffic, which stays the same when others are left out. */
  placeOf(number: number): number | undefined {
    return this.places[number]
  }

  /** Numbers of those that are no good. */
  hostile(): number[] {
    return this.places.flatMap((place, number) => (this.traffic.at(place).hostile ? [number] : []))
  }

  /** Of those that are one with an earlier one: its number, by theirs. */
  repeats(): Map<number, number> {
    const firsts = new Map<number, number>()
    const repeats = new Map<number, number>()
    for (const [number, place] of this.places.entries()) {
      const { first } = this.traffic.at(place)
      const earlier = firsts.get(first)
      if (earlier === undefined) firsts.set(first, number)
      else repeats.set(number, earlier)
    }
    return repeats
  }
}
