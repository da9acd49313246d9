import { rm } from "node:fs/promises";
import { nanoid } from "nanoid";
import { compose } from "../../server/compose.ts";
import { toConfig } from "../../server/config/config.ts";
import type { EventData } from "../../shared/wire/contract.ts";
import { seedCourtyard } from "../server/seeded.ts";
import { makeScratch } from "../services/scratch.ts";
import { answerQuestions } from "./control.ts";

/** Events told in one unit of work. */
const atOnce = 250;

const dataDir = await makeScratch("measured-app");
const seeded = await seedCourtyard({ dataDir }, 4);
const app = await compose(toConfig({ PORT: "0", DATA_DIR: dataDir, LOG_LEVEL: "silent" }));
const { port } = await app.start();
process.once("SIGTERM", async () => {
  await app.close();
  await rm(dataDir, { recursive: true, force: true });
  process.exit(0);
});
const { community_id: communityId } = await app.storage.db
  .selectFrom("courtyards")
  .select("community_id")
  .executeTakeFirstOrThrow();

const message = (): EventData<"chat.message-was-posted"> =>
  ({ channelId: seeded.channelId, message: { messageId: nanoid(), text: "晾衣区".repeat(40) } }) as never;

await answerQuestions({
  place: () => ({
    url: `http://127.0.0.1:${port}`,
    tokens: seeded.households.slice(0, 2).map(({ token }) => token),
  }),
  tell: async (count) => {
    for (let told = 0; told < count; told += atOnce) {
      await app.log.write(communityId, async ({ tell }) => {
        for (let n = 0; n < atOnce; n++)
          tell("chat.message-was-posted", message(), { courtyard: seeded.courtyardId, building: null });
      });
    }
  },
});
