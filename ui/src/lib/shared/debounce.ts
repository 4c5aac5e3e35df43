/** Runs `work` once, `wait` ms after the last call; `flush` runs it at once if it is waiting. */
export function debounce<A extends unknown[]>(work: (...args: A) => unknown, wait: number) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last: A | undefined;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (last === undefined) return undefined;
    const args = last;
    last = undefined;
    return work(...args);
  };
  const call = (...args: A) => {
    last = args;
    clearTimeout(timer);
    timer = setTimeout(flush, wait);
  };
  return Object.assign(call, { flush });
}
