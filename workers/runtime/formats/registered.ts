// Which topics hold values whose schemas stand in a registry.
import type { TopicPlan } from '../../core/plan.ts'

export const isRegistered = ({ format }: Pick<TopicPlan, 'format'>): boolean => format !== 'json'
