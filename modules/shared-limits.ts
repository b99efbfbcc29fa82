import { SettingsError } from "@autoscaling-job-queues/domain/errors";
import type { JobType } from "@autoscaling-job-queues/domain/job-type";
import type { Environment, OwnNetwork } from "../environments/environment.ts";
import { subnetRange } from "./subnet-ranges.ts";

/** CPU units of one vCPU (Amazon ECS: task size). */
const UNITS_PER_VCPU = 1_024;
/** Addresses of a subnet that tasks do not get: AWS keeps five (Amazon VPC: subnet sizing), interface endpoints take one each. */
const KEPT_ADDRESSES = 16;
/** Job types that an error names, those that ask for most first. */
const NAMED_TYPES = 3;

/** vCPUs of one of a job type's tasks. */
export function vcpusOf({ container }: JobType): number {
  return container.cpu / UNITS_PER_VCPU;
}

/**
 * Checks what all job types share: if each ran as many tasks as it may, their vCPUs and addresses must be there. Tasks on Spot
 * count as well, although they have a quota of their own.
 *
 * @throws SettingsError for the environment's setting that is too small.
 */
export function checkSharedLimits({ name, fargate, network }: Environment, jobTypes: readonly JobType[]): void {
  const setting = (what: string) => `environment ${JSON.stringify(name)}: ${what}`;
  const vcpus = sumOf(jobTypes, (jobType) => jobType.scaling.maxTasks * vcpusOf(jobType));
  if (vcpus.total > fargate.maxVcpus) {
    throw new SettingsError(
      setting("fargate.maxVcpus"),
      fargate.maxVcpus,
      `at least ${vcpus.total}, the vCPUs of all job types at their scaling.maxTasks (${vcpus.most})`,
    );
  }
  if (network.kind === "existing") return;
  const tasks = sumOf(jobTypes, ({ scaling }) => scaling.maxTasks);
  const room = addressesOf(network);
  if (tasks.total > room) {
    throw new SettingsError(
      setting("network.cidr"),
      network.cidr,
      `a larger network or more zones, with addresses for ${tasks.total} tasks, the scaling.maxTasks of all job types (${tasks.most}); its subnets have ${room}`,
    );
  }
}

function addressesOf({ cidr, zones }: OwnNetwork): number {
  const prefix = Number(subnetRange(cidr, 0).split("/")[1]);
  return zones.length * (2 ** (32 - prefix) - KEPT_ADDRESSES);
}

/** The sum over all job types, and the types that make most of it, in words. */
function sumOf(jobTypes: readonly JobType[], measure: (jobType: JobType) => number) {
  const parts = jobTypes.map((jobType) => ({ name: jobType.name, amount: measure(jobType) }));
  const largest = parts.toSorted((one, other) => other.amount - one.amount).slice(0, NAMED_TYPES);
  const rest = parts.length > NAMED_TYPES ? ", ..." : "";
  return {
    total: parts.reduce((sum, { amount }) => sum + amount, 0),
    most: largest.map(({ name, amount }) => `${name} ${amount}`).join(", ") + rest,
  };
}
