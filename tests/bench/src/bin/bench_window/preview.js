// Shows the camera as the capture screen does (newest frame wins, one animation frame each) and notes how old each
// picture is when it is drawn. Arguments: seconds; callback.
const done = arguments[arguments.length - 1];
const seconds = arguments[0];
const shell = window.__TAURI_INTERNALS__;
const canvas = document.createElement('canvas');
canvas.width = 960;
canvas.height = 540;
for (const [k, v] of Object.entries({ position: 'fixed', left: '0', top: '0', zIndex: '9999' })) canvas.style[k] = v;
document.body.append(canvas);
const context = canvas.getContext('2d', { alpha: false });
const ages = [];
const bare = [];
let waiting = null;
let painting = false;
let first = null;
let dropped = 0;
const ack = (seq) => void started.then((number) => shell.invoke('preview_ack', { number, seq })).catch(() => undefined);
function read(buffer) {
  const length = new DataView(buffer).getUint32(0);
  const measure = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  const jpeg = new Uint8Array(buffer, 4 + length);
  let micros = 0;
  for (let n = 7; n >= 0; n -= 1) micros = micros * 128 + jpeg[6 + n];
  return { measure, sent: micros / 1000, jpeg: new Blob([jpeg], { type: 'image/jpeg' }) };
}
async function paint() {
  if (painting) return;
  painting = true;
  while (waiting) {
    const { measure, sent, jpeg } = read(waiting);
    waiting = null;
    const began = performance.now();
    const bitmap = await createImageBitmap(jpeg);
    bare.push(performance.now() - began);
    await new Promise((next) => requestAnimationFrame(next));
    context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    const now = performance.now();
    first ??= now;
    // The first second is the stream's beginning.
    if (now - first > 1000) ages.push(performance.timeOrigin + now - sent);
    ack(measure.seq);
  }
  painting = false;
}
const id = shell.transformCallback(({ message }) => {
  if (!(message instanceof ArrayBuffer)) return;
  if (waiting) {
    dropped += 1;
    ack(read(waiting).measure.seq);
  }
  waiting = message;
  void paint();
});
const started = shell.invoke('preview', { role: 'camera', id: null, slap: null, channel: `__CHANNEL__:${id}` });
started.then(
  (number) =>
    setTimeout(() => {
      const took = (performance.now() - first - 1000) / 1000;
      canvas.remove();
      void shell.invoke('preview_stop', { number });
      done({ ages, decode: bare, dropped, fps: ages.length / took });
    }, (seconds + 1) * 1000),
  (problem) => done({ problem: JSON.stringify(problem) }),
);
