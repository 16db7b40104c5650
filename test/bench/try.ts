import { prepare } from './prepare.ts'
import { execFileSync } from 'node:child_process'
for (const n of process.argv.slice(3)) { const N = Number(process.argv[2]); const p = await prepare(N); console.log(n, execFileSync(process.execPath, [...(process.env.PROF ? ['--cpu-prof','--cpu-prof-dir=/tmp/scratch/prof'] : []), 'test/bench/contenders/' + n + '.ts', p, String(N)]).toString().trim()) }
process.exit()
