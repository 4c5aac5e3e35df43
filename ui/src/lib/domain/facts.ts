// What a driver tells of its device, in words.
import type { DeviceFact } from '$lib/backend/contract';
import { say, t } from '$lib/shared/strings.svelte';

/** One line: each fact by the words of its value, else by those of its key. */
export function factWords(facts: DeviceFact[]): string {
  const words = ({ key, value }: DeviceFact) =>
    key === 'sbi'
      ? sbi(value)
      : say(`fact.${key}.${value}`, {}, say(`fact.${key}`, { value }, `${key} ${value}`.trim()));
  return facts.map(words).join(', ');
}

/** Version of the interface and what the device reads at once, in words where it is one of the standard's. */
function sbi(value: string): string {
  const [version = '', ...kind] = value.split(' ');
  const words = say(`fact.sbi_kind.${kind.join('_').toLowerCase()}`, {}, kind.join(' '));
  return [t('fact.sbi', { value: version }), words].filter((word) => word !== '').join(', ');
}
