import { OBJECT_DAYS } from "@autoscaling-job-queues/domain/limits";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket/index.js";
import { S3BucketCorsConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-cors-configuration/index.js";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration/index.js";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls/index.js";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy/index.js";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block/index.js";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration/index.js";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning/index.js";
import { Construct } from "constructs";
import type { Environment } from "../environments/environment.ts";
import { providerKnows } from "../environments/provider-versions.ts";
import { platformNames } from "./names.ts";
import { denyWithoutTls, policyDocument } from "./policy-document.ts";
import { holdsState } from "./protection.ts";

/** The bucket of files, and of inputs, results and checkpoints that do not fit a job's item: private, encrypted, emptied as jobs expire. */
export class ResultsBucket extends Construct {
  readonly arn: string;
  readonly name: string;

  constructor(scope: Construct, id: string, environment: Environment, keyArn: string) {
    super(scope, id);
    const bucket = new S3Bucket(this, "bucket", {
      bucket: platformNames(environment).resultsBucket,
      forceDestroy: !environment.protection.preventDestroy,
    });
    holdsState(bucket, "results_bucket", environment);
    this.arn = bucket.arn;
    this.name = bucket.bucket;
    new S3BucketVersioningA(this, "versioning", { bucket: bucket.bucket, versioningConfiguration: { status: "Enabled" } });
    new S3BucketServerSideEncryptionConfigurationA(this, "encryption", {
      bucket: bucket.bucket,
      rule: [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn },
          bucketKeyEnabled: true,
          // S3's own default since 2026; unsaid, each plan would want to take it away (hashicorp/terraform-provider-aws, issue 47320).
          ...(providerKnows(environment.terraform.providerVersion, "blocked-encryption")
            ? { blockedEncryptionTypes: ["SSE-C"] }
            : {}),
        },
      ],
    });
    const access = new S3BucketPublicAccessBlock(this, "public-access", {
      bucket: bucket.bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    new S3BucketOwnershipControls(this, "ownership", {
      bucket: bucket.bucket,
      rule: { objectOwnership: "BucketOwnerEnforced" },
    });
    new S3BucketPolicy(this, "policy", {
      bucket: bucket.bucket,
      policy: policyDocument([
        denyWithoutTls("s3:*", [bucket.arn, `${bucket.arn}/*`]),
        {
          // A link that was signed without the header would replace what a job was added with. S3 has no conditional copies there, and
          // no multipart uploads either (S3 User Guide: enforce conditional writes): both would be refused.
          sid: "UploadsAreWrittenOnce",
          effect: "Deny",
          principal: "*",
          actions: ["s3:PutObject"],
          resources: [`${bucket.arn}/uploads/*`],
          condition: { Null: { "s3:if-none-match": "true" } },
        },
      ]),
      // S3 refuses two changes of a bucket's access at once.
      dependsOn: [access],
    });
    const { corsOrigins } = environment.api;
    if (corsOrigins.length > 0) {
      new S3BucketCorsConfiguration(this, "cors", {
        bucket: bucket.bucket,
        // What links take: downloads, which go on where they broke, and uploads with the headers that are signed.
        corsRule: [
          {
            allowedMethods: ["GET", "PUT"],
            allowedOrigins: [...corsOrigins],
            allowedHeaders: ["content-type", "if-none-match", "range"],
            maxAgeSeconds: 3_600,
          },
        ],
      });
    }
    new S3BucketLifecycleConfiguration(this, "lifecycle", {
      bucket: bucket.bucket,
      rule: Object.entries(OBJECT_DAYS).map(([folder, days]) => ({
        id: folder,
        status: "Enabled",
        filter: [{ prefix: `${folder}/` }],
        // Leaves a delete marker, as the bucket keeps versions; S3 removes it once it is as old as the rule says.
        expiration: [{ days }],
        noncurrentVersionExpiration: [{ noncurrentDays: 1 }],
        abortIncompleteMultipartUpload: [{ daysAfterInitiation: 1 }],
      })),
    });
  }
}
