import type { TerraformResource } from "cdktf";
import type { Environment } from "../environments/environment.ts";

/**
 * Marks a resource that holds work or data: its address is pinned, so that code can move without Terraform replacing it, and
 * the environment may forbid destroying it.
 */
export function holdsState(resource: TerraformResource, logicalId: string, { protection }: Environment): void {
  resource.overrideLogicalId(logicalId);
  if (protection.preventDestroy) resource.lifecycle = { ...resource.lifecycle, preventDestroy: true };
}
