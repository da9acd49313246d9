import { readFileSync, writeFileSync } from "node:fs";
import { protocolPage } from "../docs/protocol.ts";
import { withSettings } from "../docs/settings.ts";

const docs = new URL("../../docs/", import.meta.url);

writeFileSync(new URL("protocol.md", docs), protocolPage());
const operating = new URL("operating.md", docs);
writeFileSync(operating, withSettings(readFileSync(operating, "utf8")));
