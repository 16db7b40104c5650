// A consumer of one queue that comes back by itself after each loss; each of its lives is a lane of its own.
import type { DriverContext, Lane, QueueSource, QueueSourceOptions } from '../../core/contract.ts'
import { LivedSource } from '../../core/lived-source.ts'
import { openConsumer, type ConsumerLife } from './consumer-life.ts'
import { away, nameOf, type Place } from './errors.ts'

export class RabbitmqSource extends LivedSource<ConsumerLife> implements QueueSource {
  constructor(options: QueueSourceOptions, place: Place, context: DriverContext) {
    const { name, address } = options.queue
    super({
      context,
      name: `${nameOf(place)}, queue ${address},`,
      absent: () => away(place, 'is not connected'),
      open: (intake, lost, signal) =>
        openConsumer({ place, context, options, intake, lost }, signal),
      unread: {
        about: { queue: name },
        message: 'The queue cannot be read yet; the source keeps trying.',
      },
    })
  }

  ack(lane: Lane, tag: number): void {
    this.lifeOf(lane)?.ack(tag)
  }
}
