// Which topics hold values whose schemas stand in a registry, and who registers them there.
import type { FleetPlan, TopicPlan } from '../../core/plan.ts'
import { destinationsOf } from '../counts.ts'

export const isRegistered = ({ format }: Pick<TopicPlan, 'format'>): boolean => format !== 'json'

/** Of a topic that is only read here, whoever writes it registers versions: ours is one to read by. */
export const registersSchema = (
  { topics, pipelines }: Pick<FleetPlan, 'topics' | 'pipelines'>,
  name: string,
): boolean =>
  topics[name]?.registers ??
  Object.values(pipelines).some((pipeline) => destinationsOf(pipeline).includes(name))
