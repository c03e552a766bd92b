import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer as createTlsServer, connect } from "node:tls";
import type { AddressInfo } from "node:net";
import { hostname, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test, type TestContext } from "node:test";
import { readCertificate } from "../../src/security/certificate.ts";
import { CertificateUnusableError } from "../../src/security/certificate-errors.ts";
import { isLoopback, namesOf, reachableAt } from "../../src/security/hosts.ts";
import { certificateIn, temporaryCertificate } from "../../src/security/stored-certificate.ts";
import { generateCertificate } from "../../src/security/generated-certificate.ts";

const NOW = Date.now();
const only = (...hosts: string[]) => ({ lasting: hosts, all: hosts });
const DAY = 24 * 60 * 60 * 1000;

async function directory(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "sluice-test-"));
  t.after(() => rm(path, { recursive: true, force: true }));
  return path;
}

test("certificate – a client that knows the authority trusts it for every host, and for no other", async (t) => {
  const made = await generateCertificate(["localhost", "127.0.0.1", "::1"], NOW);
  const server = createTlsServer({ cert: made.chain, key: made.key }, (socket) => socket.end());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const asked = (ca: Buffer | undefined) =>
    new Promise<string>((resolve) => {
      const socket = connect({ port, host: "127.0.0.1", servername: "", ca }, () => {
        resolve("trusted");
        socket.destroy();
      });
      socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    });
  assert.equal(await asked(made.authority), "trusted");
  assert.notEqual(await asked(undefined), "trusted");
  const certificate = new X509Certificate(made.chain);
  assert.ok(certificate.checkHost("localhost") && certificate.checkIP("::1"));
  assert.equal(certificate.checkHost("elsewhere"), undefined);
  assert.equal(certificate.ca, false);
});

test("certificate – it is made once, and the key is its owner's alone", async (t) => {
  const data = await directory(t);
  const first = await certificateIn(data, only("localhost"), NOW);
  const second = await certificateIn(data, only("localhost"), NOW + DAY);
  assert.deepEqual(second.chain, first.chain);
  const folder = dirname(first.authorityFile);
  assert.equal((await stat(join(folder, "server.key"))).mode & 0o777, 0o600);
  assert.equal((await stat(folder)).mode & 0o777, 0o700);
  assert.equal(second.authorityFile, first.authorityFile);
  assert.deepEqual((await readdir(folder)).toSorted(), ["ca.crt", "server.crt", "server.key"]);
});

const WORN: Readonly<Record<string, (folder: string) => Promise<{ hosts?: string[]; now?: number }>>> = {
  "for another host": async () => ({ hosts: ["localhost", "10.0.0.7"] }),
  "not valid yet": async () => ({ now: NOW - 10 * DAY }),
  "soon over": async () => ({ now: NOW + 800 * DAY }),
  "cut short": async (folder) => {
    const path = join(folder, "server.crt");
    await writeFile(path, (await readFile(path)).subarray(0, 100));
    return {};
  },
  "without its key": async (folder) => {
    await rm(join(folder, "server.key"));
    return {};
  },
  "with another key": async (folder) => {
    await writeFile(join(folder, "server.key"), (await generateCertificate(["localhost"], NOW)).key);
    return {};
  },
  "with another authority": async (folder) => {
    await writeFile(join(folder, "ca.crt"), (await generateCertificate(["localhost"], NOW)).authority);
    return {};
  },
};
for (const [what, wear] of Object.entries(WORN)) {
  test(`certificate – one that is ${what} is made anew`, async (t) => {
    const data = await directory(t);
    const first = await certificateIn(data, only("localhost"), NOW);
    const { hosts = ["localhost"], now = NOW } = await wear(dirname(first.authorityFile));
    const second = await certificateIn(data, only(...hosts), now);
    assert.notDeepEqual(second.chain, first.chain);
    assert.deepEqual((await certificateIn(data, only(...hosts), now)).chain, second.chain);
  });
}

test("certificate – clients go on knowing it when the machine has got another address, and not another name", async (t) => {
  const data = await directory(t);
  const at = (address: string, name = "db") => ({ lasting: ["localhost", name], all: ["localhost", name, address] });
  const first = await certificateIn(data, at("10.0.0.7"), NOW);
  assert.equal(new X509Certificate(first.chain).checkIP("10.0.0.7"), "10.0.0.7");
  assert.deepEqual((await certificateIn(data, at("10.0.0.8"), NOW)).chain, first.chain);
  assert.notDeepEqual((await certificateIn(data, at("10.0.0.8", "db2"), NOW)).chain, first.chain);
});

test("certificate – one in memory leaves nothing behind", async () => {
  const certificate = await temporaryCertificate(only("localhost"), NOW);
  assert.match(await readFile(certificate.authorityFile, "utf8"), /BEGIN CERTIFICATE/);
  await certificate.discard();
  await assert.rejects(stat(dirname(certificate.authorityFile)));
});

test("certificate – a given one that is no use is refused by file and fault", async (t) => {
  const folder = await directory(t);
  const cert = join(folder, "cert.pem");
  const key = join(folder, "key.pem");
  const made = await generateCertificate(["localhost"], NOW);
  const other = await generateCertificate(["localhost"], NOW);
  const refused = async (path: string, fault: RegExp, now = NOW) => {
    await assert.rejects(readCertificate({ cert, key }, now), (error) => {
      assert.ok(error instanceof CertificateUnusableError);
      assert.equal(error.path, path);
      assert.match(error.message, fault);
      return true;
    });
  };
  await refused(cert, /cannot be read/);
  await writeFile(cert, "no certificate");
  await writeFile(key, other.key);
  await refused(cert, /not a certificate/);
  await writeFile(cert, made.chain);
  await refused(key, /belongs to another/);
  await writeFile(key, "no key");
  await refused(key, /not a private key/);
  await writeFile(key, made.key);
  await writeFile(cert, new X509Certificate(made.chain).raw);
  await refused(cert, /not accepted .*no start line/);
  await writeFile(cert, `${String(made.chain)}-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----\n`);
  await refused(cert, /not accepted \(/);
  await writeFile(cert, made.chain);
  await refused(cert, /valid from .* clock is right\. Give a certificate/, NOW - 10 * DAY);
  await refused(cert, /valid until/, NOW + 900 * DAY);
  assert.deepEqual(await readCertificate({ cert, key }, NOW), { chain: made.chain, key: made.key });
});

test("hosts – what only this machine reaches", () => {
  for (const host of ["127.0.0.1", "127.1.2.3", "::1", "localhost", "LOCALHOST", "::ffff:127.0.0.1"]) {
    assert.equal(isLoopback(host), true, host);
  }
  for (const host of ["0.0.0.0", "::", "192.168.1.2", "localhost.example.com", "example.com", "", "::ffff:10.0.0.1"]) {
    assert.equal(isLoopback(host), false, host);
  }
});

test("hosts – a certificate names what clients may call the server", () => {
  const here = ["localhost", "127.0.0.1", "::1"];
  assert.deepEqual(namesOf("127.0.0.1"), { lasting: here, all: here });
  assert.ok(namesOf("10.1.2.3").lasting.includes("10.1.2.3"));
  const everywhere = namesOf("0.0.0.0");
  assert.ok(!everywhere.all.includes("0.0.0.0"));
  assert.deepEqual(new Set(everywhere.lasting), new Set([...here, hostname()]));
  assert.ok(everywhere.lasting.every((name) => everywhere.all.includes(name)));
});

test("hosts – listening everywhere, clients are told an address that they understand", () => {
  // No official client reads an IPv6 address in a connection string.
  assert.deepEqual(["0.0.0.0", "::", "[::]"].map(reachableAt), ["127.0.0.1", "localhost", "localhost"]);
  assert.deepEqual(["db", "10.1.2.3", "fd00::1"].map(reachableAt), ["db", "10.1.2.3", "[fd00::1]"]);
});
