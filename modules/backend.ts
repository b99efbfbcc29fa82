import { realpathSync } from "node:fs";
import path from "node:path";
import {
  App,
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
import { literal } from "./registry-item.ts";
import { STATE_ENDING, statePrefix } from "./state-places.ts";

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
    new LocalBackend(stack, { path: localPath(stack, backend.path, name) });
  }
}

/** The state of another stack, for reading its outputs. */
export function stateOf(stack: TerraformStack, other: string, environment: Environment): TerraformRemoteState {
  const { backend } = environment;
  if (backend.kind === "s3") return new DataTerraformRemoteStateS3(stack, other, s3Config(backend, environment, other));
  if (backend.kind === "local") {
    // Of a data source Terraform evaluates the text; of a backend in JSON it takes it as it stands.
    return new DataTerraformRemoteStateLocal(stack, other, { path: literal(localPath(stack, backend.path, other)) });
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

/** Terraform runs in the stack's folder, `cdktf.out/stacks/<stack>` or where the CDKTF command asks for it: a link may lead there. */
function localPath(stack: TerraformStack, folder: string, name: string): string {
  const place = path.join(realpathSync(App.of(stack).outdir), "stacks", stack.node.id);
  const from = path.isAbsolute(folder) ? folder : path.join(path.relative(place, realpathSync(".")), folder);
  return `${from}/${name}${STATE_ENDING}`;
}
