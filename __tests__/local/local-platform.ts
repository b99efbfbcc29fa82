import { type PlatformClients, platformClients } from "../../local/aws/clients.ts";
import { type Emulators, startEmulators } from "../../local/aws/emulator-process.ts";
import { awsEnvironment, type Endpoints } from "../../local/aws/endpoints.ts";

/** Emulators for one test file, with the platform's own clients. */
export interface EmulatedServices {
  readonly emulators: Emulators;
  readonly endpoints: Endpoints;
  readonly clients: PlatformClients;
  readonly stop: () => Promise<void>;
}

export async function emulatedServices(): Promise<EmulatedServices> {
  const emulators = await startEmulators();
  const endpoints = emulators.endpoints as Endpoints;
  const clients = platformClients(endpoints, awsEnvironment(endpoints, "", {}));
  return {
    emulators,
    endpoints,
    clients,
    stop: async () => {
      for (const client of Object.values(clients)) client.destroy();
      await emulators.stop();
    },
  };
}
