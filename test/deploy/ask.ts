import { request } from "node:https";

export interface Asked {
  /** An address of this machine to come from; 127.0.0.0/8 is all of it. */
  from?: string;
  method?: "GET" | "POST";
  headers?: Record<string, string>;
  body?: string | Buffer;
}

/** One request over TLS, on a connection of its own, that may come from another address than this process's. */
export function ask(url: string, asked: Asked = {}): Promise<{ status: number; text: string }> {
  const { from, method = "GET", headers = {}, body } = asked;
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, agent: false, ...(from && { localAddress: from }) });
    sent.once("response", async (response) => {
      let text = "";
      for await (const chunk of response.setEncoding("utf8")) text += chunk;
      resolve({ status: response.statusCode ?? 0, text });
    });
    sent.once("error", reject);
    sent.end(body);
  });
}
