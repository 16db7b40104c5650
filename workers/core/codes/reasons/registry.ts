// Why: schemas that stand in a registry, and values whose meaning stands there.
import type { Reason } from './entry.ts'

export const REGISTRY_REASONS = {
  SLU0587: {
    why: 'Each value of such a topic begins with the number of its schema, and what the number means stands in a registry. Without one nothing of it could be read or written.',
  },
  SLU0588: {
    why: 'A format says how data that fits a schema is written. Bytes of any kind have no schema, so there is nothing to register and nothing to read them by.',
  },
  SLU0591: {
    why: 'Only formats whose values name a schema by its number have schemas that are registered. Of plain JSON there is nothing to say to a registry.',
  },
  SLU0589: {
    why: 'Values of the topic are data as JSON knows it for every expression, check and handler. What Avro can hold and JSON cannot, or cannot tell apart, has no such form.',
  },
  SLU0590: {
    why: 'Types and checks follow from the JSON Schema, and the bytes from the Avro schema. Where they differ, a value that was read could never fit, or one that fits could not be written.',
  },
  SLU0386: {
    why: 'A registry holds versions of a subject against each other, as its level of compatibility says, so that whoever reads old and new values can read both. It refuses what would break that, and nothing is registered then.',
  },
  SLU0384: {
    why: 'Whoever reads the topic with another version would fail on values of this one, or the other way round, as the level of compatibility of the subject says. The registry was asked before anything is changed, and would refuse it.',
  },
  SLU1203: {
    why: 'A topic’s values name the schema that fleet.yaml gives it, and the registry does not have that version. Workers that write there do not start; those that read know other versions by their ids.',
  },
  SLU1158: {
    why: 'A schema id that nobody has asked for yet means nothing until the registry answers. Such messages wait, at no cost of attempts, and so does all that comes after them in their order; ids that are known are read on.',
  },
  SLU1159: {
    why: 'The registry answers, and lets this user do nothing. That is nobody’s message’s fault: what needs an answer waits, as when it is away.',
  },
  SLU1160: {
    why: 'Something answers that does not speak as a schema registry does: a wrong path, a proxy, another server. No message is given up on such a word; it waits until there is a registry.',
  },
  SLU1161: {
    why: 'Topics of the pipelines hold values whose schemas stand in a registry, and nothing says where it is. A worker that started would understand no message.',
  },
  SLU1162: {
    why: 'A value names its schema by a number, which a schema gets when it is registered. A worker registers the first schema of a new subject, as it creates a missing topic; another version of an existing one is a change, and changes are `apply`’s to make.',
  },
  SLU5011: {
    why: 'The topic holds values that begin with a zero and the id of their schema. This one does not: it was sent by something that knows nothing of the registry, or cut off.',
  },
  SLU5012: {
    why: 'The registry was asked and has no schema with that id. Either the value comes from somebody who uses another registry, or its first bytes mean something else.',
  },
  SLU5013: {
    why: 'The id leads to a schema of another language, so the bytes behind it are another encoding. Reading them as the topic’s own would give nonsense at best.',
  },
  SLU5015: {
    why: 'Avro reads a value with the schema that it was written with, and fits it to that of whoever reads. Their rules say how, and these two do not come together: a field without a default is missing, or has another type.',
  },
  SLU5016: {
    why: 'The bytes behind the id were walked through as the schema says, and end too soon, too late, or say something that it does not allow. Nothing was built of them.',
  },
  SLU5017: {
    why: 'It fits the JSON Schema of the topic, and Avro has no way to write it: a number beyond 32 or 64 bits, or a property that is no field. Leaving that out would lose it without a word.',
  },
  SLU5014: {
    why: 'The id leads to a schema that cannot be read, or that needs others which stand elsewhere.',
  },
} as const satisfies Record<string, Reason>
