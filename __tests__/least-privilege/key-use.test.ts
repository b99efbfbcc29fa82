import { describe, expect, it } from "vitest";
import { keyUseStatements } from "../../modules/key-use.ts";

const KEY = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

describe("the use of the key", () => {
  it("is allowed through the services that are named, each action by its own", () => {
    const use = { decrypt: ["dynamodb", "sqs"], generateDataKey: ["sqs"] } as const;
    expect(keyUseStatements(KEY, "us-east-1", use)).toEqual([
      {
        sid: "DecryptThroughServices",
        actions: ["kms:Decrypt"],
        resources: [KEY],
        condition: { StringEquals: { "kms:ViaService": ["dynamodb.us-east-1.amazonaws.com", "sqs.us-east-1.amazonaws.com"] } },
      },
      {
        sid: "EncryptThroughServices",
        actions: ["kms:GenerateDataKey"],
        resources: [KEY],
        condition: { StringEquals: { "kms:ViaService": ["sqs.us-east-1.amazonaws.com"] } },
      },
    ]);
  });

  it("has no statement for what no service is asked for: an empty condition would be none", () => {
    const statements = keyUseStatements(KEY, "us-east-1", { decrypt: ["dynamodb"], generateDataKey: [] });
    expect(statements.map(({ sid }) => sid)).toEqual(["DecryptThroughServices"]);
  });

  it("names services in China by both of their domains", () => {
    const [decrypt] = keyUseStatements(KEY, "cn-north-1", { decrypt: ["s3"], generateDataKey: [] });
    expect(decrypt?.condition).toEqual({
      StringEquals: { "kms:ViaService": ["s3.cn-north-1.amazonaws.com", "s3.cn-north-1.amazonaws.com.cn"] },
    });
  });
});
