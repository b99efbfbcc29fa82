import { readFile } from "node:fs/promises";

const LIGHTHOUSE = `The keeper of the lighthouse kept two books. In the first he wrote what the sea did: “wind from the west, a swell,
three ships before noon.” In the second he wrote what he had expected of it.

In his first year the two books hardly agreed. The sea didn't mind. In his tenth year they agreed on most days — and he
began to read the second book only, since it was finished earlier. In his eleventh year a ship ran onto the rocks on a
night for which the second book had promised calm.

He burned the second book. Of the first he kept every page, and he said to whoever asked: “What I expect, I know already.”
`;

const COFFEE = `Ein Kaffee, bitte – und für meine Freundin einen Café crème.
Un café, s’il vous plaît, et pour mon amie un « café crème ».
Una tazza di caffè, per favore. È già pronta? Sì, è pronta!
コーヒーをください。ありがとう。
Кофе, пожалуйста. Спасибо!
☕ ☕ 🥐
`;

const SERVICES = ["checkout", "catalogue", "payments", "search"];
const EVENTS = [
  "request served",
  "cache miss",
  "request served",
  "connection reset by peer",
  "request served",
  "retry scheduled",
];

function accessLog(lines: number): string {
  const line = (n: number): string => {
    const minute = String(Math.floor(n / 60) % 60).padStart(2, "0");
    const second = String(n % 60).padStart(2, "0");
    return `12:${minute}:${second} ${SERVICES[(n * 7) % SERVICES.length]} ${EVENTS[(n * 5) % EVENTS.length]} in ${(n * 37) % 400} ms`;
  };
  return Array.from({ length: lines }, (_, n) => line(n)).join("\n");
}

/** Inputs that the demo submits. */
export async function samples(): Promise<readonly { name: string; input: unknown }[]> {
  return [
    { name: "a short story", input: { text: LIGHTHOUSE } },
    { name: "coffee in five languages", input: { text: COFFEE, top: 5 } },
    { name: "an hour of an access log", input: { text: accessLog(3_600), top: 20 } },
    { name: "the manual of this job type", input: { text: await readFile(new URL("./README.md", import.meta.url), "utf8") } },
  ];
}
