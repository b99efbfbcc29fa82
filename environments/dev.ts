import { defineEnvironment } from "./define-environment.ts";
import type { Environment } from "./environment.ts";

/** For trying things out: costs nearly nothing when idle, and can be destroyed at once. */
export default function devEnvironment(): Environment {
  return defineEnvironment({
    name: "dev",
    accountId: "111122223333",
    region: "us-east-1",
    backend: { kind: "local", path: ".terraform-state/dev" },
    network: { kind: "public", cidr: "10.20.0.0/16", zones: ["us-east-1a", "us-east-1b"] },
    canary: "full",
    fargate: { weight: 1, spotWeight: 4 },
  });
}
