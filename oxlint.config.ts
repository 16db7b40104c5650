// What the linter forbids: lost promises, upward imports, stray clients, and time or chance that does not come from the world.
import { defineConfig, type OxlintOverride } from 'oxlint'

/** Which of our folders each folder may import, beside itself. Everything else is an error. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  core: [],
  generated: ['core'],
  handlers: ['core', 'generated'],
  compile: ['core'],
  steps: ['core'],
  telemetry: ['core'],
  drivers: ['core'],
  runtime: ['core', 'compile', 'steps', 'telemetry'],
  ops: ['core', 'compile', 'steps', 'telemetry', 'runtime'],
  testing: ['core', 'compile', 'steps', 'runtime'],
  oracle: ['core'],
  client: ['core', 'steps', 'runtime', 'ops'],
  simulation: ['core', 'runtime', 'testing', 'oracle'],
  recording: ['core', 'compile', 'runtime'],
  load: ['core', 'simulation'],
  cli: [
    'core',
    'compile',
    'steps',
    'telemetry',
    'drivers',
    'runtime',
    'testing',
    'simulation',
    'recording',
    'load',
    'oracle',
    'ops',
    'client',
    'generated',
    'handlers',
  ],
}

/** Client libraries and the one folder that may know them. */
const HOME_OF: Record<string, string> = {
  kafkajs: 'drivers/kafka/kafkajs',
  '@platformatic/kafka': 'drivers/kafka/platformatic',
  amqplib: 'drivers/rabbitmq',
  ioredis: 'drivers/redis',
  bullmq: 'drivers/bullmq',
  avsc: 'compile',
  pino: 'telemetry',
  '@opentelemetry/': 'telemetry',
}

const DRIVERS = ['kafka', 'registry', 'rabbitmq', 'redis', 'bullmq', 'embedded']
/** Folders of the Kafka driver that stand for one client library each, beside what they share. */
const KAFKA_CLIENTS = ['kafkajs', 'platformatic']

/** Who may see another driver: BullMQ is Redis, and stands on its connection. */
const STANDS_ON: Record<string, string> = { 'drivers/bullmq': 'redis' }

const folders = Object.keys(MAY_IMPORT)

const forbid = (regex: string, message: string) => ({ regex, message })

const CLOCK = 'workers/core/clock.ts'
const useWorld = `Time, chance and identity come from the injected World (${CLOCK}).`
const GLOBALS = ['Date', 'performance', 'setTimeout', 'setInterval', 'setImmediate', 'crypto']
const MODULES = [
  { name: 'node:crypto', importNames: ['randomUUID', 'randomBytes', 'randomInt', 'webcrypto'] },
  { name: 'node:perf_hooks', importNames: ['performance'] },
  { name: 'node:timers' },
  { name: 'node:timers/promises' },
]

/** The rule for the files below `workers/<folder>`. `folder` is a layer, one driver, or one client of it. */
function imports(folder: string): OxlintOverride {
  const [layer = ''] = folder.split('/')
  const allowed = [layer, ...(MAY_IMPORT[layer] ?? folders)]
  const others = [...folders.filter((name) => !allowed.includes(name)), 'main\\.ts']
  const strangers = [
    ...DRIVERS.filter(
      (name) => !folder.startsWith(`drivers/${name}`) && STANDS_ON[folder] !== name,
    ),
    ...KAFKA_CLIENTS.filter(
      (name) => folder.startsWith('drivers/kafka/') && folder !== `drivers/kafka/${name}`,
    ),
  ]
  const patterns = [
    forbid(`^(\\.\\./)+(${others.join('|')})(/|$)`, `workers/${layer} stands below that folder.`),
    ...(layer === 'drivers'
      ? [forbid(`^(\\.\\./)+(${strangers.join('|')})/`, 'Drivers never see each other.')]
      : []),
    ...Object.entries(HOME_OF)
      .filter(([, home]) => !folder.startsWith(home))
      .map(([name, home]) =>
        forbid(name.endsWith('/') ? `^${name}` : `^${name}(/|$)`, `Only workers/${home} knows it.`),
      ),
  ]
  return {
    files: [`workers/${folder}/**`],
    excludeFiles: [CLOCK],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns, paths: MODULES.map((module) => ({ ...module, message: useWorld })) },
      ],
    },
  }
}

export default defineConfig({
  plugins: ['typescript', 'unicorn', 'oxc', 'import', 'promise', 'vitest'],
  options: { typeAware: true },
  categories: { correctness: 'error' },
  ignorePatterns: ['dist', '.sluice', 'workers/generated'],
  rules: {
    // `void promise` is allowed and says: this one never rejects.
    'typescript/no-floating-promises': ['error', { checkThenables: true }],
    'typescript/no-misused-promises': 'error',
    'typescript/switch-exhaustiveness-check': [
      'error',
      { considerDefaultExhaustiveForUnions: true },
    ],
    'typescript/no-explicit-any': 'error',
    'typescript/ban-ts-comment': 'error',
    'typescript/only-throw-error': 'error',
    'typescript/return-await': ['error', 'error-handling-correctness-only'],
    'import/no-cycle': 'error',
    'max-lines': ['error', { max: 400 }],
    'no-console': 'error',
    eqeqeq: 'error',
    'vitest/no-disabled-tests': 'error',
    'vitest/no-focused-tests': 'error',
    // Ports are interfaces of closures: nothing is unbound when they are taken apart.
    'typescript/unbound-method': 'off',
    // The pipeline language has a key of that name.
    'unicorn/no-thenable': 'off',
    // Property tests branch, and messages of expectations are welcome.
    'vitest/no-conditional-expect': 'off',
    'vitest/valid-expect': ['error', { maxArgs: 2 }],
    'vitest/require-to-throw-message': 'off',
    'vitest/expect-expect': ['error', { assertFunctionNames: ['expect', 'fc.assert'] }],
  },
  overrides: [
    ...folders.filter((folder) => folder !== 'drivers').map(imports),
    ...DRIVERS.map((name) => imports(`drivers/${name}`)),
    ...KAFKA_CLIENTS.map((name) => imports(`drivers/kafka/${name}`)),
    {
      files: ['workers/**'],
      excludeFiles: [CLOCK],
      rules: {
        'no-restricted-globals': ['error', ...GLOBALS.map((name) => ({ name, message: useWorld }))],
        'no-restricted-properties': [
          'error',
          { object: 'Math', property: 'random', message: useWorld },
          { property: 'randomUUID', message: useWorld },
          ...GLOBALS.map((property) => ({ object: 'globalThis', property, message: useWorld })),
        ],
      },
    },
    { files: ['test/**', 'infra/**', 'bin/**'], rules: { 'no-console': 'off' } },
    // What a step must lead to stands beside the step.
    { files: ['test/**/*.model.test.ts'], rules: { 'vitest/no-standalone-expect': 'off' } },
  ],
})
