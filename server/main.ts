import { serve } from "./cli/serve.ts";
import { readEnv } from "./config/env.ts";

// What a stop past its deadline left open must not keep the process alive.
process.exit(await serve(readEnv()));
