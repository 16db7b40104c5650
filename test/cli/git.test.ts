// An earlier state comes from real repositories, whatever they look like; nothing that is typed becomes an option of git.
import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { compareWith } from '../../workers/compile/evolution/evolution.ts'
import { earlierFiles } from '../../workers/cli/git.ts'
import { FILES } from '../compile/project.ts'
import { places, writeFiles, type Files } from '../compile/evolution/project-states.ts'

let folder: string
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-git-')))
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

const WHO = ['-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'commit.gpgsign=false']
const git = (cwd: string, ...args: string[]) =>
  execFileSync('git', [...WHO, ...args], { cwd, encoding: 'utf8', stdio: 'pipe' })

function commit(repository: string, root: string, files: Files): void {
  writeFiles(root, files)
  git(repository, 'add', '--all')
  git(repository, 'commit', '--quiet', '--message', 'a state')
}

/** A repository with one commit that holds the project, below `inside`. */
function repository(inside = '', files: Files = FILES): string {
  git(folder, 'init', '--quiet', '--initial-branch=main')
  const root = join(folder, inside)
  mkdirSync(root, { recursive: true })
  commit(folder, root, files)
  return root
}

const against = (root: string, ref: string) =>
  places(compareWith(root, earlierFiles(root, ref)).diagnostics)

const ORDER = 'schemas/events/order.json'
const NARROWED = { [ORDER]: '{"type":"object","properties":{"total":{"type":"integer"}}}' }
/** Of the topic that is read: `orders`. */
const BROKEN = `error SLU0378 ${ORDER}:1:41`

describe('a commit', () => {
  test.each(['HEAD', 'main', 'v1', 'HEAD^{}', 'refs/heads/main', '@'])('%s', (ref) => {
    const root = repository()
    git(folder, 'tag', 'v1')
    writeFiles(root, NARROWED)
    expect(against(root, ref)).toContain(BROKEN)
  })

  test('is not the one where the change is in already', () => {
    const root = repository()
    commit(folder, root, NARROWED)
    expect(against(root, 'HEAD')).toEqual([])
    expect(against(root, 'HEAD~1')).toContain(BROKEN)
  })

  test('of a project in a folder of its repository, whose name is no plain word', () => {
    const root = repository('services/ünïcode $(x) "y"')
    writeFiles(root, NARROWED)
    expect(against(root, 'HEAD')).toContain(BROKEN)
  })

  test('of the repository that holds the project, also in a hook of another one', () => {
    const root = repository()
    writeFiles(root, NARROWED)
    vi.stubEnv('GIT_DIR', join(folder, 'nowhere'))
    vi.stubEnv('GIT_INDEX_FILE', join(folder, 'nowhere/index'))
    expect(against(root, 'HEAD')).toContain(BROKEN)
  })

  test('that does not hold the project compares with nothing, and says so', () => {
    const root = repository('old')
    const moved = join(folder, 'new')
    writeFiles(moved, FILES)
    expect(against(moved, 'HEAD')).toEqual(['warning SLU0373 pipelines/fleet.yaml:1:1'])
    expect(against(root, 'HEAD')).toEqual([])
  })

  test('with a link or a huge file in the place of a schema is not followed', () => {
    const root = repository()
    rmSync(join(root, ORDER))
    symlinkSync('/etc/passwd', join(root, ORDER))
    commit(folder, root, {})
    rmSync(join(root, ORDER))
    commit(folder, root, { [ORDER]: `{"description":"${'x'.repeat(2_000_000)}"}` })
    writeFiles(root, { [ORDER]: FILES[ORDER] })
    for (const ref of ['HEAD', 'HEAD~1'])
      expect(new Set(against(root, ref))).toContain('warning SLU0373 pipelines/fleet.yaml:7:33')
    expect(against(root, 'HEAD~2')).toEqual([])
  })
})

describe('what is no commit', () => {
  const codeOf = (root: string, ref: string) => {
    try {
      earlierFiles(root, ref)
    } catch (error) {
      return (error as { code?: string }).code
    }
    return 'found'
  }

  test.each([
    'nowhere',
    'HEAD~9',
    '',
    '--output=x',
    '-n',
    '--exec=touch x',
    'main x',
    'main\nx',
    'main;touch x',
    '$(touch x)',
    'HEAD:pipelines/fleet.yaml',
    'HEAD..main',
    '^HEAD',
    'x'.repeat(10_000),
  ])('%j is refused, and does nothing', (ref) => {
    const root = repository()
    const before = readdirSync(folder)
    expect(codeOf(root, ref)).toBe('SLU0371')
    expect(readdirSync(folder)).toEqual(before)
    expect(existsSync('x')).toBe(false)
  })

  test('in a clone of a part of the history it may be elsewhere', () => {
    const root = repository()
    commit(folder, root, NARROWED)
    const clone = join(folder, 'clone')
    git(folder, 'clone', '--quiet', '--depth=1', `file://${folder}`, clone)
    expect(codeOf(clone, 'HEAD~1')).toBe('SLU0372')
    expect(against(clone, 'HEAD')).toEqual([])
    git(clone, 'fetch', '--quiet', '--unshallow')
    expect(codeOf(clone, 'HEAD~1')).toBe('found')
  })

  test('a folder that is in no repository, or in one that is damaged', () => {
    const root = join(folder, 'alone')
    writeFiles(root, FILES)
    vi.stubEnv('GIT_CEILING_DIRECTORIES', folder)
    expect(codeOf(root, 'HEAD')).toBe('SLU0370')
    mkdirSync(join(root, '.git'))
    expect(codeOf(root, 'HEAD')).toBe('SLU0370')
  })

  test('a machine without git', () => {
    const root = repository()
    vi.stubEnv('PATH', folder)
    expect(codeOf(root, 'HEAD')).toBe('SLU0370')
  })

  test('a repository without commits', () => {
    git(folder, 'init', '--quiet')
    expect(codeOf(folder, 'HEAD')).toBe('SLU0371')
  })
})
