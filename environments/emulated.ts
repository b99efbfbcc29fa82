import { SettingsError } from "@autoscaling-job-queues/domain/errors";
import { defineEnvironment } from "./define-environment.ts";
import type { Environment } from "./environment.ts";

/** Where the emulator listens unless `MOTO_ENDPOINT` says otherwise. */
const DEFAULT_ENDPOINT = "http://127.0.0.1:5000";

/**
 * A local AWS, played by `moto_server` at the address in `MOTO_ENDPOINT`: Terraform is applied to it for real, state bucket
 * included. The provider is the version that works with it. That provider does not know runtimes newer than nodejs22.x, and the
 * emulator does not return a service's capacity provider strategy.
 *
 * @throws SettingsError when it is not an address.
 */
export default function emulatedEnvironment(variables: NodeJS.ProcessEnv): Environment {
  const emulator = variables.MOTO_ENDPOINT ?? DEFAULT_ENDPOINT;
  if (!URL.canParse(emulator))
    throw new SettingsError("environment variable MOTO_ENDPOINT", emulator, `an address such as ${DEFAULT_ENDPOINT}`);
  return defineEnvironment({
    name: "emulated",
    accountId: "123456789012",
    region: "us-east-1",
    backend: { kind: "s3", bucket: "terraform-state", region: "us-east-1", lockfile: true },
    network: { kind: "public", cidr: "10.40.0.0/16", zones: ["us-east-1a", "us-east-1b"] },
    canary: "full",
    lambda: { runtime: "nodejs22.x" },
    fargate: { placement: "launch-type" },
    terraform: { providerVersion: "5.100.0", emulator },
  });
}
