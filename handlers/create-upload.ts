import { callSettings, dynamoDbDocumentClient } from "@autoscaling-job-queues/domain/clients";
import { readEnvironment } from "@autoscaling-job-queues/domain/environment";
import { newUploadId } from "@autoscaling-job-queues/domain/job-files";
import { JobTypeRegistry } from "@autoscaling-job-queues/domain/job-type-registry";
import { LINK_SECONDS } from "@autoscaling-job-queues/domain/limits";
import { apiHandler } from "./http/api-handler.ts";
import { Validator } from "./http/validator.ts";
import { createUpload } from "./jobs/create-upload.ts";
import { uploadSigner } from "./jobs/upload-signer.ts";
import { lambdaTelemetry } from "./telemetry.ts";

const { jobTypesTableName, resultsBucket } = readEnvironment(["jobTypesTableName", "resultsBucket"]);

/** The *create upload* Lambda. Its role is that of the links which it signs: it may store uploads, and nothing else. */
export const handler = apiHandler(
  {
    createUpload: createUpload({
      registry: new JobTypeRegistry(dynamoDbDocumentClient(), jobTypesTableName),
      validator: new Validator(),
      resultsBucket,
      signUpload: uploadSigner(callSettings(), LINK_SECONDS),
      now: Date.now,
      newUpload: newUploadId,
    }),
  },
  lambdaTelemetry(),
);
