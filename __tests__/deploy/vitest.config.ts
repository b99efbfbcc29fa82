import { defineConfig, mergeConfig } from "vitest/config";
import { shared } from "../../vitest.shared.ts";

/**
 * `npm run test:deploy`: applies the Terraform to a local AWS, and runs what it deployed. It takes some minutes.
 *
 * It needs, and says what to install where it finds none:
 *
 * - Terraform 1.11 or newer, as `terraform` in the PATH or named in `TERRAFORM_BINARY`;
 * - a Python with `moto[server]` 5.2, found in the PATH or among pyenv's versions, or named in `MOTO_PYTHON`;
 * - the AWS provider of `environments/emulated.ts`, in a mirror (a folder that holds `registry.terraform.io/hashicorp/aws`)
 *   that is found below the usual folders or named in `TERRAFORM_PROVIDER_MIRROR`, or else from registry.terraform.io;
 * - the CDKTF command in `tools/cdktf`, which `npm run test:deploy` installs where it is missing.
 *
 * What happens, in this order: moto_server starts on a free port (`moto_server.py` says what it mends); the
 * platform, `canary`, `word-count` and `order-totals` are applied, each with its own state in a bucket of moto. Then the files
 * `*.deploy-test.ts` run. Where moto's answers make a second plan want a change, `known-differences.ts` lists it by address and
 * attribute. The logs of Terraform, moto, Lambdas and workers are in `.local/deploy/` until the next run.
 */
const config = mergeConfig(
  shared,
  defineConfig({
    test: {
      root: new URL("../..", import.meta.url).pathname,
      globalSetup: ["__tests__/deploy/setup.ts"],
      testTimeout: 900_000,
      hookTimeout: 300_000,
      teardownTimeout: 60_000,
    },
  }),
);
// Merging lists would add to the fast tests, and leave this folder out.
config.test.include = ["__tests__/deploy/**/*.deploy-test.ts"];
config.test.exclude = ["**/node_modules/**"];

export default config;
