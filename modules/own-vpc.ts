import { DefaultSecurityGroup } from "@cdktf/provider-aws/lib/default-security-group/index.js";
import { Eip } from "@cdktf/provider-aws/lib/eip/index.js";
import { InternetGateway } from "@cdktf/provider-aws/lib/internet-gateway/index.js";
import { NatGateway } from "@cdktf/provider-aws/lib/nat-gateway/index.js";
import { Route } from "@cdktf/provider-aws/lib/route/index.js";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table/index.js";
import { RouteTableAssociation } from "@cdktf/provider-aws/lib/route-table-association/index.js";
import { Subnet } from "@cdktf/provider-aws/lib/subnet/index.js";
import { Vpc } from "@cdktf/provider-aws/lib/vpc/index.js";
import { Construct } from "constructs";
import type { Environment, OwnNetwork } from "../environments/environment.ts";
import { addFlowLogs } from "./flow-logs.ts";
import { subnetRange, ZONE_LETTERS } from "./subnet-ranges.ts";

const EVERYWHERE = "0.0.0.0/0";
/** Private subnets take the ranges from 0 on, public ones from here on, each in the order of the zones' letters. */
const FIRST_PUBLIC_RANGE = 8;

/** A VPC with flow logs, an empty default security group, and one task subnet in each zone. */
export class OwnVpc extends Construct {
  readonly vpcId: string;
  readonly cidr: string;
  /** Of the tasks. */
  readonly subnetIds: readonly string[];
  readonly routeTableId: string;
  readonly #vpc: Vpc;
  readonly #zones: readonly string[];
  readonly #environment: Environment;

  constructor(scope: Construct, id: string, environment: Environment, network: OwnNetwork, keyArn: string) {
    super(scope, id);
    const { kind, cidr, zones } = network;
    this.cidr = cidr;
    this.#zones = zones;
    this.#environment = environment;
    this.#vpc = new Vpc(this, "vpc", {
      cidrBlock: cidr,
      enableDnsSupport: true,
      enableDnsHostnames: true,
      tags: named(environment),
    });
    this.vpcId = this.#vpc.id;
    // Managed without any rule, it lets nothing through.
    new DefaultSecurityGroup(this, "default-security-group", { vpcId: this.vpcId, tags: named(environment, "default") });
    addFlowLogs(this, environment, { vpcId: this.vpcId, keyArn });
    const gateway =
      kind === "private-with-endpoints"
        ? undefined
        : new InternetGateway(this, "internet", { vpcId: this.vpcId, tags: named(environment) });
    const publicSubnets = gateway === undefined ? undefined : this.#subnets("public", FIRST_PUBLIC_RANGE);
    if (gateway !== undefined && publicSubnets !== undefined) {
      new Route(this, "public-to-internet", {
        routeTableId: publicSubnets.routeTableId,
        destinationCidrBlock: EVERYWHERE,
        gatewayId: gateway.id,
      });
    }
    const tasks = kind === "public" && publicSubnets !== undefined ? publicSubnets : this.#subnets("private", 0);
    if (kind === "private-with-nat" && gateway !== undefined) {
      const nat = this.#natGateway(publicSubnets?.subnetIds[0] ?? "", gateway);
      new Route(this, "private-to-nat", {
        routeTableId: tasks.routeTableId,
        destinationCidrBlock: EVERYWHERE,
        natGatewayId: nat.id,
      });
    }
    this.subnetIds = tasks.subnetIds;
    this.routeTableId = tasks.routeTableId;
  }

  /** Public addresses are given to tasks by their service, never by the subnet. */
  #subnets(kind: "public" | "private", firstRange: number) {
    const table = new RouteTable(this, `${kind}-routes`, { vpcId: this.vpcId, tags: named(this.#environment, kind) });
    const subnetIds = this.#zones.map((zone) => {
      const subnet = new Subnet(this, `${kind}-${zone}`, {
        vpcId: this.vpcId,
        availabilityZone: zone,
        cidrBlock: subnetRange(this.cidr, firstRange + placeOf(zone)),
        mapPublicIpOnLaunch: false,
        tags: named(this.#environment, `${kind}-${zone}`),
      });
      new RouteTableAssociation(this, `${kind}-${zone}-routes`, { subnetId: subnet.id, routeTableId: table.id });
      return subnet.id;
    });
    return { subnetIds, routeTableId: table.id };
  }

  /** One for all zones: a second one doubles the cost of an idle platform, and queues wait out the loss of a zone. */
  #natGateway(subnetId: string, gateway: InternetGateway): NatGateway {
    const address = new Eip(this, "nat-address", { domain: "vpc", tags: named(this.#environment, "nat") });
    return new NatGateway(this, "nat", {
      allocationId: address.allocationId,
      subnetId,
      tags: named(this.#environment),
      dependsOn: [gateway],
    });
  }
}

/** A zone has its range whatever other zones there are: 0 for `us-east-1a`. So changing the zones moves no subnet. */
function placeOf(zone: string): number {
  return ZONE_LETTERS.indexOf(zone.slice(-1));
}

/** What has no name of its own is found by this tag in AWS's console. */
function named({ namePrefix }: Environment, part?: string) {
  return { Name: part === undefined ? namePrefix : `${namePrefix}-${part}` };
}
