import path from "node:path";
import type { SettingRule } from "@autoscaling-job-queues/domain/parse-settings";
import type { Environment } from "./environment.ts";

/**
 * What keeps two environments apart: names in their account, and the places of their states. A region does not, since roles and
 * dashboards are the account's, and no name but the bucket's has a region in it (docs/decisions/0026).
 */
export function neighbourRules(environment: Environment, other: Environment): readonly SettingRule[] {
  const { accountId, namePrefix, backend, region, api } = environment;
  const theirs = `environment ${JSON.stringify(other.name)}`;
  const rules: SettingRule[] = [
    {
      setting: "namePrefix",
      given: namePrefix,
      holds: accountId !== other.accountId || !meet(`${namePrefix}-`, `${other.namePrefix}-`),
      allowed: `a prefix that does not meet ${other.namePrefix}-, which ${theirs} has in the same account: neither may begin with the other`,
    },
    {
      setting: "roles.namePrefix",
      given: environment.roles.namePrefix,
      holds: accountId !== other.accountId || !meet(rolesOf(environment), rolesOf(other)),
      allowed: `one with which the names of roles, now ${rolesOf(environment)}..., do not meet those of ${theirs} in the same account, ${rolesOf(other)}...: neither may begin with the other, in whatever case of letters (IAM)`,
    },
    {
      setting: "api.domain.name",
      given: api.domain?.name,
      // In a region a name is one API's, whatever the accounts (API Gateway: custom domain names).
      holds: api.domain === undefined || region !== other.region || api.domain.name !== other.api.domain?.name,
      allowed: `a name that is not also that of ${theirs}, in the same region`,
    },
  ];
  if (backend.kind === "local" && other.backend.kind === "local") {
    const holds = path.resolve(backend.path) !== path.resolve(other.backend.path);
    rules.push({ setting: "backend.path", given: backend.path, holds, allowed: `a folder that is not also that of ${theirs}` });
  }
  if (backend.kind === "remote" && other.backend.kind === "remote") {
    const { hostname, organization, workspacePrefix } = backend;
    const same = hostname === other.backend.hostname && organization === other.backend.organization;
    rules.push({
      setting: "backend.workspacePrefix",
      given: workspacePrefix,
      holds: !same || !meet(workspacePrefix, other.backend.workspacePrefix),
      allowed: `a prefix that does not meet ${other.backend.workspacePrefix}, which ${theirs} has in the same organization: neither may begin with the other`,
    });
  }
  return rules;
}

/** What the names of an environment's roles begin with. */
export function rolePrefix({ roles, namePrefix }: Pick<Environment, "roles" | "namePrefix">): string {
  return `${roles.namePrefix}${namePrefix}-`;
}

/** IAM tells no two roles apart by the case of letters. */
const rolesOf = (environment: Environment): string => rolePrefix(environment).toLowerCase();

/** Whether a name that begins with one of them could begin with the other: `jobs-` and a type `eu-x` make `jobs-eu-` and `x`. */
function meet(one: string, other: string): boolean {
  return one.startsWith(other) || other.startsWith(one);
}
