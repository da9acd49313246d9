import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { waitForScene } from "../browser/wall-time.ts";
import { go } from "./steps.ts";
import type { Studio } from "./studio.ts";

const folder = join(import.meta.dirname, "../../docs/pictures");

/** The three pictures of the README: a resident's phone, the facilitator's laptop, the wall. */
export async function takePictures(studio: Studio): Promise<void> {
  await mkdir(folder, { recursive: true });
  const save = (name: string) => ({ path: join(folder, `${name}.png`), scale: "css" as const });

  const resident = await studio.look("resident", "phone", "zh-CN");
  await go(resident, "/board");
  await resident.page.screenshot({ ...save("resident"), scale: "device" });
  await resident.page.context().close();

  const facilitator = await studio.look("facilitator", "laptop", "zh-CN");
  await go(facilitator, "/facilitate");
  await facilitator.page.setViewportSize({ width: 1280, height: 1000 });
  await facilitator.page.screenshot(save("facilitator"));
  await facilitator.page.context().close();

  const kiosk = await studio.look("kiosk", "wall", "zh-CN");
  await go(kiosk, "/kiosk");
  await waitForScene(kiosk.page, "样东西可以借");
  await kiosk.page.setViewportSize({ width: 1280, height: 720 });
  await kiosk.page.screenshot(save("kiosk"));
  await kiosk.page.context().close();
}
