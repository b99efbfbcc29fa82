import { ATTEMPT_MUTANTS } from "./attempt-mutants.ts";
import { COMMAND_MUTANTS } from "./command-mutants.ts";
import { LAMBDA_MUTANTS } from "./lambda-mutants.ts";
import type { Mutant } from "./mutant.ts";
import { SHARED_MUTANTS } from "./shared-mutants.ts";
import { TABLE_MUTANTS } from "./table-mutants.ts";
import { THREAD_MUTANTS } from "./thread-mutants.ts";
import { VALUE_MUTANTS } from "./value-mutants.ts";
import { WORKER_MUTANTS } from "./worker-mutants.ts";

export const MUTANTS: readonly Mutant[] = [
  ...TABLE_MUTANTS,
  ...WORKER_MUTANTS,
  ...ATTEMPT_MUTANTS,
  ...COMMAND_MUTANTS,
  ...THREAD_MUTANTS,
  ...LAMBDA_MUTANTS,
  ...SHARED_MUTANTS,
  ...VALUE_MUTANTS,
];
