// Holds the compiler to its corpus: mistakes are refused at their line with a hint that helps, and what is right passes.
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { generate, outdated } from '../../workers/compile/typegen.ts'
import type { Mistake } from './corpus/corpus.ts'
import { document, DOCUMENT } from './corpus/document.ts'
import { MISTAKES } from './corpus/mistakes/index.ts'
import { outcome } from './corpus/outcome.ts'
import { answerAlone, answers, copyOfProject, edited, PROJECT } from './corpus/run.ts'
import { falseAlarms, LEAST, share, shortcomings, type Outcome } from './corpus/table.ts'
import { judge } from './corpus/verdict.ts'

describe('the whole corpus', () => {
  let result: Outcome

  beforeAll(async () => {
    result = await outcome()
  }, 180_000)

  test('is large enough', () => {
    expect(result.verdicts.length).toBeGreaterThanOrEqual(150)
    expect(result.correct.length).toBeGreaterThanOrEqual(60)
  })

  test(`at least ${LEAST} % of the mistakes are refused at the right line with a right hint`, () => {
    expect(share(result), shortcomings(result).join('\n')).toBeGreaterThanOrEqual(LEAST)
  })

  test('nothing is said of what is correct', () => {
    expect(falseAlarms(result)).toEqual([])
  })

  test('docs/corpus.md is what `npm run corpus -- --write` writes', () => {
    expect(readFileSync(DOCUMENT, 'utf8')).toBe(document(result))
  })
})

describe('the corpus itself', () => {
  const project = copyOfProject()
  afterAll(() => project.remove())

  test('its project is clean, and its generated types are those of its schemas and pipelines', async () => {
    const { diagnostics } = await answerAlone(project.root, new Map())
    expect(diagnostics).toEqual([])
    const ofProject = (await generate(PROJECT)).filter(({ file }) => file.startsWith('workers/'))
    expect(outdated(PROJECT, ofProject)).toEqual([])
  })

  test('pipelines that are checked together get the answers they get alone', async () => {
    const some = MISTAKES.filter(({ file }) => file === 'pipelines/returns.yaml').slice(0, 4)
    const together = await answers(project.root, some)
    for (const [index, mistake] of some.entries()) {
      const alone = await answerAlone(project.root, edited(mistake))
      expect(together[index]?.diagnostics).toEqual(alone.diagnostics)
      expect(alone.diagnostics.length).toBeGreaterThan(0)
    }
  })

  test('another line and another hint are no right ones', () => {
    const mistake: Mistake = {
      what: 'a misspelt topic',
      category: 'names',
      file: 'pipelines/metrics.yaml',
      from: 'topic: metrics',
      to: 'topic: metric',
      hint: 'metrics',
    }
    const texts = edited(mistake)
    const said = (line: number, hint: string) =>
      judge(mistake, {
        texts,
        diagnostics: [
          {
            severity: 'error',
            code: 'SLU0302',
            message: 'there is no topic',
            file: mistake.file,
            line,
            column: 1,
            length: 1,
            hint,
          },
        ],
      })
    expect(said(3, 'did you mean "metrics"?')).toMatchObject({ rightLine: true, rightHint: true })
    expect(said(4, 'did you mean "metrics"?')).toMatchObject({ rightLine: false })
    expect(said(3, 'there is none')).toMatchObject({ rightHint: false })
    expect(judge(mistake, { texts, diagnostics: [] })).toMatchObject({ refused: false })
  })
})
