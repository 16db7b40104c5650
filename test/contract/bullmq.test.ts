// The BullMQ driver against the contract of all job drivers, on a real Redis.
import { jobContract } from './jobs.contract.ts'
import { jobSourceContract } from './job-source.contract.ts'
import { jobStatusContract } from './job-status.contract.ts'
import { parkedJobContract } from './parked-job.contract.ts'
import { jobServer, jobSourceServer, openServerSite } from './redis-desk.ts'
import { scheduleContract } from './schedule.contract.ts'

const source = jobSourceServer(openServerSite)

jobContract('BullMQ', jobServer(openServerSite))
jobSourceContract('BullMQ', source)
jobStatusContract('BullMQ', source)
parkedJobContract('BullMQ', source)
scheduleContract('BullMQ', source)
