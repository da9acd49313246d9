import { serve } from "./cli/serve.ts";
import { readEnv } from "./config/env.ts";

process.exitCode = await serve(readEnv());
