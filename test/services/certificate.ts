import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

export interface Certificate {
  certificateFile: string;
  keyFile: string;
  /** PEM, for a client that shall trust it. */
  pem: string;
}

/** A certificate for 127.0.0.1 that signs itself, good for a day, in two files of `directory`. */
export function makeCertificate(directory: string): Certificate {
  const certificateFile = join(directory, "fullchain.pem");
  const keyFile = join(directory, "privkey.pem");
  execFileSync(
    "openssl",
    [
      ...[
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "1",
      ],
      ...["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"],
      ...["-keyout", keyFile, "-out", certificateFile],
    ],
    { stdio: "pipe" },
  );
  return { certificateFile, keyFile, pem: readFileSync(certificateFile, "utf8") };
}
