import {
  CloudBackend,
  DataTerraformRemoteState,
  DataTerraformRemoteStateLocal,
  DataTerraformRemoteStateS3,
  LocalBackend,
  NamedCloudWorkspace,
  S3Backend,
  type TerraformRemoteState,
  type TerraformStack,
} from "cdktf";
import type { Environment, S3Backend as S3Settings } from "../environments/environment.ts";
import { EMULATOR_CREDENTIALS } from "./emulator.ts";
import { STATE_ENDING, statePrefix } from "./state-places.ts";

/** From the folder in which Terraform runs, `cdktf.out/stacks/<stack>`, to the project's root. */
const TO_ROOT = "../../..";

/** Gives a stack its own state, where the environment keeps states. */
export function addBackend(stack: TerraformStack, environment: Environment): void {
  const { backend } = environment;
  const name = stack.node.id;
  if (backend.kind === "s3") {
    new S3Backend(stack, s3Config(backend, environment, name));
    if (backend.lockfile) stack.addOverride("terraform.backend.s3.use_lockfile", true);
  } else if (backend.kind === "remote") {
    const { hostname, organization, workspacePrefix } = backend;
    new CloudBackend(stack, { hostname, organization, workspaces: new NamedCloudWorkspace(`${workspacePrefix}${name}`) });
  } else {
    new LocalBackend(stack, { path: localPath(backend.path, name) });
  }
}

/** The state of another stack, for reading its outputs. */
export function stateOf(stack: TerraformStack, other: string, environment: Environment): TerraformRemoteState {
  const { backend } = environment;
  if (backend.kind === "s3") return new DataTerraformRemoteStateS3(stack, other, s3Config(backend, environment, other));
  if (backend.kind === "local") {
    return new DataTerraformRemoteStateLocal(stack, other, { path: localPath(backend.path, other) });
  }
  const { hostname, organization, workspacePrefix } = backend;
  return new DataTerraformRemoteState(stack, other, {
    hostname,
    organization,
    workspaces: { name: `${workspacePrefix}${other}` },
  });
}

function s3Config({ bucket, region, kmsKeyId }: S3Settings, environment: Environment, stack: string) {
  const { emulator } = environment.terraform;
  return {
    bucket,
    region,
    key: `${statePrefix(environment)}${stack}${STATE_ENDING}`,
    encrypt: true,
    ...(kmsKeyId === undefined ? {} : { kmsKeyId }),
    ...(emulator === undefined
      ? {}
      : {
          ...EMULATOR_CREDENTIALS,
          endpoints: { s3: emulator, sts: emulator },
          usePathStyle: true,
          skipCredentialsValidation: true,
          skipMetadataApiCheck: true,
          skipRequestingAccountId: true,
        }),
  };
}

function localPath(folder: string, stack: string): string {
  return `${folder.startsWith("/") ? folder : `${TO_ROOT}/${folder}`}/${stack}${STATE_ENDING}`;
}
