/**
 * A small registry of images for tests, over HTTP on port 5000 of this computer: `tools/node:1` from one layer, given as a
 * tar file, and `tools/slow:1`, the same with a layer that never comes to its end. Tells each request as a line, and
 * `gone` when a download was broken off. A line `move` on its input lets `tools/node:1` mean another image. Ends with its
 * input.
 */
import { createHash } from 'node:crypto';
import { createReadStream, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';

const [layerFile = ''] = process.argv.slice(2);
const tell = (line) => process.stdout.write(`${line}\n`);
const digestOf = (bytes) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const layer = { digest: digestOf(readFileSync(layerFile)), size: statSync(layerFile).size };
const endless = { digest: `sha256:${'a'.repeat(64)}`, size: 1024 ** 3 };

/** Blobs that are short, by digest; and manifests, by `name:tag` and by digest. */
const blobs = new Map();
const manifests = new Map();

function image(name, { digest, size }, comment) {
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
  const rootfs = { type: 'layers', diff_ids: [digest] };
  const config = Buffer.from(JSON.stringify({ architecture, os: 'linux', comment, config: {}, rootfs }));
  blobs.set(digestOf(config), config);
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
      config: {
        mediaType: 'application/vnd.docker.container.image.v1+json',
        size: config.length,
        digest: digestOf(config),
      },
      layers: [{ mediaType: 'application/vnd.docker.image.rootfs.diff.tar', size, digest }],
    }),
  );
  manifests.set(name, manifest);
  manifests.set(`${name.split(':')[0]}:${digestOf(manifest)}`, manifest);
}
image('tools/node:1', layer, 'first');
image('tools/slow:1', endless, 'slow');

const server = createServer((request, answer) => {
  tell(`${request.method} ${request.url}`);
  const [, name, kind, what] = /^\/v2\/(.+)\/(manifests|blobs)\/(.+)$/.exec(request.url) ?? [];
  if (kind === undefined) return answer.writeHead(request.url === '/v2/' ? 200 : 404).end();
  if (kind === 'manifests') {
    const manifest = manifests.get(`${name}:${what}`);
    if (manifest === undefined) return answer.writeHead(404).end();
    answer.writeHead(200, {
      'Content-Type': 'application/vnd.docker.distribution.manifest.v2+json',
      'Content-Length': manifest.length,
      'Docker-Content-Digest': digestOf(manifest),
    });
    return answer.end(request.method === 'HEAD' ? undefined : manifest);
  }
  const short = blobs.get(what);
  if (short !== undefined) return answer.writeHead(200, { 'Content-Length': short.length }).end(short);
  if (what === layer.digest) {
    answer.writeHead(200, { 'Content-Length': layer.size });
    return createReadStream(layerFile).pipe(answer);
  }
  answer.writeHead(200, { 'Content-Length': endless.size });
  const more = setInterval(() => answer.write(Buffer.alloc(4 * 1024 * 1024)), 50);
  answer.on('close', () => {
    clearInterval(more);
    tell('gone');
  });
});
server.listen(5000, '127.0.0.1', () => tell('ready'));
createInterface({ input: process.stdin })
  .on('line', () => image('tools/node:1', layer, 'second'))
  .on('close', () => process.exit());
