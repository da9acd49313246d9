import { createServer } from "node:net";

/**
 * A TCP port on 127.0.0.1 that nobody listens on at this moment.
 * Another process may take it before its user does, so a service that fails to start should ask for the next one.
 */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => {
        if (address && typeof address === "object") resolve(address.port);
        else reject(new Error("the system gave no port"));
      });
    });
  });
}
