import type { Environment, S3Backend } from "../environments/environment.ts";
import { EMULATOR_CREDENTIALS } from "./emulator.ts";

/** After the name of a stack, in S3 and on disk. */
export const STATE_ENDING = ".tfstate";

/** What comes before the names of an environment's stacks in a bucket of states. */
export function statePrefix({ name }: Pick<Environment, "name">): string {
  return `autoscaling-job-queues/${name}/`;
}

/** How a program of ours reaches the bucket of states; it has credentials and all else from its surroundings, unless it is emulated. */
export function stateClientSettings({ region }: S3Backend, { terraform: { emulator } }: Environment) {
  const { accessKey: accessKeyId, secretKey: secretAccessKey } = EMULATOR_CREDENTIALS;
  const emulated = { endpoint: emulator as string, forcePathStyle: true, credentials: { accessKeyId, secretAccessKey } };
  return { region, ...(emulator === undefined ? {} : emulated) };
}
