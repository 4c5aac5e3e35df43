// The npm package tus-js-client against the centre: `node tus.mjs '<json>'` uploads one file under a station's certificate.
import { readFileSync } from 'node:fs';
import { DefaultHttpStack, Upload } from 'tus-js-client';

const ask = JSON.parse(process.argv[2]);
const read = (name) => readFileSync(`${ask.folder}/${name}`);
const tls = { ca: read('ca.pem'), cert: read('station.crt.pem'), key: read('station.key.pem') };
const heads = [];
const upload = new Upload(read(ask.file), {
  endpoint: ask.endpoint,
  chunkSize: ask.chunk,
  retryDelays: ask.checksum ? null : [50, 200, 1000],
  metadata: { part: ask.part, sha256: ask.sha256 },
  httpStack: new DefaultHttpStack(tls),
  onBeforeRequest(request) {
    if (request.getMethod() === 'PATCH' && ask.checksum) request.setHeader('Upload-Checksum', ask.checksum);
  },
  onAfterResponse(request, response) {
    if (request.getMethod() === 'HEAD') heads.push(Number(response.getHeader('Upload-Offset')));
  },
  onError(error) {
    console.log(JSON.stringify({ refused: error.originalResponse?.getStatus() ?? 0, heads, said: String(error) }));
  },
  onSuccess() {
    console.log(JSON.stringify({ location: upload.url, heads }));
  },
});
upload.start();
