import { ASSUMED, INDEX_WRITES, leaseRenewals, WORKER_CALLS } from "./job-costs.ts";
import { QUOTAS } from "./quotas.ts";

/** A job type, and how its jobs come. */
export interface Load {
  /** Of a job, from its claim to its end. */
  readonly jobSeconds: number;
  /** Jobs that a task runs at a time. */
  readonly concurrency: number;
  /** vCPUs of a task. */
  readonly vcpus: number;
  readonly listPartitions: number;
  /** Whether they are added in batches of as many as one may have. */
  readonly batches: boolean;
  /** Requests a second that the environment lets through: its `throttling`. */
  readonly throttling: number;
  /** vCPUs that the account's tasks may have together. */
  readonly accountVcpus: number;
}

/** What a job type has by default, in a new account. */
export const DEFAULT_LOAD: Load = {
  jobSeconds: ASSUMED.jobSeconds,
  concurrency: 1,
  vcpus: 0.25,
  listPartitions: 1,
  batches: false,
  throttling: 100,
  accountVcpus: QUOTAS.fargateVcpus.value,
};

/** Events of a job that is tried once: added, claimed, ended. */
export const EVENTS_PER_JOB = 3;
/** Entries that a job leaves in the index by type and status when it is added, and in the one by owner. */
export const ADD_ENTRIES = 1;
/** Writes of a job to the partitions of QUEUED: its entry is put there and taken away. */
export const QUEUED_WRITES = 2;
/** A /16 in two zones; each subnet takes a sixteenth. */
export const SUBNET = { addresses: 65_536 / 16, zones: 2 } as const;
/** A task's log goes out about once a second, as the driver collects lines. */
export const LOG_PUTS_PER_TASK = 1;
export const KMS_REQUESTS_OF_LATER_JOB = 3;

/** Writes of the table itself for one job: it is billed by the whole item. */
export function tableWrites(jobSeconds: number): number {
  const updates = WORKER_CALLS.busy.updates + leaseRenewals(jobSeconds);
  return (1 + updates) * ASSUMED.itemKilobytes;
}

/** Writes of the index by type and status for one job. */
export function indexWrites(): number {
  return ADD_ENTRIES + WORKER_CALLS.busy.updates * INDEX_WRITES;
}

/** Tasks that a type may have: its service's, the account's processors', and the network's. */
export function tasksOf({ vcpus, accountVcpus }: Load): number {
  return Math.min(QUOTAS.tasksPerService.value, Math.floor(accountVcpus / vcpus), addresses());
}

/** Addresses that tasks may have in the network. */
export function addresses(): number {
  return SUBNET.zones * (SUBNET.addresses - QUOTAS.subnetReserved.value);
}
