import { describe, expect, it } from "vitest";
import type { EnvironmentSettings } from "../../environments/environment.ts";
import { subnetRange } from "../../modules/subnet-ranges.ts";
import { buildEnvironment, only, ref, resources, synthesized } from "./synthesized.ts";

type Network = EnvironmentSettings["network"];

const own = (kind: "private-with-endpoints" | "private-with-nat" | "public"): Network => ({
  kind,
  cidr: "10.20.0.0/16",
  zones: ["us-east-1a", "us-east-1b"],
});

const existing: Network = {
  kind: "existing",
  vpcId: "vpc-0123456789abcdef0",
  subnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
};

const withNetwork = async (network: Network) => await synthesized(buildEnvironment({ network }));

describe("the network", () => {
  it.each([[existing], [own("private-with-endpoints")], [own("private-with-nat")], [own("public")]])(
    "lets nothing into the tasks, and only HTTPS out: %o",
    async (network) => {
      const { platform } = await withNetwork(network);
      expect(resources(platform, "aws_vpc_security_group_egress_rule")).toMatchObject([
        { from_port: 443, to_port: 443, ip_protocol: "tcp", description: expect.stringMatching(/./) },
      ]);
      const tasks = ref("aws_security_group.network_tasks.id");
      const inbound = resources(platform, "aws_vpc_security_group_ingress_rule");
      expect(
        inbound.filter(({ security_group_id, cidr_ipv4 }) => security_group_id === tasks || cidr_ipv4 !== undefined),
      ).toEqual([]);
      for (const group of resources(platform, "aws_security_group")) {
        expect(group.description.length).toBeGreaterThan(10);
        expect([group.ingress, group.egress]).toEqual([undefined, undefined]);
      }
    },
  );

  it.each([own("private-with-endpoints"), own("private-with-nat"), own("public")])(
    "logs flows and empties the default group: %o",
    async (network) => {
      const { platform } = await withNetwork(network);
      expect(only(platform, "aws_flow_log")).toMatchObject({ traffic_type: "ALL" });
      expect(only(platform, "aws_default_security_group").ingress).toBeUndefined();
      expect(resources(platform, "aws_subnet").filter(({ map_public_ip_on_launch }) => map_public_ip_on_launch)).toEqual([]);
    },
  );

  it("uses an existing VPC as it is", async () => {
    const { platform } = await withNetwork(existing);
    expect(["aws_vpc", "aws_subnet", "aws_vpc_endpoint"].map((type) => resources(platform, type).length)).toEqual([0, 0, 0]);
    expect(platform.output?.subnet_ids?.value).toEqual(["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]);
  });

  it("reaches AWS through endpoints alone where there is no way to the internet", async () => {
    const { platform } = await withNetwork(own("private-with-endpoints"));
    expect(
      resources(platform, "aws_vpc_endpoint").map(({ service_name }) => service_name.replace("com.amazonaws.us-east-1.", "")),
    ).toEqual(["dynamodb", "ecr.api", "ecr.dkr", "logs", "s3", "sns", "sqs"]);
    expect(["aws_internet_gateway", "aws_nat_gateway", "aws_route"].flatMap((type) => resources(platform, type))).toEqual([]);
  });

  it("has one endpoint of a service, also where an environment names one that the platform needs anyway", async () => {
    const services = ["secretsmanager", "s3", "sqs", "ecr.api"];
    const { platform } = await withNetwork({ ...own("private-with-endpoints"), services } as Network);
    const names: string[] = resources(platform, "aws_vpc_endpoint").map(({ service_name }) => service_name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toHaveLength(8);
    expect(names).toContain("com.amazonaws.us-east-1.secretsmanager");
  });

  it("finds the services in China by the names that they have there", async () => {
    const network: Network = {
      kind: "private-with-endpoints",
      cidr: "10.20.0.0/16",
      zones: ["cn-north-1a"],
      services: ["lambda", "secretsmanager"],
    };
    const { platform } = await synthesized(buildEnvironment({ region: "cn-north-1", network }));
    const names = ["lambda", "secretsmanager", "dynamodb", "ecr-api", "ecr-dkr", "logs", "s3", "sns", "sqs"].map(
      (service) => platform.resource.aws_vpc_endpoint?.[`network_${service}-endpoint`]?.service_name,
    );
    expect(names).toEqual([
      "cn.com.amazonaws.cn-north-1.lambda",
      "com.amazonaws.cn-north-1.secretsmanager",
      "com.amazonaws.cn-north-1.dynamodb",
      "cn.com.amazonaws.cn-north-1.ecr.api",
      "cn.com.amazonaws.cn-north-1.ecr.dkr",
      "com.amazonaws.cn-north-1.logs",
      "com.amazonaws.cn-north-1.s3",
      "com.amazonaws.cn-north-1.sns",
      "cn.com.amazonaws.cn-north-1.sqs",
    ]);
  });

  it.each([own("private-with-endpoints"), own("private-with-nat"), own("public")])(
    "bounds what passes every endpoint where there is no other way out: %o",
    async (network) => {
      const { platform } = await withNetwork(network);
      const bounded = resources(platform, "aws_vpc_endpoint").filter(({ policy }) => policy !== undefined);
      expect(bounded).toHaveLength(network.kind === "private-with-endpoints" ? 7 : 0);
    },
  );

  it("has one NAT gateway in a public subnet, and the tasks in private ones", async () => {
    const { platform, jobType } = await withNetwork(own("private-with-nat"));
    expect(only(platform, "aws_nat_gateway").subnet_id).toBe(ref("aws_subnet.network_own_public-us-east-1a.id"));
    expect(platform.output?.subnet_ids?.value).toEqual([
      ref("aws_subnet.network_own_private-us-east-1a.id"),
      ref("aws_subnet.network_own_private-us-east-1b.id"),
    ]);
    expect(only(jobType, "aws_ecs_service").network_configuration.assign_public_ip).toBe(false);
  });

  it("gives tasks public addresses in public subnets only", async () => {
    const { jobType } = await withNetwork(own("public"));
    expect(only(jobType, "aws_ecs_service").network_configuration.assign_public_ip).toBe(true);
  });

  it("moves no subnet when its zones change", async () => {
    const ranges = async (zones: readonly string[]) => {
      const { platform } = await withNetwork({ kind: "private-with-nat", cidr: "10.20.0.0/16", zones });
      const subnets = resources(platform, "aws_subnet").map(({ availability_zone, cidr_block, tags }) => [
        tags.Name.replace("jobs-test-", ""),
        `${availability_zone} ${cidr_block}`,
      ]);
      return Object.fromEntries(subnets) as Record<string, string>;
    };
    const before = await ranges(["us-east-1a", "us-east-1b"]);
    const after = await ranges(["us-east-1c", "us-east-1b"]);
    expect(before).toEqual({
      "private-us-east-1a": "us-east-1a 10.20.0.0/20",
      "private-us-east-1b": "us-east-1b 10.20.16.0/20",
      "public-us-east-1a": "us-east-1a 10.20.128.0/20",
      "public-us-east-1b": "us-east-1b 10.20.144.0/20",
    });
    expect(after["private-us-east-1b"]).toBe(before["private-us-east-1b"]);
    expect(after["public-us-east-1b"]).toBe(before["public-us-east-1b"]);
    const all = Object.values({ ...before, ...after });
    expect(new Set(all.map((subnet) => subnet.split(" ")[1])).size).toBe(all.length);
  });

  it("names all that has no name of its own", async () => {
    const { platform } = await withNetwork(own("private-with-nat"));
    const types = ["aws_vpc", "aws_subnet", "aws_route_table", "aws_internet_gateway", "aws_nat_gateway", "aws_eip"];
    for (const type of [...types, "aws_default_security_group"]) {
      for (const { tags } of resources(platform, type)) expect(tags?.Name, type).toMatch(/^jobs-test/);
    }
  });

  it("divides its range into sixteen", () => {
    expect([0, 1, 15].map((index) => subnetRange("10.20.0.0/16", index))).toEqual([
      "10.20.0.0/20",
      "10.20.16.0/20",
      "10.20.240.0/20",
    ]);
    expect(subnetRange("172.16.16.0/20", 3)).toBe("172.16.19.0/24");
  });
});
