// What `plan` and `apply` refuse to change on the brokers, and why a saved plan is not carried out.
import type { CodeEntry } from './entry.ts'

export const CHANGES = {
  SLU0391: {
    title: 'more partitions break the order of keys',
    fix: 'Drain the topic first, then: npx sluice apply --allow partitions.',
  },
  SLU0392: {
    title: 'messages would be dropped that are kept today',
    fix: 'If they may go: npx sluice apply --allow retention.',
  },
  SLU0393: {
    title: 'cannot be changed in place',
    fix: 'Delete it and make it anew, when it is empty and idle: npx sluice apply --allow recreate.',
  },
  SLU0394: {
    title: 'a binding that fleet.yaml does not declare',
    fix: 'Declare it, or remove it: npx sluice apply --allow unbind.',
  },
  SLU0395: {
    title: 'a change that is not possible',
    fix: 'Declare it in fleet.yaml as it is, or make it anew under another name.',
  },
  SLU0396: {
    title: 'the brokers or the fleet changed since the plan was saved',
    fix: 'Look at a new plan: npx sluice plan --out FILE.',
  },
  SLU0397: { title: 'not a saved plan', fix: 'Save one: npx sluice plan --out FILE.' },
  SLU0398: {
    title: 'cannot be deleted now to be made anew',
    fix: 'Stop what sends to it and let its consumers empty it, or declare it under a new name.',
  },
  SLU0563: {
    title: 'a schedule that no pipeline declares',
    fix: 'Declare it, or remove it: npx sluice apply --allow unschedule.',
  },
} as const satisfies Record<string, CodeEntry>
