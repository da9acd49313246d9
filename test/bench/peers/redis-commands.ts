import { createClient } from "redis";

/** Commands a Redis has served so far, less the two of which this count itself consists. */
export async function countCommands(url: string): Promise<number> {
  const client = createClient({ url });
  client.on("error", () => undefined);
  await client.connect();
  const stats = await client.info("stats");
  client.destroy();
  return Number(/total_commands_processed:(\d+)/.exec(stats)?.[1]);
}
