/** The one that stands `step` places from `one` in the list, at most its first or last; the first when `one` is not in it. */
export function neighbour<T>(list: readonly T[], one: T | null, step: number): T | null {
  const at = list.findIndex((other) => other === one);
  return list[at < 0 ? 0 : Math.min(list.length - 1, Math.max(0, at + step))] ?? null;
}
