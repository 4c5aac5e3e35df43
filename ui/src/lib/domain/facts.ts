// What a driver tells of its device, in words.
import type { DeviceFact } from '$lib/backend/contract';
import { say } from '$lib/shared/strings.svelte';

/** One line: each fact by the words of its value, else by those of its key. */
export function factWords(facts: DeviceFact[]): string {
  const words = ({ key, value }: DeviceFact) =>
    say(`fact.${key}.${value}`, {}, say(`fact.${key}`, { value }, `${key} ${value}`.trim()));
  return facts.map(words).join(', ');
}
