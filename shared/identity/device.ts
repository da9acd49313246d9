export const deviceApps = ["wechat", "browser", "tool"] as const;
export const deviceSystems = ["android", "iphone", "ipad", "windows", "mac", "linux", "other"] as const;
export type DeviceApp = (typeof deviceApps)[number];
export type DeviceSystem = (typeof deviceSystems)[number];

/** What a household recognises a device by; nothing that tells two phones of one make apart on the net. */
export interface Device {
  app: DeviceApp;
  system: DeviceSystem;
}

const systems: readonly [RegExp, DeviceSystem][] = [
  [/iPad/, "ipad"],
  [/iPhone|iPod/, "iphone"],
  [/Android|HarmonyOS|OpenHarmony/, "android"],
  [/Windows/, "windows"],
  [/Macintosh|Mac OS/, "mac"],
  [/Linux|CrOS|X11/, "linux"],
];

/** Reads a User-Agent header, once, when a session begins; the header itself is not kept. */
export function deviceOf(userAgent: string): Device {
  const system = systems.find(([pattern]) => pattern.test(userAgent))?.[1] ?? "other";
  const app = /MicroMessenger/i.test(userAgent)
    ? "wechat"
    : /Mozilla\/\d/.test(userAgent)
      ? "browser"
      : "tool";
  return { app, system };
}

/** As stored: "wechat-android". */
export const deviceLabel = ({ app, system }: Device): string => `${app}-${system}`;

/** Reads a stored label; what another version or a program wrote is an unknown tool. */
export function parseDevice(label: string): Device {
  const [first, second] = label.split("-");
  return {
    app: deviceApps.find((app) => app === first) ?? "tool",
    system: deviceSystems.find((system) => system === second) ?? "other",
  };
}
