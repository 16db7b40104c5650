// The ids of a pipeline's steps: which are taken, and which have a value that later expressions may use.
import type { Diagnostics } from './diagnostics.ts'
import type { Scope } from './expression/parse.ts'
import type { Path, YamlFile } from './yaml-file.ts'

/** Words that compiled code or the language needs itself, and names that mean something else to JavaScript than to the user. */
const RESERVED: ReadonlySet<string> = new Set(
  `event run accepts steps index key undefined NaN Infinity globalThis
   Math Object Number String Boolean Array Date JSON
   arguments async await break case catch class const continue debugger default delete
   do else enum eval export extends false finally for function get if implements import
   in instanceof interface let new null of package private protected public return set static super
   switch this throw true try typeof var void while with yield
   __proto__ constructor prototype`.split(/\s+/),
)

const VALUELESS: ReadonlySet<string> = new Set([
  'command',
  'event',
  'job',
  'store',
  'dedupe',
  'forget',
  'route',
  'split',
])

const LATER = 'its step comes later: an expression may name the steps before it'

export class StepNames {
  private readonly values = new Set(['event'])
  /** Names that have a value anywhere. */
  readonly everywhere = new Set(['event'])
  private readonly valueless = new Map<string, string>()

  /** Ids of steps that come later: an expression cannot name them yet. */
  constructor(ids: readonly unknown[]) {
    for (const id of ids) if (typeof id === 'string') this.valueless.set(id, LATER)
  }

  /** For the expressions of the next step. */
  get scope(): Scope {
    return { values: this.values, valueless: this.valueless }
  }

  /** A step whose verb is unknown may have a value: later steps may rightly name it. */
  claim(id: unknown, verb: string | undefined, file: YamlFile, path: Path, out: Diagnostics): void {
    // Of what is no name the grammar has spoken.
    if (typeof id !== 'string') return
    if (this.valueless.get(id) === LATER) this.valueless.delete(id)
    if (RESERVED.has(id))
      out.error('SLU0311', file.at(path), `"${id}" is a reserved word`, 'choose another id')
    else if (this.values.has(id) || this.valueless.has(id)) {
      const hint = 'ids of steps and names of items are unique within a pipeline'
      out.error('SLU0312', file.at(path), `the id "${id.slice(0, 60)}" is taken`, hint)
    } else if (VALUELESS.has(verb ?? ''))
      this.valueless.set(
        id,
        `a ${verb} step has no value; call, cache, request, map and window steps do`,
      )
    else {
      this.values.add(id)
      this.everywhere.add(id)
    }
  }

  /** What is claimed until the answer is called is known only until then; `why` is for those who name it later. */
  within(why: string): () => void {
    const outside = new Set(this.values)
    return () => {
      for (const id of this.values) {
        if (outside.has(id)) continue
        this.values.delete(id)
        this.valueless.set(id, why)
      }
    }
  }
}
