import { buildWhenChanged } from "./build-when-changed.ts";
import { BUNDLES } from "./builds.ts";
import { failed } from "./failed.ts";

/** `npm run build`. */
buildWhenChanged(BUNDLES).catch(failed);
