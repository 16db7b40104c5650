// Runs the whole corpus.
import { CORRECT } from './correct/index.ts'
import { MISTAKES } from './mistakes/index.ts'
import { answers, copyOfProject } from './run.ts'
import type { Outcome } from './table.ts'
import { judge } from './verdict.ts'

export async function outcome(): Promise<Outcome> {
  const project = copyOfProject()
  try {
    const found = await answers(project.root, [...MISTAKES, ...CORRECT])
    const verdicts = MISTAKES.flatMap((mistake, index) => {
      const answer = found[index]
      return answer === undefined ? [] : [judge(mistake, answer)]
    })
    const correct = CORRECT.map((variant, index) => ({
      variant,
      said: found[MISTAKES.length + index]?.diagnostics ?? [],
    }))
    return { verdicts, correct }
  } finally {
    project.remove()
  }
}
