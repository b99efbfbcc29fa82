import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy/index.js";
import { Construct } from "constructs";
import type { Environment } from "../environments/environment.ts";
import { roleName } from "./names.ts";
import { type PolicyStatement, policyDocument } from "./policy-document.ts";

interface ServiceRoleSettings {
  /** After the prefixes of the environment. */
  readonly name: string;
  readonly description: string;
  /** Who may assume it, such as `ecs-tasks.amazonaws.com`. */
  readonly service: string;
  /** Of the trust; Lambda offers none. */
  readonly condition?: PolicyStatement["condition"];
  readonly statements: readonly PolicyStatement[];
}

/** A role of an AWS service with one inline policy, named and bounded as the organization asks. */
export class ServiceRole extends Construct {
  readonly arn: string;
  /** What depends on it is destroyed before the role loses its rights. */
  readonly policy: IamRolePolicy;

  constructor(scope: Construct, id: string, environment: Environment, settings: ServiceRoleSettings) {
    super(scope, id);
    const { path, permissionsBoundaryArn } = environment.roles;
    const { name, description, service, condition, statements } = settings;
    const role = new IamRole(this, "role", {
      name: roleName(environment, name),
      path,
      description,
      assumeRolePolicy: policyDocument([
        {
          sid: "Assume",
          principal: { Service: service },
          actions: ["sts:AssumeRole"],
          ...(condition === undefined ? {} : { condition }),
        },
      ]),
      ...(permissionsBoundaryArn === undefined ? {} : { permissionsBoundary: permissionsBoundaryArn }),
    });
    // Its ID is not known before the role is made anew, and then neither is the policy's: a name would be, and the new role would
    // stay without a policy (hashicorp/terraform-provider-aws, issue 46270).
    this.policy = new IamRolePolicy(this, "policy", { name, role: role.id, policy: policyDocument(statements) });
    this.arn = role.arn;
  }
}
