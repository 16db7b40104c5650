// What can go wrong with dead letters: where they are declared to go, and when people look at them, replay or drop them.
import type { CodeEntry } from './entry.ts'

export const DEAD_LETTERS = {
  SLU1150: {
    title: 'the audit log takes no line',
    fix: 'Make the topic or the file of `audit` in pipelines/fleet.yaml writable, and run the command again.',
  },
  SLU0328: {
    title: 'a topic and a stream of dead letters that share a name',
    fix: 'Give one of them another name.',
  },
  SLU0540: {
    title: 'dead letters on a queue that is no stream',
    fix: 'Write type: stream.',
  },
  SLU0541: {
    title: 'a stream of dead letters that is bound to an exchange',
    fix: 'Remove the bindings.',
  },
  SLU0543: {
    title: 'an audit log with a schema',
    fix: 'Name a topic without one.',
  },
  SLU5701: {
    title: 'there is no dead letter at that place',
    fix: 'Look at what there is: npx sluice dlq list --letters.',
  },
  SLU5702: {
    title: 'RabbitMQ does not show the stream',
    fix: 'Create it with npx sluice apply --yes; a queue of another type cannot hold dead letters.',
    failure: 'transient',
  },
  SLU5703: {
    title: 'the stream does not exist',
    fix: 'Create it: npx sluice apply --yes.',
    failure: 'transient',
  },
  SLU5704: {
    title: 'another replay of the letter has an unknown outcome',
    fix: 'Replay it in the same way as before, so that it has the same id; or drop it.',
  },
  SLU5705: {
    title: 'the origin of the letter is not in this fleet',
    fix: 'Declare a pipeline that reads it and sends its dead letters here, or send the message yourself: npx sluice send.',
  },
  SLU5706: {
    title: 'the payload of the letter is gone',
    fix: 'Get the message from its producer, or drop the letter.',
  },
  SLU5707: {
    title: 'the letter was replayed as often as it may be',
    fix: 'Mend what it fails on first; then replay with a larger --max-replays.',
  },
  SLU5708: {
    title: 'the edit gives no message',
    fix: 'Mend the expression: its value is the new value of the message.',
  },
  SLU5709: {
    title: 'a message that is no dead letter of Sluice',
    fix: 'Look at it with show; it can be dropped, and not replayed.',
  },
  SLU5710: {
    title: 'a replay that was killed may have arrived, and nobody can see it',
    fix: 'Look for it in what the pipeline did; then send it once more with --resend, or drop the letter.',
  },
  SLU5711: {
    title: 'what goes back to a queue of jobs is no JSON',
    fix: 'Mend it on its way back with --edit, or drop the letter.',
  },
} as const satisfies Record<string, CodeEntry>
