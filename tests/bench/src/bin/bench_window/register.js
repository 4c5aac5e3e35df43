// Opens a day and a month of the register, scrolls the month for some seconds and jumps: to its oldest line, to its middle by the
// scroll bar, to its newest. Arguments: how many lines the month has, number of its oldest, seconds; callback.
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
const LINE = 43;
const at = (place) => document.querySelector(`#register-list tr[data-event][aria-rowindex="${place + 2}"]`);
const press = (key) => document.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
async function jump(go, there) {
  const began = performance.now();
  go();
  await until(there);
  return performance.now() - began;
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
  const end = await jump(
    () => press('End'),
    () => document.querySelector(`[data-testid="register-${oldest}"]`),
  );
  const half = Math.floor(lines / 2);
  const middle = await jump(
    () => (list().scrollTop = half * LINE),
    () => at(half),
  );
  const home = await jump(
    () => press('Home'),
    () => at(0),
  );
  done({ open, short, idle, frames: moving, drawn: most, end, middle, home });
}
void measure();
