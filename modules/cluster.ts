import { EcsCluster } from "@cdktf/provider-aws/lib/ecs-cluster/index.js";
import { EcsClusterCapacityProviders } from "@cdktf/provider-aws/lib/ecs-cluster-capacity-providers/index.js";
import { Construct } from "constructs";
import type { Environment } from "../environments/environment.ts";
import { createLogGroup } from "./log-group.ts";
import { platformNames } from "./names.ts";

/** The ECS cluster in which each job type is a service. */
export class Cluster extends Construct {
  readonly arn: string;
  readonly name: string;

  constructor(scope: Construct, id: string, environment: Environment, keyArn: string) {
    super(scope, id);
    const { cluster: name, containerInsights } = platformNames(environment);
    // ECS would make it with the first task, for ever and without the key.
    const insights = createLogGroup(this, "container-insights", environment, { name: containerInsights, keyArn });
    const cluster = new EcsCluster(this, "cluster", {
      name,
      setting: [{ name: "containerInsights", value: "enabled" }],
      dependsOn: [insights],
    });
    new EcsClusterCapacityProviders(this, "capacity-providers", {
      clusterName: cluster.name,
      capacityProviders: ["FARGATE", "FARGATE_SPOT"],
    });
    this.arn = cluster.arn;
    this.name = cluster.name;
  }
}
