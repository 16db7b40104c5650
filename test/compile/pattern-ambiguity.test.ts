// Patterns with which a short text keeps a process busy for years, and patterns that look like them and are fine.
import { describe, expect, test } from 'vitest'
import { isAmbiguous } from '../../workers/compile/pattern-ambiguity.ts'

describe('two ways through a repetition', () => {
  test.each([
    '(a|a)*$',
    '(a|aa)+$',
    '(a+)+$',
    '(x+x+)+y',
    '^(ab|a(b))*$',
    '(a*)*$',
    '^([a-z]|[a-c])*$',
    '(\\d|\\w)*;',
    '^(a|b|ab)*c$',
    '(.*,)*$',
    '^(\\w+\\s?)*$',
    '(?=(a+)+$)',
    '^(a{1,3})+$',
    '^(a|a?)+$',
    '(?:(?:a|b)*c?)*$',
    '^(\\d{1,3},?)+$',
    '^([a-z0-9]+[-.]?)+@x$',
    '^((ab)*|(a|b)*)*c$',
  ])('%s', (pattern) => expect(isAmbiguous(pattern)).toBe(true))
})

describe('one way only, or nothing that could still fail', () => {
  test.each([
    '^[a-z]+(-[a-z]+)*$',
    '^(a|b)*$',
    '^(ab|ac)*$',
    '^(a{5})+$',
    '^([A-Z][a-z]*)+$',
    '^(\\w+\\.)*\\w+$',
    '^(?:\\d{1,3}\\.){3}\\d{1,3}$',
    '^(?!.*\\.\\.)[a-z.]+$',
    '^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}$',
    '^"(?:[^"\\\\]|\\\\.)*"$',
    '(?<n>a)\\k<n>+',
    '(a+)+',
    '(.*,)*',
    'a*a*a*b',
  ])('%s', (pattern) => expect(isAmbiguous(pattern)).toBe(false))
})
