import type { Backend, Environment, Network } from "../modules/environment.ts";
import { type Check, isOneOf, matches } from "./checks.ts";

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const WORKSPACE_PART = /^[\w-]{0,50}$/;
const CIDR = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(1[6-9]|20)$/;

/** The rules of the backend: where Terraform keeps its state. */
export function backendChecks(backend: Backend): Check[] {
  switch (backend.kind) {
    case "s3":
      return [
        matches("backend.bucket", backend.bucket, BUCKET, "the name of an S3 bucket"),
        matches("backend.region", backend.region, /^[a-z]{2}(-[a-z]+)+-\d$/, "a region such as us-east-1"),
        isOneOf("backend.lockfile", backend.lockfile, [true, false]),
        ...(backend.kmsKeyId === undefined
          ? []
          : [matches("backend.kmsKeyId", backend.kmsKeyId, /^(arn:|alias\/)?[\w:/-]+$/, "the ID or ARN of a KMS key")]),
      ];
    case "remote":
      return [
        matches("backend.hostname", backend.hostname, /^[a-z0-9.-]+$/, "a host name such as app.terraform.io"),
        matches("backend.organization", backend.organization, /^[\w-]+$/, "the name of an organization"),
        matches("backend.workspacePrefix", backend.workspacePrefix, WORKSPACE_PART, "at most 50 letters, digits, - and _"),
      ];
    case "local":
      return [matches("backend.path", backend.path, /^[^\0]+$/, "a folder, relative to the project's root")];
    default:
      return [isOneOf("backend.kind", (backend as { kind?: unknown }).kind, ["s3", "remote", "local"])];
  }
}

/** The rules of the network; the zones of an own one must lie in the environment's region. */
export function networkChecks({ network, region }: Environment): Check[] {
  if (network.kind === "existing") {
    const { vpcId, subnetIds } = network;
    return [
      matches("network.vpcId", vpcId, /^vpc-[0-9a-f]{8,17}$/, "the ID of a VPC"),
      {
        setting: "network.subnetIds",
        given: subnetIds,
        valid:
          Array.isArray(subnetIds) &&
          subnetIds.length >= 1 &&
          subnetIds.length <= 16 &&
          subnetIds.every((id) => /^subnet-[0-9a-f]{8,17}$/.test(id)),
        allowed: "1 to 16 IDs of subnets (ECS: awsvpcConfiguration)",
      },
    ];
  }
  const { kind, cidr, zones } = network satisfies Network;
  return [
    isOneOf("network.kind", kind, ["existing", "private-with-endpoints", "private-with-nat", "public"]),
    {
      setting: "network.cidr",
      given: cidr,
      valid: isNetworkAddress(cidr),
      allowed: "an IPv4 network of /16 to /20, such as 10.20.0.0/16",
    },
    {
      setting: "network.zones",
      given: zones,
      valid:
        Array.isArray(zones) &&
        zones.length >= 1 &&
        zones.length <= 3 &&
        new Set(zones).size === zones.length &&
        zones.every((zone) => new RegExp(`^${region}[a-z]$`).test(zone)),
      allowed: `one to three different zones of ${region}, such as ${region}a`,
    },
  ];
}

function isNetworkAddress(cidr: unknown): boolean {
  const [, ...parts] = (typeof cidr === "string" ? CIDR.exec(cidr) : undefined) ?? [];
  if (parts.length !== 5) return false;
  const [a = 0, b = 0, c = 0, d = 0, bits = 0] = parts.map(Number);
  if ([a, b, c, d].some((octet) => octet > 255)) return false;
  return (((a * 256 + b) * 256 + c) * 256 + d) % 2 ** (32 - bits) === 0;
}
