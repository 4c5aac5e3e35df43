// Opens a day and a month of the register, scrolls the month for some seconds and goes to its oldest line. Arguments: how many
// lines the month has, number of its oldest, seconds; callback.
const done = arguments[arguments.length - 1];
const [lines, oldest, seconds] = arguments;
const list = () => document.querySelector('#register-list');
const frame = () => new Promise((next) => requestAnimationFrame(next));
const rows = () => Number(document.querySelector('#register-list table')?.getAttribute('aria-rowcount') ?? 0) - 1;
const drawn = () => document.querySelectorAll('#register-list tbody tr').length;
async function until(there) {
  while (!there()) await frame();
}
async function chosen(tab, there) {
  const began = performance.now();
  document.querySelector(`[data-testid="tab-${tab}"]`).click();
  await until(there);
  await frame();
  return performance.now() - began;
}
async function frames(during) {
  const took = [];
  let before = await frame();
  const last = before + seconds * 1000;
  while (before < last) {
    during();
    const now = await frame();
    took.push(now - before);
    before = now;
  }
  return took;
}
async function measure() {
  await until(() => drawn() > 0);
  const open = await chosen('month', () => rows() === lines);
  const short = await chosen('today', () => rows() < lines && drawn() > 0);
  await chosen('month', () => rows() === lines);
  const idle = await frames(() => undefined);
  let most = 0;
  const moving = await frames(() => {
    list().scrollTop += 400;
    most = Math.max(most, drawn());
  });
  const began = performance.now();
  document.dispatchEvent(new KeyboardEvent('keydown', { key: 'End', bubbles: true }));
  await until(() => document.querySelector(`[data-testid="register-${oldest}"]`));
  done({ open, short, idle, frames: moving, drawn: most, end: performance.now() - began });
}
void measure();
