/** Inputs that the demo submits. */
export async function samples(): Promise<readonly { name: string; input: unknown }[]> {
  return [
    { name: "a greeting", input: { op: "echo", value: "hello" } },
    { name: "a nested value", input: { op: "echo", value: { region: "eu-central-1", checks: ["queue", "table", "topic"] } } },
    { name: "more than ASCII", input: { op: "echo", value: "Grüße, 你好, 🐤" } },
  ];
}
