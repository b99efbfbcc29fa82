import { EcrLifecyclePolicy } from "@cdktf/provider-aws/lib/ecr-lifecycle-policy/index.js";
import { EcrRepository } from "@cdktf/provider-aws/lib/ecr-repository/index.js";
import { Construct } from "constructs";
import type { Environment } from "../environments/environment.ts";
import { jobTypeNames } from "./names.ts";
import { holdsState } from "./protection.ts";

/** Images kept for rolling back. */
const KEPT_IMAGES = 20;

interface ImageRepositorySettings {
  readonly jobType: string;
  readonly keyArn: string;
}

/** The repository of a job type's images. A tag never changes its meaning. */
export class ImageRepository extends Construct {
  readonly url: string;
  readonly arn: string;

  constructor(scope: Construct, id: string, environment: Environment, { jobType, keyArn }: ImageRepositorySettings) {
    super(scope, id);
    const repository = new EcrRepository(this, "repository", {
      name: jobTypeNames(environment, jobType).repository,
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfiguration: [{ encryptionType: "KMS", kmsKey: keyArn }],
      forceDelete: !environment.protection.preventDestroy,
    });
    holdsState(repository, "image_repository", environment);
    new EcrLifecyclePolicy(this, "lifecycle", {
      repository: repository.name,
      policy: JSON.stringify({
        rules: [
          {
            rulePriority: 1,
            description: `Keep the latest ${KEPT_IMAGES} images`,
            selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: KEPT_IMAGES },
            action: { type: "expire" },
          },
        ],
      }),
    });
    this.url = repository.repositoryUrl;
    this.arn = repository.arn;
  }
}
