// TLS for a relay of these tests, under a certificate that nobody has signed: browsers are told to take it.

import path from "node:path";
import { run } from "./child.ts";
import { freePort, type Scene } from "./processes.ts";

export interface TlsAddress {
  readonly origin: string;
  /** Of the relay's configuration. */
  readonly lines: readonly string[];
}

export async function newTlsAddress({ directory }: Scene): Promise<TlsAddress> {
  const port = await freePort();
  const [certificate, key] = ["certificate.pem", "key.pem"].map((name) => path.join(directory, name));
  await run({
    command: "openssl",
    args: [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"],
      ...["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"],
      ...["-keyout", key ?? "", "-out", certificate ?? ""],
    ],
  });
  const lines = [
    "[tls]",
    `listen = "127.0.0.1:${port}"`,
    `certificate_file = "${certificate}"`,
    `key_file = "${key}"`,
  ];
  return { origin: `https://127.0.0.1:${port}`, lines };
}
