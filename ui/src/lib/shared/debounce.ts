/**
 * Runs `work` once, `wait` ms after the last call, and no later than `atMost` ms after the first that waits; `flush` runs it at
 * once if it is waiting, and `drop` never.
 */
export function debounce<A extends unknown[]>(work: (...args: A) => unknown, wait: number, atMost = Infinity) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last: A | undefined;
  let since = 0;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (last === undefined) return undefined;
    const args = last;
    last = undefined;
    return work(...args);
  };
  const drop = () => {
    clearTimeout(timer);
    last = undefined;
  };
  const call = (...args: A) => {
    if (last === undefined) since = Date.now();
    last = args;
    clearTimeout(timer);
    timer = setTimeout(flush, Math.min(wait, Math.max(0, since + atMost - Date.now())));
  };
  return Object.assign(call, { flush, drop });
}
